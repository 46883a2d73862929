import { PageTitle } from "#components/page-title.tsx";
import { activityOf, type EventKey } from "#lib/auth/accounts/activity.ts";
import { LIMITS } from "#lib/auth/limits.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { requirePerson } from "#lib/pages/session.ts";
import { EventItem } from "./event-item.tsx";

const TITLE = "What happened in your account";

/** Everything of the last 90 days, the newest first. */
export default async function ActivityPage({ searchParams }: { searchParams: SearchParams }) {
  const { account, session } = await requirePerson("/account/activity");
  const before = keyOf(one((await searchParams).before));
  const { events, next } = await activityOf({ accountId: account.id, before });
  return (
    <>
      <PageTitle title={TITLE} />
      <h1>{TITLE}</h1>
      <p>
        The last 90 days. If anything here was not you, <a href="/account/activity/not-me">say so</a>: everyone is
        logged out, and you set a new password.
      </p>
      {events.length === 0 ? (
        <p>Nothing {before ? "older" : "yet"}.</p>
      ) : (
        <ul className="rows">
          {events.map((event) => (
            <EventItem key={event.id} event={event} isThisOne={event.sessionId === session.id} />
          ))}
        </ul>
      )}
      {(before || next) && (
        <nav aria-label="More of what happened" className="pair">
          {before && <a href="/account/activity">The newest</a>}
          {next && <a href={`/account/activity?before=${next.at}-${next.id}`}>Older</a>}
        </nav>
      )}
      <p className="hint">
        Of refused log-ins, wrong codes and mails asked for, the first {LIMITS["attempts-told"].max} of a kind a day are
        listed.
      </p>
      <p className="ways">
        <a href="/account">Back to your account</a>
      </p>
    </>
  );
}

/** Which event the page goes on after; anything but the name of one is the beginning. */
function keyOf(value: string | undefined): EventKey | undefined {
  const [, at, id] = /^(\d{1,15})-(\d{1,15})$/.exec(value ?? "") ?? [];
  return at && id ? { at: Number(at), id: Number(id) } : undefined;
}
