import { createHash } from "node:crypto";
import { findAccount, findPassword } from "#db/accounts.ts";
import { findReservation } from "#db/reserved-usernames.ts";
import { type Account, AccountStatus } from "#db/schema.ts";
import { clock } from "#lib/clock.ts";
import { isEmail, normalizeEmail, usernameKey } from "#lib/identifiers.ts";

export { type Account, AccountStatus } from "#db/schema.ts";

/** The account an e-mail address or a username belongs to. */
export function findByIdentifier(identifier: string): Promise<Account | undefined> {
  return isEmail(identifier)
    ? findAccount({ email: normalizeEmail(identifier) })
    : findAccount({ usernameKey: usernameKey(identifier) });
}

/** The account of whoever has proved this address: a sign-up with it that nobody proved is nobody's. */
export async function findProved(email: string): Promise<Account | undefined> {
  const holder = await findAccount({ email });
  return holder?.status === AccountStatus.unverified ? undefined : holder;
}

/** Whether somebody has this username, or has given it up so lately that it is still kept for them. */
export async function isUsernameTaken(username: string): Promise<boolean> {
  const key = usernameKey(username);
  return Boolean((await findAccount({ usernameKey: key })) ?? (await findReservation(key, clock())));
}

/**
 * Where mail for this identifier would go if somebody had it: what the limits of mail count by. A name that nobody has is
 * no place mail could go to, and not kept.
 */
export function destinationOf(identifier: string): string {
  return isEmail(identifier) ? normalizeEmail(identifier) : nobodysName(identifier);
}

/** Looked for in place of an account that does not exist, so that both take the same time. No account has this id. */
export const NOBODY = { id: 0, sub: "", passwordEpoch: 0 };

/** Names an identifier that nobody has in counters: what strangers type (at times a password) is not kept. */
export function nobodysName(identifier: string): string {
  const folded = isEmail(identifier) ? normalizeEmail(identifier) : usernameKey(identifier);
  return `nobody-${createHash("sha256").update(folded).digest("base64url")}`;
}

/** Whether this account has a password at all; someone who only ever came through a provider has none. */
export async function hasPassword(accountId: number): Promise<boolean> {
  return ((await findPassword(accountId))?.hash ?? null) !== null;
}
