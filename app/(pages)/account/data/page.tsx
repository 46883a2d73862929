import { Notice } from "#components/notice.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { LIMITS } from "#lib/auth/limits.ts";
import { MESSAGES } from "#lib/pages/messages.ts";
import { NOTICES, noticeOf } from "#lib/pages/notices.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { requirePerson } from "#lib/pages/session.ts";
import { PARTS_IN_WORDS } from "./parts-in-words.ts";

const TITLE = "Your data";

const PROBLEMS = new Map([
  [
    "download",
    `You have downloaded your data ${LIMITS["data-export"].max} times in the last hour. You can again within an hour.`,
  ],
  ["last-admin", MESSAGES.last_admin],
  [
    "deletion",
    "The deletion was asked for and called off five times today. It can be asked for again tomorrow. Nothing was changed.",
  ],
]);

/** All that is kept about somebody, to take with them, and the way to have it deleted. */
export default async function DataPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await searchParams;
  const { account } = await requirePerson("/account/data");
  const notice = noticeOf(query.notice);
  const problem = PROBLEMS.get(one(query.problem) ?? "");
  return (
    <>
      <PageTitle title={TITLE} />
      <h1>{TITLE}</h1>
      {notice && <Notice>{NOTICES[notice]}</Notice>}
      {problem && <Notice tone="problem">{problem}</Notice>}
      <p>
        You can have all that we keep about <b className="address">{account.email}</b> in one file.
      </p>
      {/* No `download` attribute: whoever must first show that it is them would get that page as a file. */}
      <p>
        <a className="button primary" href="/account/data/download">
          Download your data
        </a>
      </p>
      <p className="hint">
        It is a text that programs read well (JSON). It names your networks and browsers, so keep it to yourself.
      </p>
      <details>
        <summary>What is in it</summary>
        <ul className="steps">
          {Object.entries(PARTS_IN_WORDS).map(([part, words]) => (
            <li key={part}>{words}</li>
          ))}
        </ul>
        <p className="hint">
          Not in it are your password, and codes and keys that open your account: we keep them only in a form that opens
          nothing.
        </p>
      </details>
      <h2>Delete your account</h2>
      <p>Everything in that file goes for good. You have seven days to change your mind.</p>
      <p>
        <a href="/account/data/delete">Delete your account</a>
      </p>
    </>
  );
}
