import { FocusedNotice } from "#components/focused-notice.tsx";
import { LocalTime } from "#components/local-time.tsx";
import { Notice } from "#components/notice.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { hasPassword } from "#lib/auth/accounts/accounts.ts";
import { providerLinks } from "#lib/auth/factors/google/log-in.ts";
import { isLive, passkeysOf } from "#lib/auth/factors/passkey/manage.ts";
import { listSessions } from "#lib/auth/sessions/sessions.ts";
import { MESSAGES } from "#lib/pages/messages.ts";
import { NOTICES, type NoticeName, noticeOf } from "#lib/pages/notices.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { requestId, requirePerson } from "#lib/pages/session.ts";
import { logOutAction, logOutEverywhereAction } from "./action.ts";
import { GoogleFact } from "./google-fact.tsx";
import { SessionItem } from "./session-item.tsx";

export default async function AccountPage({ searchParams }: { searchParams: SearchParams }) {
  const { account, session } = await requirePerson("/account");
  const query = await searchParams;
  const notice = noticeOf(query.notice);
  const page = pageOf(one(query.page));
  const [{ sessions, hasMore }, links, isPasswordSet, passkeys] = await Promise.all([
    listSessions({ accountId: account.id, present: session.id, page }),
    providerLinks(account.id),
    hasPassword(account.id),
    passkeysOf(account.id),
  ]);
  return (
    <>
      <PageTitle title="Your account" />
      <h1>Your account</h1>
      {notice &&
        (TAKES_ROW_AWAY.includes(notice) ? (
          <FocusedNotice key={await requestId()}>{NOTICES[notice]}</FocusedNotice>
        ) : (
          <Notice>{NOTICES[notice]}</Notice>
        ))}
      {query.problem === "last_way_in" && <Notice tone="problem">{MESSAGES.last_way_in}</Notice>}
      <dl className="facts">
        <div>
          <dt>E-mail address</dt>
          <dd className="address">{account.email}</dd>
        </div>
        {account.username && (
          <div>
            <dt>Username</dt>
            <dd className="address">{account.username}</dd>
          </div>
        )}
        <div>
          <dt>Member since</dt>
          <dd>
            <LocalTime at={account.createdAt} withTime={false} />
          </dd>
        </div>
        <div>
          <dt>How you log in</dt>
          <dd>
            {isPasswordSet ? (
              <a href="/account/password">Change password</a>
            ) : (
              <a href="/forgot-password">Set a password by mail</a>
            )}
          </dd>
          <dd>
            <a href="/account/security">Passkeys, codes from an app, app passwords</a>
          </dd>
        </div>
        <div>
          <dt>Invitations</dt>
          <dd>
            <a href="/invite">Invite someone</a>
          </dd>
        </div>
        <div>
          <dt>Your data</dt>
          <dd>
            <a href="/account/activity">What happened in your account</a>
          </dd>
          <dd>
            <a href="/account/data">Download your data, delete your account</a>
          </dd>
        </div>
        {links.length > 0 && <GoogleFact links={links} hasOtherWay={isPasswordSet || passkeys.some(isLive)} />}
      </dl>
      <section aria-labelledby="sessions">
        <h2 id="sessions">Where you are logged in</h2>
        <ul className="rows">
          {sessions.map((each) => (
            <SessionItem key={each.id} session={each} isThisOne={each.id === session.id} />
          ))}
        </ul>
        {sessions.length === 0 && <p>No more devices.</p>}
        {(page > 1 || hasMore) && (
          <nav aria-label="More devices" className="pair">
            {page > 1 && <a href={page > 2 ? `/account?page=${page - 1}` : "/account"}>Devices used more recently</a>}
            {hasMore && <a href={`/account?page=${page + 1}`}>Devices used less recently</a>}
          </nav>
        )}
      </section>
      <div className="pair">
        <form action={logOutAction}>
          <SubmitButton>Log out</SubmitButton>
        </form>
        <form action={logOutEverywhereAction}>
          <SubmitButton look="quiet">Log out everywhere</SubmitButton>
        </form>
      </div>
    </>
  );
}

/** What they say is done took its button off this page. */
const TAKES_ROW_AWAY: readonly NoticeName[] = ["session-ended", "google-unlinked"];

/** Which page of the devices; anything but a page's number is the first. */
function pageOf(value: string | undefined): number {
  return value && /^[1-9]\d{0,3}$/.test(value) ? Number(value) : 1;
}
