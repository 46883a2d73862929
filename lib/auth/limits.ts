import { isIPv4, isIPv6 } from "node:net";
import { atomically, must } from "#db/client.ts";
import {
  clearCounter,
  clearCountersUnder,
  findShut,
  giveOneBack,
  longestPause,
  type Take,
  takeOne,
} from "#db/limits.ts";
import { noteCounted } from "#db/trouble.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { AuthError } from "./errors.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Every limit there is. The counters lie in the database and are shared by every door. */
export const LIMITS = {
  /** Wrong passwords for one account from one network, or in one known browser. */
  password: { max: 10, window: 15 * minute, penalty: { first: minute, most: 15 * minute } },
  /** The same for one name or address, whether anybody has it or not. */
  "password-name": { max: 10, window: 15 * minute, penalty: { first: minute, most: 15 * minute } },
  /** Wrong passwords for one account from all networks and browsers together that are not known to it, and for one name. */
  "password-day": { max: 100, window: day },
  "password-name-day": { max: 100, window: day },
  /** Codes of a second factor, whatever door: a right one forgets the wrong ones before it. */
  "second-factor": { max: 5, window: hour, penalty: { first: minute, most: hour } },
  /** Challenges for passkeys: each is a row for ten minutes, and an open log-in page asks for a fresh one every five. */
  "passkey-challenge": { max: 300, window: 15 * minute },
  /** Failed log-ins from one address, whatever the account. */
  "login-address": { max: 50, window: 15 * minute },
  /** Right log-ins of one account from one network: each opens a session, and a thief's program must not open thousands. */
  "log-in-account": { max: 120, window: hour },
  "sign-up-address": { max: 20, window: hour },
  "mail-hour": { max: 5, window: hour },
  "mail-day": { max: 20, window: day },
  /** Mails really sent to an account's address, whichever of its names asked. Nobody can see that it is shut: see mail-limits.ts. */
  "mail-sent-hour": { max: 5, window: hour },
  "mail-sent-day": { max: 20, window: day },
  "mail-sent-known": { max: 3, window: hour },
  /** For a caller known to the account when its mails are used up: strangers must not use up those its owner needs. */
  "mail-known": { max: 3, window: hour },
  "mail-address": { max: 30, window: hour },
  /** Code tries of one account, all its codes together: six digits must not be guessable by asking for new codes. */
  "code-day": { max: 15, window: day },
  /** Codes typed from one address, whatever the account: one machine must not try one code on each of a thousand accounts. */
  "code-address": { max: 60, window: hour },
  /** The users contract's reset tokens handed to one address: each is a row, and within the cool-down no mail limits them. */
  "reset-token-address": { max: 60, window: hour },
  /** Mails that prove a new address of one account: whoever sits at it must not write to ever more strangers. */
  "email-change": { max: 10, window: day },
  /** A username given up for a new one. */
  "username-change": { max: 1, window: 30 * day },
  /** Invitations to one address, whoever sends them. */
  "invite-destination": { max: 1, window: day },
  "invite-sender": { max: 20, window: day },
  /** With HIDE_ACCOUNTS, a username used in a sign-up: kept for as long as an unconfirmed account would keep it. */
  "username-reserved": { max: 1, window: 7 * day },
  /** Refusals of one kind that are told to an account's person (lib/auth/record-event.ts): who guesses must not fill the table. */
  "attempts-told": { max: 20, window: day },
  /** Each is a mail, and another when it is called off. */
  "deletion-asked": { max: 5, window: day },
  /** Downloads of all that is kept about one account: each reads much. */
  "data-export": { max: 10, window: hour },
  /** Limits nothing: see `countForNobody`. */
  nobody: { max: 1_000_000, window: 15 * minute },
  /** A provider's answer is taken once. */
  "provider-state": { max: 1, window: 10 * minute },
  /** An ID token is taken once; none is looked at that is older than this. */
  "provider-token": { max: 1, window: hour },
  /** One mail per account and purpose in this time; asking sooner is answered as if it had been sent. */
  cooldown: { max: 1, window: minute },
} satisfies Record<string, Omit<Take, "key" | "now">>;

export type LimitName = keyof typeof LIMITS;
/** One counter: which limit, and whom it counts. */
export type Counter = readonly [limit: LimitName, who: string | number];

export const keyOf = ([limit, who]: Counter): string => `${limit}:${who}`;

/**
 * Counts one against each counter, or against none: throws `too_many_tries` with the seconds to wait, and for which limit,
 * when any is shut.
 * Counted before the work it guards, so a burst of parallel tries cannot outrun the count, and an aborted one counts.
 */
export async function take(counters: readonly Counter[], now: number): Promise<void> {
  if (!(await tryTake(counters, now))) await refuseShut(counters, now);
}

/** Throws the `too_many_tries` of these counters, for a transaction that `taking` has undone. */
export async function refuseShut(counters: readonly Counter[], now: number): Promise<never> {
  const shut = await longestShut(counters, now);
  const limit = shut?.limit;
  const retryAfter = Math.max(1, Math.ceil(((shut?.until ?? 0) - now) / 1000));
  throw new AuthError("too_many_tries", { retryAfter, ...(limit && { limit }) });
}

/** As `take`, but says false instead of throwing. */
export async function tryTake(counters: readonly Counter[], now: number): Promise<boolean> {
  if (!(await atomically(() => taking(counters, now)))) return false;
  for (const counter of counters) if (!isTakenOnce(counter)) noteCounted(() => giveBack(counter));
  return true;
}

/** What may be used once stays used, even where the request that used it failed. */
const isTakenOnce = ([limit]: Counter): boolean => limit === "provider-state" || limit === "provider-token";

/**
 * Counts without limiting anything. Where an account causes a write before the answer, a name that nobody has must cause one
 * too: otherwise the time of the answer would tell the two apart.
 */
export async function countForNobody(name: string): Promise<void> {
  await tryTake([["nobody", name]], clock());
}

/** The statements that count, for an `atomically` in which something else happens with them; a shut one undoes it all. */
export const taking = (counters: readonly Counter[], now: number) =>
  counters.map((counter) => must(takeOne({ key: keyOf(counter), ...LIMITS[counter[0]], now })));

/** Statements for `atomically` that count what happens whether it may or not. */
export const counting = (counters: readonly Counter[], now: number) =>
  counters.map((counter) => takeOne({ key: keyOf(counter), ...LIMITS[counter[0]], now }));

/** Statements for `atomically`. A cool-down that is already running is left as it is. */
export const startCooldown = (what: string, now: number) =>
  takeOne({ key: keyOf(["cooldown", what]), ...LIMITS.cooldown, now });
export const giveBack = (counter: Counter) => giveOneBack(keyOf(counter));
export const clear = (counter: Counter) => clearCounter(keyOf(counter));
/** With those under it, where it is counted also by browser, network, session, kind or address. */
export const clearAll = (counter: Counter) => clearCountersUnder(keyOf(counter));

/** Milliseconds since 1970 at which all of these counters will be open; 0 when they are. */
export async function opensAt(counters: readonly Counter[], now: number): Promise<number> {
  return (await longestShut(counters, now))?.until ?? 0;
}

/** Of these counters the one that opens last. One that is shut for longer than its limit allows was shut before the clock was set back. */
async function longestShut(counters: readonly Counter[], now: number) {
  const found = (await findShut(counters.map(keyOf), now)).flatMap(({ key, until }) => {
    const limit = counters.find((counter) => keyOf(counter) === key)?.[0];
    return limit && until - now <= longestPause(LIMITS[limit]) ? [{ limit, until }] : [];
  });
  return found[0];
}

/**
 * Which network a caller counts as. An IPv6 customer owns a whole /64 at least, so single addresses of it are counted
 * together; otherwise one machine has 2^64 tries.
 */
export const networkOf = (client: Client): string => networkAround(client, { v4Bytes: 4, v6Groups: 4 });

/**
 * The network around a caller in which their next address will probably be: an IPv4 /24 or an IPv6 /48. Guesses at one
 * password are counted by it, since who guesses changes addresses within it for nothing.
 */
export const siteOf = (client: Pick<Client, "address">): string => networkAround(client, { v4Bytes: 3, v6Groups: 3 });

function networkAround(
  { address }: Pick<Client, "address">,
  { v4Bytes, v6Groups }: { v4Bytes: number; v6Groups: number },
): string {
  // In its one spelling already: lib/server/forwarded.ts.
  if (isIPv4(address)) return v4Bytes === 4 ? address : `${address.split(".").slice(0, v4Bytes).join(".")}.0/24`;
  if (!isIPv6(address)) return address;
  const [head = "", tail = ""] = address.toLowerCase().split("::");
  const first = head ? head.split(":") : [];
  const last = tail ? tail.split(":") : [];
  const groups = address.includes("::")
    ? [...first, ...Array(8 - first.length - last.length).fill("0"), ...last]
    : first;
  return `${groups
    .slice(0, v6Groups)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/${16 * v6Groups}`;
}
