import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, lte, max, type SQL, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { AccountStatus, accounts, type TrailEntry, trail, trailHead } from "./schema.ts";

/** The audit trail, as lib/auth/trail writes, chains and reads it. */

export type NewEntry = Omit<TrailEntry, "id" | "accountId" | "address" | "addressMark" | "seq" | "hash"> & {
  /** May be the sub-select of an account inserted in the same transaction. */
  accountId: number | SQL<number> | null;
};

/** With the account's address, if it is proved: one that nobody has confirmed may be anybody's, and stays out. */
export function insertEntry(entry: NewEntry) {
  const address = entry.sub === null ? null : provedAddressOf(entry.sub);
  return db()
    .insert(trail)
    .values({ ...entry, address });
}

const provedAddressOf = (sub: string): SQL<string> =>
  sql`(${db()
    .select({ email: accounts.email })
    .from(accounts)
    .where(
      and(
        eq(accounts.sub, sub),
        inArray(accounts.status, [AccountStatus.active, AccountStatus.blocked]),
        // Of one whose deletion has begun there is none any more.
        sql`coalesce(${accounts.deletesAt}, 1) > 0`,
      ),
    )})`;

/** How far the trail is chained: the place of the last row and its hash. */
export type Head = Pick<typeof trailHead.$inferSelect, "seq" | "hash">;

const ONE = 1;

export async function readHead(): Promise<Head | undefined> {
  const [head] = await db()
    .select({ seq: trailHead.seq, hash: trailHead.hash })
    .from(trailHead)
    .where(eq(trailHead.id, ONE));
  return head;
}

/** For `atomically`. Returns nothing where another process has gone on from `from` meanwhile. */
export function moveHead(from: Head, to: Head) {
  return db()
    .insert(trailHead)
    .values({ id: ONE, ...to })
    .onConflictDoUpdate({
      target: trailHead.id,
      set: to,
      setWhere: and(eq(trailHead.seq, from.seq), eq(trailHead.hash, from.hash)),
    })
    .returning({ seq: trailHead.seq });
}

/** Rows that are not chained yet, the oldest first. */
export const listLoose = (limit: number): PromiseLike<TrailEntry[]> =>
  db().select().from(trail).where(isNull(trail.seq)).orderBy(asc(trail.id)).limit(limit);

/** For `atomically`: gives a row its place. */
export const chainEntry = ({ id, ...link }: Pick<TrailEntry, "id" | "seq" | "hash" | "addressMark">) =>
  db()
    .update(trail)
    .set(link)
    .where(and(eq(trail.id, id), isNull(trail.seq)))
    .returning({ id: trail.id });

/** Chained rows after this place, in their order. */
export const listChained = (after: number, limit: number): PromiseLike<TrailEntry[]> =>
  db().select().from(trail).where(gt(trail.seq, after)).orderBy(asc(trail.seq)).limit(limit);

/** The last place whose row is older than this; undefined where there is none. */
export async function lastChainedBefore(time: number): Promise<Head | undefined> {
  const [found] = await db()
    .select({ seq: max(trail.seq) })
    .from(trail)
    .where(and(lt(trail.at, time), isNotNull(trail.seq)));
  if (!found?.seq) return undefined;
  const [row] = await db().select({ seq: trail.seq, hash: trail.hash }).from(trail).where(eq(trail.seq, found.seq));
  return row?.seq && row.hash ? { seq: row.seq, hash: row.hash } : undefined;
}

/** The newest row of a kind that is chained. */
export async function newestOfKind(kind: string): Promise<TrailEntry | undefined> {
  const [row] = await db()
    .select()
    .from(trail)
    .where(and(eq(trail.kind, kind), isNotNull(trail.seq)))
    .orderBy(desc(trail.at), desc(trail.id))
    .limit(1);
  return row;
}

/** Removes at most so many from the old end, and returns which. */
export function purgeEntries(through: number, most: number) {
  const old = db().select({ id: trail.id }).from(trail).where(lte(trail.seq, through)).limit(most);
  return db().delete(trail).where(inArray(trail.id, old)).returning({ id: trail.id });
}

/** Takes the addresses out of at most so many chained rows of an account, and returns which: their marks stand for them. */
export function forgetAddresses(accountId: number, most: number) {
  const some = db()
    .select({ id: trail.id })
    .from(trail)
    .where(and(eq(trail.accountId, accountId), isNotNull(trail.address), isNotNull(trail.seq)))
    .limit(most);
  return db().update(trail).set({ address: null }).where(inArray(trail.id, some)).returning({ id: trail.id });
}
