import { createHash, randomUUID } from "node:crypto";
import { holdAccount } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import { type Account, AccountStatus, type Session } from "#db/schema.ts";
import * as store from "#db/sessions.ts";
import { deleteAllTrusted } from "#db/trusted-browsers.ts";
import { AuthError, refusals } from "#lib/auth/errors.ts";
import { siteOf } from "#lib/auth/limits.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import { readAccessToken } from "#lib/auth/tokens/tokens.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import type { Door } from "#lib/doors.ts";
import { env } from "#lib/env.ts";

export type { Session } from "#db/schema.ts";

/** Sessions of all doors are one list: whatever ends here is ended everywhere. */

export type { Caller, LiveSession } from "#db/sessions.ts";

/** How many live sessions an account may have. Without a bound, somebody with its password fills the table and its pages. */
const MOST_SESSIONS = 100;

/** For the `atomically` that inserts a session, before it: makes room, by ending the ones opened first. */
export const endOldestSessions = (accountId: number) => store.endOldestSessions(accountId, MOST_SESSIONS - 1, clock());

/** When a session ends that is not used again: some time after its last use, and in any case some time after its log-in. */
export function expiryOf(createdAt: number, now: number): number {
  return Math.min(now + env().REFRESH_TOKEN_TTL, createdAt + env().SESSION_MAX_TTL);
}

/** In the place of a moment. */
const NEVER = 0;

/** A session row to be inserted, alone or with other statements in one transaction. */
export function newSession({
  account,
  door,
  client,
  now,
  opaqueToken,
  amr,
  appPassword: appPasswordId = null,
  isConfirmed,
}: {
  account: Pick<Account, "id">;
  door: Door;
  client: Client;
  now: number;
  opaqueToken?: string;
  /** How it is opened (RFC 8176). */
  amr: readonly string[];
  appPassword?: string | null | undefined;
  /** Whether the strongest factor of the account was given (confirmed.ts). */
  isConfirmed: boolean;
}): Session {
  return {
    id: randomUUID(),
    accountId: account.id,
    kind: door.name,
    tokenHash: opaqueToken === undefined ? null : hashToken(opaqueToken),
    generation: 0,
    skipped: 0,
    rotatedAt: now,
    delivered: 0,
    userAgent: client.userAgent.slice(0, 300),
    network: siteOf(client) || null,
    amr: amr.join(" "),
    appPasswordId,
    confirmedAt: isConfirmed ? null : NEVER,
    createdAt: now,
    updatedAt: now,
    expiresAt: expiryOf(now, now),
    endedAt: null,
  };
}

export const AUTHENTICATE_REFUSALS = refusals("session_invalid");

/**
 * Who an access token speaks for. Throws `session_invalid` unless it belongs to a session of one of `doors`, and token,
 * session and account are all good now: a token ends with its session.
 */
export async function authenticate({
  accessToken,
  doors,
}: {
  accessToken: string;
  doors: readonly Door[];
}): Promise<store.Caller> {
  const claims = await readAccessToken(accessToken);
  const caller = claims && (await store.findCaller(claims.sessionId, clock()));
  const isOfDoors = caller && doors.some(({ name }) => name === caller.session.kind);
  if (!isOfDoors || caller.account.sub !== claims.sub || !isActive(caller.account))
    throw new AuthError("session_invalid");
  return caller;
}

const isActive = (account: Pick<Account, "status">): boolean => account.status === AccountStatus.active;

const SESSIONS_A_PAGE = 20;

/** One page (the first is 1) of the account's live sessions: `present` first, then the one last used. */
export async function listSessions({
  accountId,
  present,
  page,
}: {
  accountId: number;
  present: string;
  page: number;
}): Promise<{ sessions: Session[]; hasMore: boolean }> {
  const offset = (page - 1) * SESSIONS_A_PAGE;
  const found = await store.listLiveSessions(accountId, clock(), {
    first: present,
    limit: SESSIONS_A_PAGE + 1,
    offset,
  });
  return { sessions: found.slice(0, SESSIONS_A_PAGE), hasMore: found.length > SESSIONS_A_PAGE };
}

type Owner = Pick<Account, "id" | "sub">;

/** Ends one session of this account; another account's are out of its reach. Says whether there was one to end. */
export async function endSession({ account, sessionId }: { account: Owner; sessionId: string }): Promise<boolean> {
  const now = clock();
  const done = await atomically(() => [
    // It may be deleted by now.
    must(holdAccount(account.id)),
    must(store.endSession(account.id, sessionId, now)),
    recordEvent("session_ended", { account, session: sessionId }, now),
  ]);
  return done !== null;
}

/** Ends every session of the account, whatever door it came through. */
export async function endAllSessions({ account }: { account: Owner }): Promise<void> {
  const now = clock();
  await atomically(() => [
    must(holdAccount(account.id)),
    store.endSessions(account.id, now),
    // Whoever has lost a device wants it asked for the code too.
    deleteAllTrusted(account.id),
    recordEvent("session_ended", { account, session: "all" }, now),
  ]);
}

/** What is stored of an opaque token: a random 128-bit token needs no salt and no slow hash. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
