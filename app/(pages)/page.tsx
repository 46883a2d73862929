import { Notice } from "#components/notice.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { WaysIn } from "#components/ways-in.tsx";
import { NOTICES, noticeOf } from "#lib/pages/notices.ts";
import type { SearchParams } from "#lib/pages/search-params.ts";
import { currentPerson } from "#lib/pages/session.ts";

/** Where a narrow page breaks the heading, words that belong together stay together. */
const WITHOUT_ODD_BREAKS = "Create an\u00a0account or\u00a0log\u00a0in";

export default async function HomePage({ searchParams }: { searchParams: SearchParams }) {
  const person = await currentPerson();
  const notice = noticeOf((await searchParams).notice);
  const title = person ? "You are logged in" : "Create an account or log in";
  return (
    <>
      <PageTitle title={title} />
      <h1>{person ? title : WITHOUT_ODD_BREAKS}</h1>
      {notice && <Notice>{NOTICES[notice]}</Notice>}
      {person ? (
        <>
          <p>
            Your account is <b className="address">{person.account.email}</b>.
          </p>
          <p>
            <a className="button primary" href="/account">
              Go to your account
            </a>
          </p>
        </>
      ) : (
        <>
          <p>All you need is an e-mail address and a password. We share them with no one.</p>
          <WaysIn />
        </>
      )}
      <ul className="promises">
        <li>
          <b>Your password stays secret.</b> We store only a scrambled form of it.
        </li>
        <li>
          <b>You see who is logged in.</b> Your account lists every device, and you can log out any of them.
        </li>
        <li>
          <b>No tracking.</b> These pages load nothing from other sites.
        </li>
      </ul>
    </>
  );
}
