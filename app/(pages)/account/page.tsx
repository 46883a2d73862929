import { LocalTime } from "#components/local-time.tsx";
import { Notice } from "#components/notice.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { hasPassword } from "#lib/auth/accounts.ts";
import { providerLinks } from "#lib/auth/google-log-in.ts";
import { listSessions } from "#lib/auth/sessions.ts";
import { requirePerson } from "#lib/http/page-session.ts";
import { MESSAGES } from "../messages.ts";
import { NOTICES, noticeOf } from "../notices.ts";
import type { SearchParams } from "../search-params.ts";
import { logOutAction, logOutEverywhereAction } from "./action.ts";
import { GoogleFact } from "./google-fact.tsx";
import { SessionItem } from "./session-item.tsx";

export default async function AccountPage({ searchParams }: { searchParams: SearchParams }) {
  const { account, session } = await requirePerson("/account");
  const params = await searchParams;
  const notice = noticeOf(params.notice);
  const [sessions, links, isPasswordSet] = await Promise.all([
    listSessions(account.id),
    providerLinks(account.id),
    hasPassword(account.id),
  ]);
  const ofThisFirst = sessions.toSorted((a, b) => Number(b.id === session.id) - Number(a.id === session.id));
  return (
    <>
      <PageTitle title="Your account" />
      <h1>Your account</h1>
      {notice && <Notice>{NOTICES[notice]}</Notice>}
      {params.problem === "last_way_in" && <Notice tone="problem">{MESSAGES.last_way_in}</Notice>}
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
          <dt>Here since</dt>
          <dd>
            <LocalTime at={account.createdAt} withTime={false} />
          </dd>
        </div>
        <div>
          <dt>Password</dt>
          <dd>
            {isPasswordSet ? (
              <a href="/account/password">Change password</a>
            ) : (
              <a href="/forgot-password">Set a password by mail</a>
            )}
          </dd>
        </div>
        <div>
          <dt>Invitations</dt>
          <dd>
            <a href="/invite">Invite somebody</a>
          </dd>
        </div>
        {links.length > 0 && <GoogleFact links={links} isPasswordSet={isPasswordSet} />}
      </dl>
      <section aria-labelledby="sessions">
        <h2 id="sessions">Where you are logged in</h2>
        <ul className="rows">
          {ofThisFirst.map((one) => (
            <SessionItem key={one.id} session={one} isThisOne={one.id === session.id} />
          ))}
        </ul>
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
