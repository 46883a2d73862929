import { redirect } from "next/navigation";
import { FocusedNotice } from "#components/focused-notice.tsx";
import { LocalTime } from "#components/local-time.tsx";
import { Notice } from "#components/notice.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { hasPassword } from "#lib/auth/accounts/accounts.ts";
import { providerLinks } from "#lib/auth/factors/google/log-in.ts";
import { isLive } from "#lib/auth/factors/passkey/live.ts";
import { passkeysOf } from "#lib/auth/factors/passkey/manage.ts";
import { pendingEmailChange } from "#lib/auth/proofs/request-email-change.ts";
import { MESSAGES } from "#lib/pages/messages.ts";
import { NOTICES, type NoticeName, noticeOf } from "#lib/pages/notices.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { requestId, requirePerson } from "#lib/pages/session.ts";
import { GoogleFact } from "./google-fact.tsx";
import { WaysOut } from "./ways-out.tsx";

/** Who one is here. The other parts of the account are in the navigation above it. */
export default async function AccountPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await searchParams;
  // The devices were listed here once, and people keep addresses.
  if (one(query.page) !== undefined) redirect(`/account/sessions?page=${encodeURIComponent(one(query.page) ?? "")}`);
  const { account } = await requirePerson("/account");
  const notice = noticeOf(query.notice);
  const [links, isPasswordSet, passkeys, change] = await Promise.all([
    providerLinks(account.id),
    hasPassword(account.id),
    passkeysOf(account.id),
    pendingEmailChange(account.id),
  ]);
  const name = `${account.firstName} ${account.lastName}`.trim();
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
          <dd>
            {change ? (
              <a href="/account/email">A new address waits to be confirmed</a>
            ) : (
              <a href="/account/email">Change e-mail address</a>
            )}
          </dd>
        </div>
        {name && <Fact name="Name" value={name} />}
        {account.username && <Fact name="Username" value={account.username} />}
        {account.phoneNumber && <Fact name="Phone number" value={account.phoneNumber} />}
        <div>
          <dt>Profile</dt>
          <dd>
            <a href="/account/profile">Edit your profile</a>
          </dd>
        </div>
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
        </div>
        {links.length > 0 && <GoogleFact links={links} hasOtherWay={isPasswordSet || passkeys.some(isLive)} />}
      </dl>
      <WaysOut />
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="address">{value}</dd>
    </div>
  );
}

/** What they say is done took its button off this page. */
const TAKES_ROW_AWAY: readonly NoticeName[] = ["session-ended", "google-unlinked"];
