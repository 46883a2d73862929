import { providerLinks } from "#lib/auth/factors/google/log-in.ts";
import { isLive } from "#lib/auth/factors/passkey/live.ts";
import { passkeysOf } from "#lib/auth/factors/passkey/manage.ts";
import { requireStrongest } from "#lib/pages/confirmed.ts";
import { PasswordForm } from "./password-form.tsx";
import { nameOfLink, nameOfPasskey } from "./way-names.ts";

export default async function ChangePasswordPage() {
  // Before anything is typed, where an app for codes makes the old password not enough.
  const { account } = await requireStrongest("/account/password");
  const [links, passkeys] = await Promise.all([providerLinks(account.id), passkeysOf(account.id)]);
  return (
    <>
      <h1>Change your password</h1>
      <p>All your other devices will be logged out, and we tell you by mail.</p>
      <PasswordForm
        email={account.email}
        links={links.map((link) => ({ name: nameOfLink(link), label: link.email }))}
        passkeys={passkeys.filter(isLive).map((passkey) => ({ name: nameOfPasskey(passkey), label: passkey.name }))}
      />
      <p className="ways">
        <a href="/forgot-password">Forgot your password?</a>
        <a href="/account">Back to your account</a>
      </p>
    </>
  );
}
