import { LocalTime } from "#components/local-time.tsx";
import { Written } from "#components/written.tsx";
import type { Person } from "#lib/auth/operators/person.ts";
import { doorInWords } from "../../../account/security/door-in-words.ts";

/** How they can log in; nothing of it that would let somebody else. */
export function WaysIn({ person }: { person: Person }) {
  const { hasPassword, app, links, passkeys, appPasswords } = person;
  return (
    <section aria-labelledby="ways-in">
      <h2 id="ways-in">How they log in</h2>
      <ul className="steps">
        <li>{hasPassword ? "With a password" : "They have no password"}</li>
        {app ? (
          <li>
            An app for codes, added <LocalTime at={app.addedAt} withTime={false} />; {app.codesLeft} of 10 recovery
            codes left
          </li>
        ) : (
          <li>No app for codes</li>
        )}
        {links.map(({ issuer, subject, email, createdAt }) => (
          <li key={`${issuer} ${subject}`}>
            Google, as <Written>{email}</Written>, since <LocalTime at={createdAt} withTime={false} />
          </li>
        ))}
        {passkeys.map(({ id, name, lastUsedAt, endedAt }) => (
          <li key={id}>
            Passkey <Written>{name}</Written>, <LastUsed at={lastUsedAt} />
            {endedAt !== null && ", switched off since the password was changed"}
          </li>
        ))}
        {appPasswords.map(({ id, name, door, lastUsedAt }) => (
          <li key={id}>
            App password <Written>{name}</Written> for {doorInWords(door)}, <LastUsed at={lastUsedAt} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function LastUsed({ at }: { at: number | null }) {
  return at === null ? (
    "not used yet"
  ) : (
    <>
      last used <LocalTime at={at} />
    </>
  );
}
