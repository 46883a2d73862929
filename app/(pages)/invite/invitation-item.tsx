import { LocalTime } from "#components/local-time.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import type { SentInvitation } from "#lib/auth/invitations/list-invitations.ts";
import { inviteAgainAction, withdrawAction } from "./action.ts";

/** One invitation: to whom, what became of it, and what can still be done about it. */
export function InvitationItem({ invitation }: { invitation: SentInvitation }) {
  const { id, to, state, nextAt } = invitation;
  const nameId = `invitation-${id}`;
  return (
    <li>
      <p className="address to" id={nameId}>
        {to}
      </p>
      <div>
        <p className="hint">
          <State of={invitation} />
        </p>
        {state !== "accepted" && nextAt !== 0 && (
          <p className="hint">
            {nextAt === null ? (
              "They asked for no more invitations."
            ) : (
              <>
                You can send again from <LocalTime at={nextAt} />.
              </>
            )}
          </p>
        )}
      </div>
      <div className="deeds">
        {state !== "accepted" && nextAt === 0 && (
          <form action={inviteAgainAction}>
            <input type="hidden" name="invitation" value={id} />
            <SubmitButton look="quiet" describedBy={nameId}>
              Send again
            </SubmitButton>
          </form>
        )}
        {state === "sent" && (
          <form action={withdrawAction}>
            <input type="hidden" name="invitation" value={id} />
            <SubmitButton look="quiet" describedBy={nameId}>
              Withdraw
            </SubmitButton>
          </form>
        )}
      </div>
    </li>
  );
}

function State({ of }: { of: SentInvitation }) {
  if (of.state !== "sent")
    return (
      <>
        <b className={of.state}>{ENDED[of.state]}</b> <LocalTime at={of.since} />
      </>
    );
  return (
    <>
      <b>Sent</b> <LocalTime at={of.createdAt} />
      {of.until !== null && (
        <>
          , valid until <LocalTime at={of.until} withTime={false} />
        </>
      )}
    </>
  );
}

const ENDED = { accepted: "Accepted", expired: "Expired", withdrawn: "Withdrawn" } as const;
