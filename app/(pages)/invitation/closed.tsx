import type { ReactNode } from "react";
import { PageTitle } from "#components/page-title.tsx";
import { WaysIn } from "#components/ways-in.tsx";

type State = "used" | "expired" | "superseded" | "withdrawn";

const CLOSED: Record<State, { title: string; story: (inviter: ReactNode) => ReactNode }> = {
  used: {
    title: "This invitation has been used",
    story: () => "An invitation works once. If you used it, log in.",
  },
  expired: {
    title: "This invitation has expired",
    story: (inviter) => (
      <>
        An invitation works for a limited time only. {inviter} can send you another, or you can create an account
        without one.
      </>
    ),
  },
  superseded: {
    title: "There is a newer invitation",
    story: (inviter) => (
      <>
        {inviter} has sent you a newer one, and only the newest link works. Look for that mail, or create an account
        without it.
      </>
    ),
  },
  withdrawn: {
    title: "This invitation was withdrawn",
    story: (inviter) => <>{inviter} has withdrawn it. You can create an account without an invitation.</>,
  },
};

/** An invitation that nobody can accept any more: why, and how to get in all the same. */
export function Closed({ state, inviter, email }: { state: State; inviter: string; email: string }) {
  const { title, story } = CLOSED[state];
  return (
    <>
      <PageTitle title={title} />
      <h1>{title}</h1>
      <p>{story(<b className="address">{inviter}</b>)}</p>
      <dl className="facts">
        <div>
          <dt>Invited address</dt>
          <dd className="address">{email}</dd>
        </div>
      </dl>
      <WaysIn />
    </>
  );
}
