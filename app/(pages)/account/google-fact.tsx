import { SubmitButton } from "#components/submit-button.tsx";
import type { Identity } from "#lib/auth/factors/google/log-in.ts";
import { unlinkGoogleAction } from "./action.ts";

/** The account's links to Google: as whom, and how to undo each where another way in is left. */
export function GoogleFact({ links, hasOtherWay }: { links: Identity[]; hasOtherWay: boolean }) {
  const isOnlyWayIn = !hasOtherWay && links.length === 1;
  return (
    <div>
      <dt>Google</dt>
      {links.map(({ issuer, subject, email }) => (
        <dd key={`${issuer} ${subject}`}>
          <span className="address">{email}</span>
          {isOnlyWayIn ? (
            <p className="hint">Your only way to log in. To remove it, set a password first.</p>
          ) : (
            <form action={unlinkGoogleAction}>
              <input type="hidden" name="issuer" value={issuer} />
              <input type="hidden" name="subject" value={subject} />
              <SubmitButton look="quiet">Remove the link to Google</SubmitButton>
            </form>
          )}
        </dd>
      ))}
    </div>
  );
}
