import { and, desc, eq, gt, inArray, isNull, lt, ne, notInArray, type SQL, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { type Account, accountColumns, accounts, type Session, sessions } from "./schema.ts";

export function insertSession(session: Session) {
  return db().insert(sessions).values(session).returning();
}

const livesNow = () => and(isNull(sessions.endedAt), gt(sessions.expiresAt, sql.placeholder("now")));

/** What every request must know of whoever sent it, and no more: reading a column takes longer than finding the row. */
export type Caller = Awaited<ReturnType<ReturnType<typeof prepareCaller>["execute"]>>[number];

// Asked at every request with an access token: prepared once, planned once.
let caller: ReturnType<typeof prepareCaller> | undefined;

/** Whose session this is, if it has neither ended nor expired. */
export async function findCaller(sessionId: string, now: number): Promise<Caller | undefined> {
  caller ??= prepareCaller();
  const [row] = await caller.execute({ sessionId, now });
  return row;
}

function prepareCaller() {
  const { id, sub, email, username, firstName, lastName, phoneNumber, status, createdAt } = accounts;
  return db()
    .select({
      session: { id: sessions.id, kind: sessions.kind },
      account: { id, sub, email, username, firstName, lastName, phoneNumber, status, createdAt },
    })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(and(eq(sessions.id, sql.placeholder("sessionId")), livesNow()))
    .prepare();
}

export type LiveSession = { session: Session; account: Account };

/** The session with its account, if it has neither ended nor expired. */
export async function findLiveSession(
  by: { id: string } | { tokenHash: string },
  now: number,
): Promise<LiveSession | undefined> {
  const [row] = await ("id" in by
    ? liveById().execute({ value: by.id, now })
    : liveByTokenHash().execute({ value: by.tokenHash, now }));
  return row;
}

type PreparedLookup = ReturnType<typeof prepareLookup>;
let byId: PreparedLookup | undefined;
let byTokenHash: PreparedLookup | undefined;
const liveById = () => (byId ??= prepareLookup("id"));
const liveByTokenHash = () => (byTokenHash ??= prepareLookup("tokenHash"));

function prepareLookup(column: "id" | "tokenHash") {
  return db()
    .select({ session: sessions, account: accountColumns })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(and(eq(sessions[column], sql.placeholder("value")), livesNow()))
    .prepare();
}

/**
 * Moves a session on to its next generation, from the one in which it was read: of parallel callers exactly one gets the
 * row. `presented` is the generation whose token asked: the newest, or the one before it, and then the newest is left out.
 */
export async function rotateSession({
  session,
  presented,
  now,
  expiresAt,
}: {
  session: Session;
  presented: number;
  now: number;
  expiresAt: number;
}): Promise<Session | undefined> {
  const { id, generation } = session;
  const skipped = generation - presented;
  const [rotated] = await db()
    .update(sessions)
    .set({ generation: generation + 1, skipped, delivered: 0, rotatedAt: now, updatedAt: now, expiresAt })
    .where(
      and(
        eq(sessions.id, id),
        eq(sessions.generation, generation),
        // A generation that a browser has shown is nobody's lost answer.
        skipped > 0 ? eq(sessions.delivered, 0) : undefined,
        isNull(sessions.endedAt),
        gt(sessions.expiresAt, now),
      ),
    )
    .returning();
  return rotated;
}

/** Notes that the browser holds this generation's tokens. */
export async function markDelivered(id: string, generation: number): Promise<void> {
  await db()
    .update(sessions)
    .set({ delivered: 1 })
    .where(and(eq(sessions.id, id), eq(sessions.generation, generation), eq(sessions.delivered, 0)));
}

/** The session of this account that was opened at this very moment (ms), if it is still there. */
export async function findSessionOpenedAt(accountId: number, at: number): Promise<Session | undefined> {
  const [session] = await db()
    .select()
    .from(sessions)
    .where(and(eq(sessions.accountId, accountId), eq(sessions.createdAt, at)))
    .limit(1);
  return session;
}

/** The account's live sessions, `first` before all others and then the one last used. */
export async function listLiveSessions(
  accountId: number,
  now: number,
  { first, limit, offset }: { first: string; limit: number; offset: number },
): Promise<Session[]> {
  return db()
    .select()
    .from(sessions)
    .where(and(eq(sessions.accountId, accountId), isNull(sessions.endedAt), gt(sessions.expiresAt, now)))
    .orderBy(sql`case when ${sessions.id} = ${first} then 0 else 1 end`, desc(sessions.updatedAt), desc(sessions.id))
    .limit(limit)
    .offset(offset);
}

/** Ends one session of this account; returns it unless it had ended before. */
export function endSession(accountId: number, id: string, now: number) {
  return db()
    .update(sessions)
    .set({ endedAt: now, updatedAt: now })
    .where(and(eq(sessions.id, id), eq(sessions.accountId, accountId), isNull(sessions.endedAt)))
    .returning();
}

/** Ends the session that a browser came with, as another of the same kind opens in it. */
export function endReplacedSession(id: string, kind: string, now: number) {
  return db()
    .update(sessions)
    .set({ endedAt: now, updatedAt: now })
    .where(and(eq(sessions.id, id), eq(sessions.kind, kind), isNull(sessions.endedAt)));
}

/**
 * For `atomically`: returns the row only while the session lives, for an effect that somebody asked for by it; with
 * `confirmedSince`, only where its person was asked who they are after that moment.
 */
export function holdSession(id: string, now: number, confirmedSince?: number) {
  return db()
    .update(sessions)
    .set({ updatedAt: now })
    .where(
      and(
        eq(sessions.id, id),
        isNull(sessions.endedAt),
        gt(sessions.expiresAt, now),
        confirmedSince === undefined
          ? undefined
          : gt(sql`coalesce(${sessions.confirmedAt}, ${sessions.createdAt})`, confirmedSince),
      ),
    )
    .returning({ id: sessions.id });
}

/** For `atomically`: as `holdSession`, for what somebody else than its browser does: it was not used. */
export function holdUnusedSession(id: string, now: number) {
  return db()
    .update(sessions)
    .set({ updatedAt: sessions.updatedAt })
    .where(and(eq(sessions.id, id), isNull(sessions.endedAt), gt(sessions.expiresAt, now)))
    .returning({ id: sessions.id });
}

/** Notes that its person has shown who they are once more; returns the row while the session lives. */
export function confirmSession(id: string, now: number) {
  return db()
    .update(sessions)
    .set({ confirmedAt: now, updatedAt: now })
    .where(and(eq(sessions.id, id), isNull(sessions.endedAt), gt(sessions.expiresAt, now)))
    .returning({ id: sessions.id });
}

/** Ends all sessions of the account, of every kind, but for `except`. */
export function endSessions(accountId: number, now: number, except?: string) {
  return db()
    .update(sessions)
    .set({ endedAt: now, updatedAt: now })
    .where(
      and(
        eq(sessions.accountId, accountId),
        isNull(sessions.endedAt),
        except === undefined ? undefined : ne(sessions.id, except),
      ),
    );
}

/** Ends those that this app password opened. */
export function endSessionsOf(accountId: number, appPasswordId: string, now: number) {
  return db()
    .update(sessions)
    .set({ endedAt: now, updatedAt: now })
    .where(and(eq(sessions.accountId, accountId), eq(sessions.appPasswordId, appPasswordId), isNull(sessions.endedAt)));
}

/** Through which doors the account was logged in to since then, and when last. */
export async function listDoorsUsed(accountId: number, since: number): Promise<{ door: string; at: number }[]> {
  const at = sql<number>`max(${sessions.updatedAt})`.mapWith(Number);
  return db()
    .select({ door: sessions.kind, at })
    .from(sessions)
    .where(and(eq(sessions.accountId, accountId), gt(sessions.updatedAt, since)))
    .groupBy(sessions.kind)
    .orderBy(desc(at));
}

/** Ends all live sessions of the account but the `keep` opened last. */
export function endOldestSessions(accountId: number, keep: number, now: number) {
  const isLive = and(eq(sessions.accountId, accountId), isNull(sessions.endedAt), gt(sessions.expiresAt, now));
  const newest = db()
    .select({ id: sessions.id })
    .from(sessions)
    .where(isLive)
    .orderBy(desc(sessions.createdAt), desc(sessions.id))
    .limit(keep);
  return db()
    .update(sessions)
    .set({ endedAt: now, updatedAt: now })
    .where(and(isLive, notInArray(sessions.id, newest)));
}

/**
 * Removes at most so many that ended before then, and returns which. One condition a statement, each with an index of its own: asked for
 * both at once, and told by statistics how alike the rows are, SQLite reads the table from end to end.
 */
export function purgeEndedSessions(before: number, most: number) {
  return purgeSessions(lt(sessions.endedAt, before), most);
}

/** The same of those that nobody ended, and that expired. */
export function purgeExpiredSessions(before: number, most: number) {
  return purgeSessions(lt(sessions.expiresAt, before), most);
}

function purgeSessions(which: SQL, most: number) {
  const old = db().select({ id: sessions.id }).from(sessions).where(which).limit(most);
  return db().delete(sessions).where(inArray(sessions.id, old)).returning({ id: sessions.id });
}
