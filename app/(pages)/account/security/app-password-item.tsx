import { LocalTime } from "#components/local-time.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import type { AppPassword } from "#lib/auth/factors/app-password/app-passwords.ts";
import { doorInWords } from "./door-in-words.ts";

export function AppPasswordItem({
  appPassword,
  action,
}: {
  appPassword: AppPassword;
  action: (form: FormData) => Promise<void>;
}) {
  const { id, name, door, createdAt, lastUsedAt } = appPassword;
  return (
    <li>
      <div>
        <p className="device">{name}</p>
        <p className="hint">For {doorInWords(door)}</p>
        <p className="hint">
          Made <LocalTime at={createdAt} withTime={false} />
          {lastUsedAt === null ? (
            ", not used yet"
          ) : (
            <>
              , last used <LocalTime at={lastUsedAt} />
            </>
          )}
        </p>
      </div>
      <form action={action}>
        <input type="hidden" name="id" value={id} />
        <SubmitButton look="quiet">
          Remove
          <span className="unseen"> {name}</span>
        </SubmitButton>
      </form>
    </li>
  );
}
