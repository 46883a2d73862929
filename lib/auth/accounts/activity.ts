import { type EventKey, findEvent, listEvents } from "#db/events.ts";
import type { AccountEvent } from "#db/schema.ts";
import { clock } from "#lib/clock.ts";

export type { EventKey } from "#db/events.ts";
export type { AccountEvent } from "#db/schema.ts";

/** What happened to an account, as its person looks through it. */

/** In ms. */
export const EVENTS_KEPT = 90 * 24 * 60 * 60_000;

const EVENTS_A_PAGE = 30;

/** One page of it, the newest first, and what the next one goes on after. By key: what happens meanwhile moves nothing. */
export async function activityOf({
  accountId,
  before,
}: {
  accountId: number;
  before: EventKey | undefined;
}): Promise<{ events: AccountEvent[]; next: EventKey | undefined }> {
  const since = clock() - EVENTS_KEPT;
  const found = await listEvents(accountId, { since, before, limit: EVENTS_A_PAGE + 1 });
  const events = found.slice(0, EVENTS_A_PAGE);
  return { events, next: found.length > EVENTS_A_PAGE ? events.at(-1) : undefined };
}

/** One log-in of this account; undefined for anything else. */
export async function logInOf({ accountId, id }: { accountId: number; id: number }): Promise<AccountEvent | undefined> {
  const event = await findEvent(accountId, id);
  return event?.kind === "log_in" ? event : undefined;
}
