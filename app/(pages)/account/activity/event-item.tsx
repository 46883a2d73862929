import { LocalTime } from "#components/local-time.tsx";
import { NetworkName } from "#components/network-name.tsx";
import type { AccountEvent } from "#lib/auth/accounts/activity.ts";
import { DOORS } from "#lib/doors.ts";
import { eventInWords, isFromSomewhereNew } from "#lib/pages/event-words.ts";
import { doorInWords } from "../security/door-in-words.ts";

export function EventItem({ event, isThisOne }: { event: AccountEvent; isThisOne: boolean }) {
  const isLogIn = event.kind === "log_in";
  return (
    <li>
      <div>
        <p className="device">
          {eventInWords(event)} {isLogIn && isThisOne && <b className="here">This device</b>}
        </p>
        <p className="hint">
          <LocalTime at={event.at} />
        </p>
        <p className="hint">
          <ByWhat event={event} />
        </p>
        {isFromSomewhereNew(event) && <p className="hint">Neither the browser nor the network was known before.</p>}
        {isLogIn && !isThisOne && (
          <p>
            <a href={`/account/activity/not-me?log-in=${event.id}`}>
              This wasn’t me
              {/* Of several such links each says which log-in it is about, to whoever hears them one by one. */}
              <span className="unseen">
                : <LocalTime at={event.at} />
              </span>
            </a>
          </p>
        )}
      </div>
    </li>
  );
}

/** With which browser or program, from where, and by which contract. */
export function ByWhat({ event: { kind, browser, network, door } }: { event: AccountEvent }) {
  const isOfProgram = door !== null && door !== DOORS.pages.name;
  // An app password is made on the pages, and its door is what it opens.
  const isMade = kind === "app_password_made";
  return (
    <>
      {browser !== null && (isOfProgram && !isMade ? `An app: ${browser}` : browser)}
      {network !== null && (
        <>
          {" "}
          from <NetworkName network={network} />
        </>
      )}
      {isOfProgram && `, ${isMade ? "for" : "by"} ${doorInWords(door)}`}
    </>
  );
}
