import { and, desc, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { type TrailEntry, trail } from "./schema.ts";

/** The audit trail as operators read it: without what only the chain needs. */

export type EntryKey = Pick<TrailEntry, "at" | "id">;

/** What to show of it; times in ms since 1970, `to` not among them. */
export type TrailFilter = {
  accountId?: number | undefined;
  kind?: string | undefined;
  actor?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
};

export type SeenEntry = Omit<TrailEntry, "hash" | "addressMark" | "sessionId">;

/** The newest first; those before `before`, where it is given. */
export const listEntries = (
  { accountId, kind, actor, from, to }: TrailFilter,
  { before, limit }: { before?: EntryKey | undefined; limit: number },
): PromiseLike<SeenEntry[]> =>
  db()
    .select({
      id: trail.id,
      at: trail.at,
      kind: trail.kind,
      accountId: trail.accountId,
      sub: trail.sub,
      address: trail.address,
      actor: trail.actor,
      door: trail.door,
      browser: trail.browser,
      network: trail.network,
      requestId: trail.requestId,
      details: trail.details,
      seq: trail.seq,
    })
    .from(trail)
    .where(
      and(
        accountId === undefined ? undefined : eq(trail.accountId, accountId),
        kind === undefined ? undefined : eq(trail.kind, kind),
        actor === undefined ? undefined : eq(trail.actor, actor),
        from === undefined ? undefined : gte(trail.at, from),
        to === undefined ? undefined : lt(trail.at, to),
        before && isBefore(before),
      ),
    )
    .orderBy(desc(trail.at), desc(trail.id))
    .limit(limit);

const isBefore = ({ at, id }: EntryKey): SQL => sql`(${trail.at}, ${trail.id}) < (${at}, ${id})`;

/** When the row was written that has waited longest for its place in the chain; null where none waits. */
export async function oldestLoose(): Promise<number | null> {
  const [found] = await db()
    .select({ at: trail.at })
    .from(trail)
    .where(sql`${trail.seq} is null`)
    .orderBy(trail.id)
    .limit(1);
  return found?.at ?? null;
}
