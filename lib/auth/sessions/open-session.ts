import { findAccount, holdAccount } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import { rememberNetwork } from "#db/known-networks.ts";
import { queueDailyNotice } from "#db/outbox.ts";
import { type Account, AccountStatus, type Session } from "#db/schema.ts";
import { endReplacedSession, insertSession } from "#db/sessions.ts";
import { AuthError, refusals } from "#lib/auth/errors.ts";
import { siteOf } from "#lib/auth/limits.ts";
import { securityEvent } from "#lib/auth/security-events.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import type { Door } from "#lib/doors.ts";
import { isKnownCaller } from "./known-callers.ts";
import { endOldestSessions, newSession } from "./sessions.ts";

/**
 * The one way into a session, whatever was proved before: a password, an address, an identity at a provider. What every way
 * in must do stands here, so that none can forget it.
 */

export type Opening = {
  /** As it was read when the proof was looked at: the session opens only while its password and status are still these. */
  account: Account;
  /** What was proved: `mail` where a mail of ours was read, or a provider vouched for an address nobody had proved. */
  proof: "password" | "provider" | "mail";
  door: Door;
  client: Client;
  /** The token that shall open this session; the store keeps its hash. Without one, tokens are derived from the row. */
  opaqueToken?: string;
  /** Statements that take effect with the session or not at all. */
  alongside?: () => PromiseLike<unknown>[];
};

export const OPEN_SESSION_REFUSALS = refusals("account_blocked", "session_invalid");

/**
 * Opens a session, and ends the one this browser came with. Throws `account_blocked`, and `session_invalid` when the
 * password was changed or the account deleted since `account` was read.
 */
export async function openSession(opening: Opening): Promise<Session> {
  const session = await openSessionIfUnchanged(opening);
  if (session) return session;
  throw new AuthError((await isBlocked(opening.account.id)) ? "account_blocked" : "session_invalid");
}

/**
 * As `openSession`, but null when the account is no longer what it was. Between reading a password's hash and this moment
 * lie 75 ms of comparing it: a log-in with a stolen password that was under way while its owner set a new one would
 * otherwise open a session that the reset cannot end, because it is not there yet.
 */
export async function openSessionIfUnchanged(opening: Opening): Promise<Session | null> {
  const { account, proof, door, client, alongside } = opening;
  if (account.status === AccountStatus.blocked) throw new AuthError("account_blocked");
  const now = clock();
  const session = newSession({ ...opening, now });
  const isKnown = await isKnownCaller(account, client, now);
  const rows = await atomically(() => [
    // First, and whatever changes the account does the same: so the two wait for each other on any engine.
    must(holdAccount(account.id, { passwordEpoch: account.passwordEpoch, status: AccountStatus.active })),
    // Whoever was logged in in this browser before is not left behind with a session nobody looks after.
    ...(client.session === undefined ? [] : [endReplacedSession(client.session, door.name, now)]),
    endOldestSessions(account.id),
    insertSession(session),
    rememberNetwork(account.id, siteOf(client), now),
    // A stolen password is used from elsewhere: its owner hears of it while there is still something to be done.
    ...(isKnown || proof === "mail"
      ? []
      : [queueDailyNotice({ template: "new-log-in", to: account.email, accountId: account.id, now })]),
    ...(alongside?.() ?? []),
  ]);
  if (!rows) return null;
  securityEvent("log_in", { account, client, door: door.name, proof, known: isKnown, session: session.id });
  return session;
}

export const isBlocked = async (id: number): Promise<boolean> =>
  (await findAccount({ id }))?.status === AccountStatus.blocked;
