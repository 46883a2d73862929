import { providerLinks } from "#lib/auth/factors/google/log-in.ts";
import { requireStrongest } from "#lib/pages/confirmed.ts";
import { nameOfLink } from "./link-names.ts";
import { PasswordForm } from "./password-form.tsx";

export default async function ChangePasswordPage() {
  // Before anything is typed, where an app for codes makes the old password not enough.
  const { account } = await requireStrongest("/account/password");
  const links = await providerLinks(account.id);
  return (
    <>
      <h1>Change your password</h1>
      <p>All your other devices will be logged out, and we tell you by mail.</p>
      <PasswordForm
        email={account.email}
        links={links.map((link) => ({ name: nameOfLink(link), email: link.email }))}
      />
      <p className="ways">
        <a href="/forgot-password">Forgot your password?</a>
        <a href="/account">Back to your account</a>
      </p>
    </>
  );
}
