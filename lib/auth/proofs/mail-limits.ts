import { atomically } from "#db/client.ts";
import type { Account } from "#db/schema.ts";
import { NOBODY } from "#lib/auth/accounts/accounts.ts";
import { type Counter, counting, networkOf, opensAt, refuseShut, taking } from "#lib/auth/limits.ts";
import { isKnownCaller } from "#lib/auth/sessions/known-callers.ts";
import type { Client } from "#lib/client.ts";

/**
 * Mails are counted twice. What a caller may be told of counts by the name that was typed: by an address, or by a username.
 * What the address was really sent counts by the account, and shows to nobody: could one see that asking by a username used
 * up the mails of an address, one would know whose address it is.
 */

/** The counters every mail counts against: its destination (all purposes together) and whoever caused it. */
export function mailCounters(to: string, client: Client): Counter[] {
  return [...ofDestination(to), ofCause(client)];
}

/**
 * As `mailCounters`, for a mail to an account, if there is one. Strangers can use up the mails somebody may get, and would
 * keep a forgotten password forgotten; so a caller who is known to the account has a few more.
 */
export async function mailCountersOf(
  { to, account, client }: { to: string; account: Account | undefined; client: Client },
  now: number,
): Promise<Counter[]> {
  const isUsedUp = (await opensAt(ofDestination(to), now)) > now;
  if (isUsedUp && (await isKnownCaller(account ?? NOBODY, client, now))) return [["mail-known", to], ofCause(client)];
  return mailCounters(to, client);
}

const ofDestination = (to: string): Counter[] => [
  ["mail-hour", to],
  ["mail-day", to],
];
const ofCause = (client: Client): Counter => ["mail-address", networkOf(client)];

/** What an address is really sent; for a caller known to its account, the few more when that is used up. */
export const sentCounters = (email: string): Counter[] => [
  ["mail-sent-hour", email],
  ["mail-sent-day", email],
];
export const sentCountersIfKnown = (email: string): Counter[] => [["mail-sent-known", email]];

/** Statements for `atomically`, beside a mail that was counted by its address already. */
export const countSent = (email: string, now: number) => counting(sentCounters(email), now);

/**
 * Does the statements that queue a mail together with its counts, or neither; says whether it did. Within the cool-down of
 * `what` it does not, and the caller answers as if it had. Throws `too_many_tries` past the limits of mail.
 */
export async function queueCounted(
  what: string,
  counters: readonly Counter[],
  now: number,
  statements: Parameters<typeof atomically>[0],
): Promise<boolean> {
  const cooldown: Counter = ["cooldown", what];
  const isQueued = (await atomically(() => [...statements(), ...taking([cooldown, ...counters], now)])) !== null;
  if (!isQueued && (await opensAt([cooldown], now)) <= now) await refuseShut(counters, now);
  return isQueued;
}
