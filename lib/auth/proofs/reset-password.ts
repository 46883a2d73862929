import { type AccountFacts, claimAccount, setPassword } from "#db/accounts.ts";
import { deleteAppPasswords } from "#db/app-passwords.ts";
import { consumeChallenge, supersedeChallenges } from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { endCodeTokens } from "#db/code-tokens.ts";
import { endIdentities } from "#db/identities.ts";
import { forgetNetworks } from "#db/known-networks.ts";
import { queueMail } from "#db/outbox.ts";
import { endPasskeys } from "#db/passkeys.ts";
import type { Account, Challenge } from "#db/schema.ts";
import { endSessions } from "#db/sessions.ts";
import { forgetSignUps } from "#db/sign-ups.ts";
import { findByIdentifier, nobodysName } from "#lib/auth/accounts/accounts.ts";
import { AuthError, LINK_REFUSALS, refusals } from "#lib/auth/errors.ts";
import { forgetGuesses } from "#lib/auth/factors/password/guesses.ts";
import { withPlace } from "#lib/auth/factors/password/hash-places.ts";
import { hashPassword, refuseCommonPassword } from "#lib/auth/factors/password/hashing.ts";
import { recordAttempt, recordEvent } from "#lib/auth/record-event.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { checkCode, checkCodeOfNobody, countCode, readLink } from "./challenges.ts";
import { requestMailByName } from "./mail-requests.ts";
import { refuseLink } from "./mailed-links.ts";

export const REQUEST_RESET_REFUSALS = refusals("account_not_found", "too_many_tries");

/**
 * Mails a link and a code to set a new password; within the cool-down does nothing.
 * Throws `account_not_found`, `too_many_tries`.
 */
export async function requestReset(input: { identifier: string; link: string; client: Client }): Promise<Account> {
  const account = await requestMailByName({ template: "reset-password", ...input });
  await recordAttempt("reset_requested", { account, client: input.client, name: input.identifier });
  if (!account) throw new AuthError("account_not_found");
  return account;
}

export const RESET_BY_LINK_REFUSALS = refusals(...LINK_REFUSALS, "password_common", "busy");

/**
 * Sets a new password by the mailed link's token, once; see `resetWith` for what ends with the old one.
 * Throws `link_invalid`, `link_expired`, `link_used`, `link_superseded`, `account_not_found`, `password_common`, `busy`.
 */
export function resetByLink({ token, password }: { token: string; password: string }): Promise<Account> {
  return withPlace("new-password", undefined, async () => {
    const { challenge, account, state } = await readLink(token, "reset-password");
    if (state !== "ready") refuseLink(state, account);
    await refuseCommonPassword(password, [account.email, account.username]);
    return (await reset(account, challenge, "link", password)) ?? refuseLink("used", account);
  });
}

export const RESET_BY_CODE_REFUSALS = refusals(
  "account_not_found",
  "code_wrong",
  "code_dead",
  "password_common",
  "too_many_tries",
  "busy",
);

/**
 * Sets a new password by the mailed code, once. The password is looked at first, so that one too common costs no try, and
 * is answered alike whether there is an account; the account's own names are looked at when the code has proved right.
 * Throws `account_not_found`, `code_wrong`, `code_dead`, `password_common`, `too_many_tries`, `busy`.
 */
export function resetByCode(input: ResetByCode): Promise<Account> {
  // Before the code is looked at: whoever is turned away must not have spent one of its tries.
  return withPlace("new-password", input.client, () => resetByCodeInPlace(input));
}

export type ResetByCode = { identifier: string; code: string; password: string; client: Client };

async function resetByCodeInPlace(input: ResetByCode): Promise<Account> {
  await refuseCommonPassword(input.password, [input.identifier]);
  await countCode(input.client);
  const account = await findByIdentifier(input.identifier);
  if (!account) {
    await checkCodeOfNobody(nobodysName(input.identifier), "reset-password");
    throw new AuthError("account_not_found");
  }
  const challenge = await checkCode(account, "reset-password", input.code);
  await refuseCommonPassword(input.password, [account.email, account.username]);
  const done = await reset(account, challenge, "code", input.password);
  if (!done) throw new AuthError("code_dead");
  return done;
}

function reset(account: Account, challenge: Challenge, by: "link" | "code", password: string): Promise<Account | null> {
  return resetWith(account, password, (now) => consumeChallenge(challenge.id, by, now));
}

/**
 * Consumes what allows the reset and takes effect, in one transaction; null when it was used up meanwhile, or `facts` about
 * the account no longer hold. Whoever reads the address's mail owns it: the address counts as proved, and all an impostor
 * who signed up first may hold or have said ends: sessions, unused links, codes and tokens, lock-outs, and of an account not
 * proved before its names and phone. `alongside` happens with it; a notice is mailed, unless `quietly`.
 */
export async function resetWith(
  account: Account,
  password: string,
  consume: (now: number) => PromiseLike<unknown[]>,
  {
    quietly = false,
    facts = {},
    alongside = () => [],
  }: { quietly?: boolean; facts?: AccountFacts; alongside?: (now: number) => PromiseLike<unknown>[] } = {},
): Promise<Account | null> {
  const passwordHash = await hashPassword(password);
  const now = clock();
  const rows = await atomically(() => [
    // The account's row first, as everywhere: a log-in or a change of password under way waits, and then finds another hash.
    must(setPassword(account.id, passwordHash, now, facts)),
    must(consume(now)),
    claimAccount(account.id, now),
    ...endingAllOthers(account, now),
    ...alongside(now),
    ...(quietly ? [] : [queueMail({ template: "password-changed", to: account.email, accountId: account.id, now })]),
    recordEvent("reset_done", { account }, now),
  ]);
  if (!rows) return null;
  const [[changed], , [claimed]] = rows;
  return claimed ?? changed ?? null;
}

/**
 * Statements for `atomically`: all ends that anybody may hold of the account against whom its owner acts, by a mail they read or as one
 * who is logged in (lock-out.ts). The password is for the caller to change.
 */
export function endingAllOthers(account: Pick<Account, "id" | "email" | "username">, now: number) {
  return [
    endSessions(account.id, now),
    // Whoever linked themselves may be one of them: each link needs a yes by mail to open it again.
    ...endIdentities(account.id, now),
    // The same of passkeys.
    endPasskeys(account.id, now),
    supersedeChallenges(account.id, "all", now),
    forgetSignUps(account.id),
    endCodeTokens(account.id, now),
    // They may have made one.
    deleteAppPasswords(account.id),
    ...forgetGuesses(account),
    forgetNetworks(account.id),
  ];
}
