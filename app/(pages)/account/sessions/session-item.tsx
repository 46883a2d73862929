import { LocalTime } from "#components/local-time.tsx";
import { NetworkName } from "#components/network-name.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { deviceName } from "#lib/auth/sessions/device-name.ts";
import type { Session } from "#lib/auth/sessions/sessions.ts";
import { DOORS } from "#lib/doors.ts";
import { endSessionAction } from "./action.ts";

export function SessionItem({ session, isThisOne }: { session: Session; isThisOne: boolean }) {
  const device =
    session.kind === DOORS.pages.name ? deviceName(session.userAgent) : `An app: ${deviceName(session.userAgent)}`;
  return (
    <li>
      <div>
        <p className="device">
          {device} {isThisOne && <b className="here">This device</b>}
        </p>
        <p className="hint">
          {isThisOne ? (
            "In use now"
          ) : (
            <>
              Last used <LocalTime at={session.updatedAt} />
            </>
          )}
        </p>
        <p className="hint">
          Logged in <LocalTime at={session.createdAt} />
          {session.network !== null && (
            <>
              {" "}
              from <NetworkName network={session.network} />
            </>
          )}
        </p>
      </div>
      {!isThisOne && (
        <form action={endSessionAction}>
          <input type="hidden" name="session" value={session.id} />
          <SubmitButton look="quiet">
            Log out
            {/* Of several such buttons each says which device it ends, to whoever hears them one by one. */}
            <span className="unseen">
              {" "}
              {device}, last used <LocalTime at={session.updatedAt} />
            </span>
          </SubmitButton>
        </form>
      )}
    </li>
  );
}
