import { AddressForm } from "#components/address-form.tsx";
import { forgotPasswordAction } from "./action.ts";

export default function ForgotPasswordPage() {
  return (
    <>
      <h1>Forgot your password?</h1>
      <p>Tell us your address. If it has an account, a mail to set a new password goes there.</p>
      <AddressForm action={forgotPasswordAction} title="Forgot your password?" submit="Send the mail" />
      <p className="ways">
        <a href="/login">Back to log in</a>
      </p>
    </>
  );
}
