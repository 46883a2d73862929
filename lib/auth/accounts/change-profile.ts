import { changeProfile as changeRow, findAccount, holdAccount } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import {
  findReservation,
  listReservations,
  reserveUsername,
  takeReservedBack,
  unlessReserved,
} from "#db/reserved-usernames.ts";
import type { Account, ReservedUsername } from "#db/schema.ts";
import { type Caller, holdSession } from "#db/sessions.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { type Counter, LIMITS, opensAt, refuseShut, taking } from "#lib/auth/limits.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { usernameKey } from "#lib/identifiers.ts";
import { isUsernameTaken, nobodysName } from "./accounts.ts";

export type Profile = {
  firstName: string;
  lastName: string;
  phoneNumber: string;
  /** Null for none. */
  username: string | null;
};

/** A username given up is kept for its owner as long as they cannot have another new one. */
const KEPT_FOR = LIMITS["username-change"].window;

/**
 * Changes what a person says about themselves. A username can be exchanged for a new one once in thirty days; so long the old one
 * is kept for them, and may be taken back at any time. Throws `username_taken`, `session_invalid`, `too_many_tries`.
 */
export async function changeProfile(input: Caller & { profile: Profile; client: Client }): Promise<void> {
  const done = (await tryToChange(input)) || (await tryToChange(input));
  if (!done) throw new AuthError("session_invalid");
}

/** False when the account changed in this moment: looked at once more, it says how. */
async function tryToChange({
  account: { id },
  session,
  profile,
  client,
}: Caller & { profile: Profile; client: Client }): Promise<boolean> {
  const account = await findAccount({ id });
  if (!account) throw new AuthError("session_invalid");
  const now = clock();
  const to = profile.username === null ? null : usernameKey(profile.username);
  const isOther = to !== account.usernameKey;
  const isOwn = to !== null && (await findReservation(to, now))?.accountId === id;
  const counters = isOther && !isOwn && to !== null && (await hadName(account, now)) ? [counterOf(id)] : [];
  // A name that somebody signs up with is kept a while where accounts are hidden, whatever became of the sign-up: that it is
  // free here would tell what did.
  if (isOther && to !== null && !isOwn && (await isKeptForSignUp(to, now))) throw new AuthError("username_taken");
  const rows = await atomically(() => [
    must(holdAccount(id, { usernameKey: account.usernameKey })),
    must(holdSession(session.id, now)),
    ...taking(counters, now),
    must(changeRow(id, { ...profile, usernameKey: to }, now)),
    ...(isOther && to !== null ? [must(unlessReserved(to, now))] : []),
    ...(isOther && isOwn && to !== null ? [must(takeReservedBack(id, to, now))] : []),
    ...(isOther ? reserving(account, now) : []),
    ...(isOther ? [recordEvent("username_changed", { account, client, session: session.id }, now)] : []),
  ]);
  if (rows) return true;
  if (isOther && profile.username !== null && !isOwn && (await isUsernameTaken(profile.username)))
    throw new AuthError("username_taken");
  if ((await opensAt(counters, now)) > now) await refuseShut(counters, now);
  return false;
}

/** Whether a name would be a new one in the place of another: the first is not. */
async function hadName({ id, usernameKey }: Account, now: number): Promise<boolean> {
  return usernameKey !== null || (await listReservations(id, now)).length > 0;
}

const isKeptForSignUp = async (name: string, now: number): Promise<boolean> =>
  (await opensAt([["username-reserved", nobodysName(name)]], now)) > now;

function reserving({ id, username, usernameKey }: Account, now: number) {
  if (username === null || usernameKey === null) return [];
  return [reserveUsername({ usernameKey, username, accountId: id, expiresAt: now + KEPT_FOR })];
}

const counterOf = (id: number): Counter => ["username-change", id];

export type UsernameStanding = {
  /** When it can be exchanged for a new one, in ms since 1970; null: now. */
  freeFrom: number | null;
  /** Those kept for this person, who may take them back. */
  kept: Pick<ReservedUsername, "username" | "expiresAt">[];
};

/** What a person may do with their username. */
export async function usernameStanding(accountId: number): Promise<UsernameStanding> {
  const now = clock();
  const opens = await opensAt([counterOf(accountId)], now);
  return { freeFrom: opens > now ? opens : null, kept: await listReservations(accountId, now) };
}
