import { MailboxHint } from "#components/mailbox-hint.tsx";
import { Notice } from "#components/notice.tsx";
import { listInvitations, type SentInvitation } from "#lib/auth/invitations/list-invitations.ts";
import { LIMITS } from "#lib/auth/limits.ts";
import { inviteSubject } from "#lib/mail/templates/invite.tsx";
import { NOTICES, noticeOf } from "#lib/pages/notices.ts";
import type { SearchParams } from "#lib/pages/search-params.ts";
import { pageClient, requirePerson } from "#lib/pages/session.ts";
import { InvitationItem } from "./invitation-item.tsx";
import { InviteForm } from "./invite-form.tsx";
import { PROBLEMS, problemOf } from "./problems.ts";

export default async function InvitePage({ searchParams }: { searchParams: SearchParams }) {
  const { account } = await requirePerson("/invite");
  const params = await searchParams;
  const notice = noticeOf(params.notice);
  const problem = problemOf(params.problem);
  const invitations = await listInvitations({ inviter: account, client: await pageClient() });
  return (
    <>
      <h1>Invite someone</h1>
      {notice && <Notice>{NOTICES[notice]}</Notice>}
      {problem && <Notice tone="problem">{PROBLEMS[problem]}</Notice>}
      <p>
        They get a mail in your name, <b className="address">{account.email}</b>, with a link to create an account.
      </p>
      <p className="hint">
        An address gets one invitation a day, whoever sends it. You can send {LIMITS["invite-sender"].max} a day.
      </p>
      {/* A new one for each invitation sent: empty again, and ready for the next address. */}
      <InviteForm key={invitations[0]?.id} />
      <details className="preview">
        <summary>See the mail they get</summary>
        <p className="subject">
          <span className="hint">Subject:</span> {inviteSubject(account.email)}
        </p>
        {/* Loaded with the page: later the session may need renewing, which a frame cannot do. */}
        <iframe title="The mail they get" src="/invite/preview" sandbox="" />
      </details>
      <Sent invitations={invitations} />
      <p className="ways">
        <a href="/account">Back to your account</a>
      </p>
    </>
  );
}

function Sent({ invitations }: { invitations: SentInvitation[] }) {
  if (invitations.length === 0) return null;
  return (
    <section aria-labelledby="sent">
      <h2 id="sent">Sent invitations</h2>
      <MailboxHint />
      <ul className="rows">
        {invitations.map((one) => (
          <InvitationItem key={one.id} invitation={one} />
        ))}
      </ul>
    </section>
  );
}
