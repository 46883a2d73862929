import { doorsUsedLately } from "#lib/auth/factors/app-password/app-passwords.ts";
import { DOORS } from "#lib/doors.ts";
import { requireConfirmed } from "#lib/pages/confirmed.ts";
import { doorInWords } from "../../door-in-words.ts";
import { AppPasswordForm } from "./new-form.tsx";

export default async function NewAppPasswordPage() {
  const { account } = await requireConfirmed("/account/security/app-passwords/new");
  const lately = (await doorsUsedLately(account.id)).map(({ door }) => door);
  const doors = Object.values(DOORS)
    .filter(({ takesAppPasswords }) => takesAppPasswords)
    .map(({ name }) => ({ name, label: doorInWords(name), isUsed: lately.includes(name) }));
  return (
    <>
      <h1>Make an app password</h1>
      <p>
        The program uses it in place of your password. It is shown once, and works until you remove it or set a new
        password.
      </p>
      <AppPasswordForm doors={doors} />
      <p className="ways">
        <a href="/account/security">Cancel</a>
      </p>
    </>
  );
}
