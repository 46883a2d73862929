import { redirect } from "next/navigation";
import { renderSVG } from "uqr";
import { Notice } from "#components/notice.tsx";
import { AuthError } from "#lib/auth/errors.ts";
import { doorsUsedLately } from "#lib/auth/factors/app-password/app-passwords.ts";
import { keyToAdd } from "#lib/auth/factors/authenticator/enroll.ts";
import { DOORS } from "#lib/doors.ts";
import { requireConfirmed } from "#lib/pages/confirmed.ts";
import { doorInWords } from "../door-in-words.ts";
import { AddAppForm } from "./add-form.tsx";

export default async function AddAppPage() {
  const { account, session } = await requireConfirmed("/account/security/app");
  const { key, uri } = await keyToAdd({ account, session }).catch(toSecurity);
  const programs = (await doorsUsedLately(account.id)).filter(({ door }) => door !== DOORS.pages.name);
  return (
    <>
      <h1>Add an app for codes</h1>
      <ol className="steps">
        <li>Open an authenticator app on your phone. Any of them will do; so will most password managers.</li>
        <li>
          Scan this picture with it:
          <figure
            className="qr"
            // Drawn by the library from letters and digits of our own.
            // biome-ignore lint/security/noDangerouslySetInnerHtml: see above
            dangerouslySetInnerHTML={{ __html: pictureOf(uri) }}
          />
          <p>
            Or type this key into it: <code className="key">{inFours(key)}</code>
          </p>
        </li>
        <li>Enter the code that it shows then.</li>
      </ol>
      {programs.length > 0 && (
        <Notice>
          Programs have logged in to your account in the last 30 days, by{" "}
          {programs.map(({ door }) => doorInWords(door)).join(", ")}. They will be asked for a code too. For one that
          cannot send it, make an app password afterwards.
        </Notice>
      )}
      <AddAppForm />
      <p className="ways">
        <a href="/account/security">Cancel</a>
      </p>
    </>
  );
}

const pictureOf = (uri: string): string =>
  renderSVG(uri, { border: 2 }).replace("<svg ", '<svg role="img" aria-label="QR code with the key below" ');

/** Easier to read out and to type. */
const inFours = (key: string): string => key.match(/.{1,4}/g)?.join(" ") ?? key;

function toSecurity(error: unknown): never {
  if (error instanceof AuthError && error.code === "factor_exists") redirect("/account/security");
  throw error;
}
