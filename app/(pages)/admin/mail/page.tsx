import { LocalTime } from "#components/local-time.tsx";
import { NothingHere } from "#components/nothing-here.tsx";
import { Notice } from "#components/notice.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { type MailKey, mailsSeen, mailWaitsSince } from "#lib/auth/operators/mail.ts";
import { NOTICES, noticeOf } from "#lib/pages/notices.ts";
import { requireOperator } from "#lib/pages/operator.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { MailSheet } from "./mail-sheet.tsx";

const HERE = "/admin/mail";

/** Mail that waits, or that was given up. */
export default async function MailPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await searchParams;
  const which = one(query.which) === "failed" ? "failed" : "waiting";
  const here = which === "failed" ? `${HERE}?which=failed` : HERE;
  if (!(await requireOperator(here))) return <NothingHere />;
  const notice = noticeOf(query.notice);
  const before = keyOf(one(query.before));
  const [{ mails, next }, since] = await Promise.all([mailsSeen(which, before), mailWaitsSince()]);
  return (
    <>
      <PageTitle title="Mail" />
      <h1>Mail</h1>
      {notice && <Notice>{NOTICES[notice]}</Notice>}
      <p>
        {since === null ? (
          "No mail waits."
        ) : (
          <>
            The oldest mail waits since <LocalTime at={since} />.
          </>
        )}
      </p>
      <nav className="parts inner" aria-label="Which mail">
        <a href={HERE} aria-current={which === "waiting" ? "page" : undefined}>
          Waiting
        </a>
        <a href={`${HERE}?which=failed`} aria-current={which === "failed" ? "page" : undefined}>
          Given up
        </a>
      </nav>
      {mails.length === 0 ? (
        <p>{before ? "None older." : which === "failed" ? "None was given up in the last 30 days." : "None waits."}</p>
      ) : (
        <MailSheet mails={mails} />
      )}
      {(before || next) && (
        <nav aria-label="More mail" className="pair">
          {before && <a href={here}>The newest</a>}
          {next && <a href={`${HERE}?which=${which}&before=${next.at}-${next.id}`}>Older</a>}
        </nav>
      )}
    </>
  );
}

/** After which the page goes on: the moment and the id. */
function keyOf(text: string | undefined): MailKey | undefined {
  const [, at, id] = /^(\d{1,15})-([0-9a-zA-Z-]{1,64})$/.exec(text ?? "") ?? [];
  return at && id ? { at: Number(at), id } : undefined;
}
