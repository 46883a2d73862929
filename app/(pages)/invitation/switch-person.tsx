import { SubmitButton } from "#components/submit-button.tsx";
import { TokenField } from "#components/token-field.tsx";
import { logOutToAcceptAction } from "./action.ts";

/** Says who is logged in, and lets them log out and come back to the invitation, or stay who they are. */
export function SwitchPerson({ here, token, submit }: { here: string; token: string; submit: string }) {
  return (
    <>
      <p>
        You are logged in as <b className="address">{here}</b>.
      </p>
      <form className="form" action={logOutToAcceptAction}>
        <TokenField token={token} />
        <SubmitButton>{submit}</SubmitButton>
      </form>
      <p className="ways">
        <a href="/account">Stay logged in</a>
      </p>
    </>
  );
}
