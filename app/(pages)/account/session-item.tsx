import { LocalTime } from "#components/local-time.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { deviceName } from "#lib/auth/sessions/device-name.ts";
import type { Session } from "#lib/auth/sessions/sessions.ts";
import { endSessionAction } from "./action.ts";

export function SessionItem({ session, isThisOne }: { session: Session; isThisOne: boolean }) {
  const device = deviceName(session.userAgent);
  return (
    <li>
      <div>
        <p className="device">
          {session.kind === "pages" ? device : `An app: ${device}`} {isThisOne && <b className="here">This device</b>}
        </p>
        <p className="hint">
          Logged in <LocalTime at={session.createdAt} />
          {!isThisOne && (
            <>
              , last seen <LocalTime at={session.updatedAt} />
            </>
          )}
        </p>
      </div>
      {!isThisOne && (
        <form action={endSessionAction}>
          <input type="hidden" name="session" value={session.id} />
          <SubmitButton look="quiet">
            Log out<span className="unseen"> {device}</span>
          </SubmitButton>
        </form>
      )}
    </li>
  );
}
