import { providerLinks } from "#lib/auth/factors/google/log-in.ts";
import { isLive } from "#lib/auth/factors/passkey/live.ts";
import { passkeysOf } from "#lib/auth/factors/passkey/manage.ts";
import { clock } from "#lib/clock.ts";
import { requireStrongest } from "#lib/pages/confirmed.ts";
import { PasswordForm } from "./password-form.tsx";
import { nameOfLink, nameOfPasskey } from "./way-names.ts";

/** In ms. Whoever got in lately, and is to be thrown out by the new password, may have added a way in of their own. */
const NEW_FOR = 7 * 24 * 60 * 60_000;

export default async function ChangePasswordPage() {
  // Before anything is typed, where an app for codes makes the old password not enough.
  const { account } = await requireStrongest("/account/password");
  const [links, passkeys] = await Promise.all([providerLinks(account.id), passkeysOf(account.id)]);
  const age = ({ createdAt }: { createdAt: number }) => ({
    addedAt: createdAt,
    isNew: createdAt > clock() - NEW_FOR,
  });
  return (
    <>
      <h1>Change your password</h1>
      <p>All your other devices will be logged out, and we tell you by mail.</p>
      <PasswordForm
        email={account.email}
        links={links.map((link) => ({ name: nameOfLink(link), label: link.email, ...age(link) }))}
        passkeys={passkeys.filter(isLive).map((one) => ({ name: nameOfPasskey(one), label: one.name, ...age(one) }))}
      />
      <p className="ways">
        <a href="/forgot-password">Forgot your password?</a>
        <a href="/account">Back to your account</a>
      </p>
    </>
  );
}
