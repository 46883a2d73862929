import { FocusedNotice } from "#components/focused-notice.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { listSessions } from "#lib/auth/sessions/sessions.ts";
import { NOTICES, noticeOf } from "#lib/pages/notices.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { requestId, requirePerson } from "#lib/pages/session.ts";
import { WaysOut } from "../ways-out.tsx";
import { SessionItem } from "./session-item.tsx";

const HERE = "/account/sessions";

export default async function SessionsPage({ searchParams }: { searchParams: SearchParams }) {
  const { account, session } = await requirePerson(HERE);
  const query = await searchParams;
  const notice = noticeOf(query.notice);
  const page = pageOf(one(query.page));
  const { sessions, hasMore } = await listSessions({ accountId: account.id, present: session.id, page });
  return (
    <>
      <PageTitle title="Where you are logged in" />
      <h1>Where you are logged in</h1>
      {/* What it says is done took its button off this page. */}
      {notice && <FocusedNotice key={await requestId()}>{NOTICES[notice]}</FocusedNotice>}
      <ul className="rows">
        {sessions.map((each) => (
          <SessionItem key={each.id} session={each} isThisOne={each.id === session.id} />
        ))}
      </ul>
      {sessions.length === 0 && <p>No more devices.</p>}
      {(page > 1 || hasMore) && (
        <nav aria-label="More devices" className="pair">
          {page > 1 && <a href={page > 2 ? `${HERE}?page=${page - 1}` : HERE}>Devices used more recently</a>}
          {hasMore && <a href={`${HERE}?page=${page + 1}`}>Devices used less recently</a>}
        </nav>
      )}
      <WaysOut />
    </>
  );
}

/** Which page of the devices; anything but a page's number is the first. */
function pageOf(value: string | undefined): number {
  return value && /^[1-9]\d{0,3}$/.test(value) ? Number(value) : 1;
}
