import { PageTitle } from "#components/page-title.tsx";
import { withNext } from "#lib/pages/next-link.ts";
import { safeNextPath } from "#lib/pages/next-path.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { requirePerson } from "#lib/pages/session.ts";

const TITLE = "Your account stays";

/** After a log-in that called off a deletion (lib/pages/after-log-in.ts): says so, and leads on to where one was going. */
export default async function KeptPage({ searchParams }: { searchParams: SearchParams }) {
  const next = safeNextPath(one((await searchParams).next));
  const { account } = await requirePerson(withNext("/account/data/kept", next));
  return (
    <>
      <PageTitle title={TITLE} />
      <h1>{TITLE}</h1>
      <p>
        The account of <b className="address">{account.email}</b> was to be deleted. You logged in, so it is not, and
        everything is as it was.
      </p>
      <p>
        <a className="button primary" href={next}>
          Go on
        </a>
      </p>
      <p className="hint">
        If it was not you who wanted it deleted, somebody else can get in:{" "}
        <a href="/account/activity/not-me">shut them out</a>.
      </p>
    </>
  );
}
