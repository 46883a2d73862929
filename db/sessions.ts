import { and, desc, eq, gt, isNull, lt, ne, or, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { type Account, accounts, type Session, type SessionKind, sessions } from "./schema.ts";

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
    .select({ session: sessions, account: accounts })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(and(eq(sessions[column], sql.placeholder("value")), livesNow()))
    .prepare();
}

/** Moves a session on to its next generation: of parallel callers with the same token exactly one gets the row. */
export async function rotateSession(
  id: string,
  kind: SessionKind,
  generation: number,
  now: number,
  expiresAt: number,
): Promise<Session | undefined> {
  const [session] = await db()
    .update(sessions)
    .set({ generation: generation + 1, delivered: 0, rotatedAt: now, updatedAt: now, expiresAt })
    .where(
      and(
        eq(sessions.id, id),
        eq(sessions.kind, kind),
        eq(sessions.generation, generation),
        isNull(sessions.endedAt),
        gt(sessions.expiresAt, now),
      ),
    )
    .returning();
  return session;
}

/** Notes that the browser holds this generation's tokens. */
export async function markDelivered(id: string, generation: number): Promise<void> {
  await db()
    .update(sessions)
    .set({ delivered: 1 })
    .where(and(eq(sessions.id, id), eq(sessions.generation, generation), eq(sessions.delivered, 0)));
}

export async function listLiveSessions(accountId: number, now: number): Promise<Session[]> {
  return db()
    .select()
    .from(sessions)
    .where(and(eq(sessions.accountId, accountId), isNull(sessions.endedAt), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.updatedAt));
}

/** Ends one session of this account; returns it unless it had ended before. */
export function endSession(accountId: number, id: string, now: number) {
  return db()
    .update(sessions)
    .set({ endedAt: now, updatedAt: now })
    .where(and(eq(sessions.id, id), eq(sessions.accountId, accountId), isNull(sessions.endedAt)))
    .returning();
}

/** Ends the session that a browser came with, as another opens in it; sessions of programs are nobody's browser. */
export function endReplacedSession(id: string, now: number) {
  return db()
    .update(sessions)
    .set({ endedAt: now, updatedAt: now })
    .where(and(eq(sessions.id, id), eq(sessions.kind, "pages"), isNull(sessions.endedAt)));
}

/** For `atomically`: returns the row only while the session lives, for an effect that somebody asked for by it. */
export function holdSession(id: string, now: number) {
  return db()
    .update(sessions)
    .set({ updatedAt: now })
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

export async function purgeSessions(endedBefore: number): Promise<void> {
  await db()
    .delete(sessions)
    .where(or(lt(sessions.expiresAt, endedBefore), lt(sessions.endedAt, endedBefore)));
}
