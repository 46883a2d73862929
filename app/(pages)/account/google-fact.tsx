import { SubmitButton } from "#components/submit-button.tsx";
import { unlinkGoogleAction } from "./action.ts";

/** The account's link to Google: as whom, and how to undo it where another way in is left. */
export function GoogleFact({ linkedAs, isOnlyWayIn }: { linkedAs: string; isOnlyWayIn: boolean }) {
  return (
    <div>
      <dt>Google</dt>
      <dd>
        <span className="address">{linkedAs}</span>
        {isOnlyWayIn ? (
          <p className="hint">Your only way in. To remove it, set a password first.</p>
        ) : (
          <form action={unlinkGoogleAction}>
            <SubmitButton look="quiet">Remove the link to Google</SubmitButton>
          </form>
        )}
      </dd>
    </div>
  );
}
