import { PageTitle } from "#components/page-title.tsx";
import { WaysIn } from "#components/ways-in.tsx";
import { inspectInvitation } from "#lib/auth/invitations/inspect-invitation.ts";
import { tokenIn } from "#lib/mail/mailed-link.ts";
import type { SearchParams } from "#lib/pages/search-params.ts";
import { currentPerson } from "#lib/pages/session.ts";
import { AcceptForm } from "./accept-form.tsx";
import { Closed } from "./closed.tsx";
import { Member } from "./member.tsx";
import { SomebodyElse } from "./somebody-else.tsx";
import { stopPage } from "./stop-page.ts";

/** What a mailed invitation opens. Looking uses nothing up, since mail scanners open every link; only the button does. */
export default async function InvitationPage({ searchParams }: { searchParams: SearchParams }) {
  const token = tokenIn(await searchParams) ?? "";
  const invitation = await inspectInvitation({ token });
  if (invitation.state === "invalid") return <NoLinkOfOurs />;
  const { state, inviter, email, isMember } = invitation;
  const person = await currentPerson();
  const here = person?.account.email;
  if (isMember) return <Member email={email} token={token} here={here} isAccepted={state === "used"} />;
  if (state !== "ready") return <Closed state={state} inviter={inviter} email={email} />;
  if (here !== undefined) return <SomebodyElse inviter={inviter} email={email} here={here} token={token} />;
  return (
    <>
      <h1>You are invited</h1>
      <p>
        <b className="address">{inviter}</b> invites you to create a Latchkey account. Choose a password, and it is
        ready.
      </p>
      <AcceptForm email={email} token={token} />
      <p className="ways">
        <a href={stopPage(token)}>Do not mail me again</a>
      </p>
    </>
  );
}

function NoLinkOfOurs() {
  return (
    <>
      <PageTitle title="This link does not work" />
      <h1>This link does not work</h1>
      <p>
        It is incomplete, or the person who sent it no longer has an account. Mail programs sometimes cut a link in two:
        copy the whole link. You can also create an account without an invitation.
      </p>
      <WaysIn />
    </>
  );
}
