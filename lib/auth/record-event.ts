import { holdAccount } from "#db/accounts.ts";
import { afterwards, along, atomically, must } from "#db/client.ts";
import { insertEvent } from "#db/events.ts";
import type { Account } from "#db/schema.ts";
import { NOBODY, nobodysName } from "#lib/auth/accounts/accounts.ts";
import { type Call, callBehind } from "#lib/call.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { type Counter, counting, siteOf, taking } from "./limits.ts";
import { type SecurityEvent, securityEvent } from "./security-events.ts";
import { deviceName } from "./sessions/device-name.ts";
import { type Subject, tellOthers } from "./tell-others.ts";

/**
 * What happens to an account is told twice, by one call: to its person, by a row of the table `events`, and to whoever watches
 * over all of them, by a line of the log.
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
} & { [word in "proof" | "methods" | "reason" | "limit" | "issuer" | "factor" | "beside"]?: string | undefined } & {
  known?: boolean;
};

/**
 * The statement that writes the row, for the list of the act's `atomically`: both happen or neither does. Once they have, the line
 * follows. Along with it goes what other systems are told.
 */
export function recordEvent(kind: SecurityEvent, { account, ...told }: Told, now: number) {
  const others = tellOthers(kind, account, { isProvedToo: told.issuer !== undefined }, now);
  return afterwards(along(insertRow(kind, { account, ...told }, now), others), () =>
    securityEvent(kind, { account, ...told }),
  );
}

/**
 * As `recordEvent`, where the line was written when it was asked for, and the act is done later by the outbox: whichever request
 * woke that need not be the one that asked.
 */
export const recordLater = (kind: SecurityEvent, told: Told, now: number) => insertRow(kind, told, now, null);

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
    ...(account ? [insertRow(kind, { account, ...told }, now)] : counting([["nobody", `${who}:${kind}`]], now)),
  ]);
}

function insertRow(
  kind: SecurityEvent,
  { account, client, door, session, name: _, ...words }: Told,
  now: number,
  call: Call | null = callBehind() ?? null,
) {
  const caller = client ?? call?.client;
  const isOfAll = session === "all";
  const details = JSON.stringify({ ...words, ...(isOfAll && { session }) });
  return insertEvent({
    accountId: account.id,
    at: now,
    kind,
    door: door ?? call?.door ?? null,
    browser: caller ? deviceName(caller.userAgent) : null,
    network: (caller && siteOf(caller)) || null,
    sessionId: isOfAll ? null : (session ?? null),
    requestId: call?.id ?? null,
    details: details === "{}" ? null : details,
  });
}
