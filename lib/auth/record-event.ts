import { holdAccount } from "#db/accounts.ts";
import { afterwards, along, atomically, must } from "#db/client.ts";
import { insertEvent } from "#db/events.ts";
import type { Account } from "#db/schema.ts";
import { insertEntry } from "#db/trail.ts";
import { NOBODY, nobodysName } from "#lib/auth/accounts/accounts.ts";
import { type Call, callBehind } from "#lib/call.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { type Counter, counting, siteOf, taking } from "./limits.ts";
import { accountEvent, type SecurityEvent, securityEvent } from "./security-events.ts";
import { deviceName } from "./sessions/device-name.ts";
import { type Subject, tellOthers } from "./tell-others.ts";
import { nudgeSealer } from "./trail/seal.ts";

/**
 * What happens to an account is told three times, by one call: to its person, by a row of the table `events`; to whoever answers for all of
 * them, by a row of the audit trail, which outlives the account; and to whoever watches, by a line of the log.
 */

/** What is said of an event beside its name. Only what is named here, or is a word of ours, gets into the row. */
type Told = {
  account: Subject;
  client?: Pick<Client, "address" | "userAgent"> | undefined;
  door?: string | undefined;
  /** The id of the session that it is about; or `all`. */
  session?: string | undefined;
  /** An address or a name that somebody typed: for the log, which hides it, and for no row. */
  name?: string;
  /** Who did it, where that was an operator: their `sub`, or `command`. The account's person is told that it was one, and not who. */
  by?: string | undefined;
  /** Why, in an operator's words: for the audit trail alone. */
  why?: string | undefined;
} & {
  [word in "proof" | "methods" | "reason" | "limit" | "issuer" | "factor" | "beside" | "role"]?: string | undefined;
} & {
  known?: boolean;
};

/**
 * The statement that writes the row, for the list of the act's `atomically`: both happen or neither does. Once they have, the line
 * follows. Along with it goes what other systems are told.
 */
export function recordEvent(kind: SecurityEvent, { why, ...told }: Told, now: number) {
  const others = tellOthers(kind, told.account, { isProvedToo: told.issuer !== undefined }, now);
  return afterwards(along(insertRows(kind, { why, ...told }, now), others), () => securityEvent(kind, told));
}

/**
 * As `recordEvent`, where the line was written when it was asked for, and the act is done later by the outbox: whichever request
 * woke that need not be the one that asked.
 */
export const recordLater = (kind: SecurityEvent, told: Told, now: number) => insertRows(kind, told, now, null);

/**
 * For what strangers can cause, a refused log-in for instance: a line each time, and a row, in a transaction of its own, for the first
 * twenty of a kind a day. They are counted by the name that was typed, and as much is written for one that nobody has, or the time
 * it takes would tell which it is.
 */
export async function recordAttempt(
  kind: SecurityEvent,
  { account, ...told }: Omit<Told, "account"> & { account: (Pick<Account, "sub"> & { id: number }) | undefined },
): Promise<void> {
  securityEvent(kind, { account, ...told });
  const now = clock();
  const who = told.name === undefined ? account?.id : nobodysName(told.name);
  const counter: Counter = ["attempts-told", `${who}:${kind}:${told.reason ?? ""}`];
  await atomically(() => [
    // As everywhere the account's row first, since it may be deleted by now.
    account ? must(holdAccount(account.id)) : holdAccount(NOBODY.id),
    ...taking([counter], now),
    ...(account ? [insertRows(kind, { account, ...told }, now)] : countingTwice(`${who}:${kind}`, now)),
  ]);
}

/** As much as the two rows cost. */
const countingTwice = (what: string, now: number) =>
  counting(
    [
      ["nobody", what],
      ["nobody", `${what}:trail`],
    ],
    now,
  );

/** For the end of an account, which takes its own events with it. */
export function recordInTrail(kind: SecurityEvent, { id, sub }: Pick<Account, "id" | "sub">, now: number) {
  const entry = { ...NOTHING, kind, at: now, accountId: id, sub, actor: "system" };
  return afterwards(insertEntry(entry), () => {
    nudgeSealer();
    accountEvent(kind, { sub });
  });
}

/** Acts of operators that are told in the audit trail and nowhere else, since they change nothing of an account. */
export type OperatorAct =
  | "mail_sent_again"
  | "mail_given_up"
  | "people_exported"
  | "trail_exported"
  | "operator_link_made";

/** As `recordEvent`, for one of those; about an account or none. */
export function recordAct(
  kind: OperatorAct,
  {
    account,
    by,
    client,
    session,
    ...details
  }: { account?: Pick<Account, "id" | "sub"> | undefined; by: string; client?: Client | undefined } & {
    [word in "session" | "why" | "template" | "filter" | "role"]?: string | undefined;
  },
  now: number,
) {
  const call = callBehind();
  const entry = {
    kind,
    at: now,
    accountId: account?.id ?? null,
    sub: account?.sub ?? null,
    actor: by,
    door: call?.door ?? null,
    browser: client ? deviceName(client.userAgent) : null,
    network: (client && siteOf(client)) || null,
    sessionId: session ?? null,
    requestId: call?.id ?? null,
    details: asDetails(details),
  };
  return afterwards(insertEntry(entry), nudgeSealer);
}

/** No request was behind it. */
const NOTHING = { door: null, browser: null, network: null, sessionId: null, requestId: null, details: null };

function insertRows(
  kind: SecurityEvent,
  { account, client, door, session, name: _, by, why, ...words }: Told,
  now: number,
  call: Call | null = callBehind() ?? null,
) {
  const caller = client ?? call?.client;
  const isOfAll = session === "all";
  const told = { ...words, ...(isOfAll && { session }) };
  const row = {
    accountId: account.id,
    at: now,
    kind,
    door: door ?? call?.door ?? null,
    browser: caller ? deviceName(caller.userAgent) : null,
    network: (caller && siteOf(caller)) || null,
    sessionId: isOfAll ? null : (session ?? null),
    requestId: call?.id ?? null,
  };
  // Where an operator sits is not the person's to know.
  const seen = by === undefined ? row : { ...row, door: null, browser: null, network: null, sessionId: null };
  const event = insertEvent({ ...seen, details: asDetails({ ...told, ...(by !== undefined && { by: "operator" }) }) });
  const entry = insertEntry({ ...row, sub: account.sub, actor: by ?? null, details: asDetails({ ...told, why }) });
  return along(event, [afterwards(entry, nudgeSealer)]);
}

function asDetails(words: Record<string, unknown>): string | null {
  const text = JSON.stringify(words);
  return text === "{}" ? null : text;
}
