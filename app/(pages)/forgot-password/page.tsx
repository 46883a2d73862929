import { AddressForm } from "#components/address-form.tsx";
import { forgotPasswordAction } from "./action.ts";

export default function ForgotPasswordPage() {
  return (
    <>
      <h1>Forgot your password?</h1>
      <p>Enter your e-mail address. If it has an account, we send a mail to set a new password.</p>
      <AddressForm action={forgotPasswordAction} title="Forgot your password?" submit="Send the mail" />
      <p className="ways">
        <a href="/login">Back to log in</a>
      </p>
    </>
  );
}
