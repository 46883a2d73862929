import { Notice } from "#components/notice.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { WaysIn } from "#components/ways-in.tsx";
import { NOTICES, noticeOf } from "#lib/pages/notices.ts";
import type { SearchParams } from "#lib/pages/search-params.ts";
import { currentPerson } from "#lib/pages/session.ts";

export default async function FrontDoor({ searchParams }: { searchParams: SearchParams }) {
  const person = await currentPerson();
  const notice = noticeOf((await searchParams).notice);
  return (
    <>
      <PageTitle title="One key for your account" />
      <h1>One key for your account</h1>
      {notice && <Notice>{NOTICES[notice]}</Notice>}
      {person ? (
        <>
          <p>
            You are logged in as <b className="address">{person.account.email}</b>.
          </p>
          <p>
            <a className="button primary" href="/account">
              Go to your account
            </a>
          </p>
        </>
      ) : (
        <>
          <p>An e-mail address and a password: nothing else is asked for, and nobody else is told.</p>
          <WaysIn />
        </>
      )}
      <ul className="promises">
        <li>
          <b>Your password stays yours.</b> What is kept of it cannot be turned back into it.
        </li>
        <li>
          <b>You see who is in.</b> Every device that is logged in is on a list, and you can end any of them.
        </li>
        <li>
          <b>Nothing watches you.</b> These pages load nothing from anywhere else.
        </li>
      </ul>
    </>
  );
}
