import { SubmitButton } from "#components/submit-button.tsx";
import { logOutAction, logOutEverywhereAction } from "./action.ts";

/** Log out, here or everywhere. */
export function WaysOut() {
  return (
    <div className="pair">
      <form action={logOutAction}>
        <SubmitButton>Log out</SubmitButton>
      </form>
      <form action={logOutEverywhereAction}>
        <SubmitButton look="quiet">Log out everywhere</SubmitButton>
      </form>
    </div>
  );
}
