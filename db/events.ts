import { and, desc, eq, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { type AccountEvent, events } from "./schema.ts";

/** `accountId` may be the sub-select of an account inserted in the same transaction. */
export type NewEvent = Omit<AccountEvent, "id" | "accountId"> & { accountId: number | SQL<number> };

export const insertEvent = (event: NewEvent) => db().insert(events).values(event);

/** Which event a page goes on after. */
export type EventKey = Pick<AccountEvent, "at" | "id">;

/** Those of the account since then, the newest first; the ones before `before`, where it is given. */
export function listEvents(
  accountId: number,
  { since, before, limit }: { since: number; before?: EventKey | undefined; limit: number },
): PromiseLike<AccountEvent[]> {
  return db()
    .select()
    .from(events)
    .where(
      and(
        eq(events.accountId, accountId),
        gte(events.at, since),
        before && sql`(${events.at}, ${events.id}) < (${before.at}, ${before.id})`,
      ),
    )
    .orderBy(desc(events.at), desc(events.id))
    .limit(limit);
}

/** This one, if it is of this account. */
export async function findEvent(accountId: number, id: number): Promise<AccountEvent | undefined> {
  const [event] = await db()
    .select()
    .from(events)
    .where(and(eq(events.id, id), eq(events.accountId, accountId)))
    .limit(1);
  return event;
}

/** Removes at most so many, and returns which. */
export function purgeEvents(before: number, most: number) {
  const old = db().select({ id: events.id }).from(events).where(lt(events.at, before)).limit(most);
  return db().delete(events).where(inArray(events.id, old)).returning({ id: events.id });
}
