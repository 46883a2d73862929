import type { Account } from "#db/schema.ts";
import type { Client } from "./client.ts";
import { isKnownCaller } from "./known-callers.ts";
import { type Counter, clear, networkOf, opensAt, take, tryTake } from "./limits.ts";

/** The counters every mail counts against: its destination (all purposes together) and whoever caused it. */
export function mailCounters(to: string, client: Client): Counter[] {
  return [...ofDestination(to), ofCause(client)];
}

/**
 * As `mailCounters`, for a mail to the account of `to`, if there is one. Strangers can use up the mails somebody may get,
 * and would keep a forgotten password forgotten; so a caller who is known to the account has a few more.
 */
export async function mailCountersOf(
  { to, account, client }: { to: string; account: Account | undefined; client: Client },
  now: number,
): Promise<Counter[]> {
  const isUsedUp = (await opensAt(ofDestination(to), now)) > now;
  if (isUsedUp && account && (await isKnownCaller(account, client, now))) return [["mail-known", to], ofCause(client)];
  return mailCounters(to, client);
}

const ofDestination = (to: string): Counter[] => [
  ["mail-hour", to],
  ["mail-day", to],
];
const ofCause = (client: Client): Counter => ["mail-address", networkOf(client)];

/**
 * Whether a mail may go out now: false within the cool-down of `what`, in which the caller answers as if it had.
 * Throws `too_many_tries` past the limits of mail.
 */
export async function mayMail(
  what: string,
  mail: { to: string; account: Account; client: Client },
  now: number,
): Promise<boolean> {
  const cooldown: Counter = ["cooldown", what];
  if (!(await tryTake([cooldown], now))) return false;
  try {
    await take(await mailCountersOf(mail, now), now);
    return true;
  } catch (error) {
    await clear(cooldown);
    throw error;
  }
}
