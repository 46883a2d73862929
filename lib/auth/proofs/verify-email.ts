import {
  activateAccount,
  claimAccount,
  deleteUnverifiedAccount,
  findAccount,
  findPassword,
  forgetMaker,
  holdAccount,
} from "#db/accounts.ts";
import {
  consumeChallenge,
  findChallenge,
  otherSignUps,
  supersedeChallenges,
  supersedeKindred,
} from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { endCodeTokens } from "#db/code-tokens.ts";
import { rememberNetwork } from "#db/known-networks.ts";
import { insertPasskey } from "#db/passkeys.ts";
import { type Account, AccountStatus, type Challenge, type Passkey } from "#db/schema.ts";
import { endSessions } from "#db/sessions.ts";
import { findSignUpPasskey, findSignUpPassword, forgetSignUp, forgetSignUps, signUpPassword } from "#db/sign-ups.ts";
import { findByIdentifier, nobodysName } from "#lib/auth/accounts/accounts.ts";
import { AuthError, LINK_REFUSALS, refusals } from "#lib/auth/errors.ts";
import type { NewPasskey } from "#lib/auth/factors/passkey/verify.ts";
import { forgetGuesses } from "#lib/auth/factors/password/guesses.ts";
import { withPlace } from "#lib/auth/factors/password/hash-places.ts";
import { hashPassword, passwordMatches, refuseCommonPassword } from "#lib/auth/factors/password/hashing.ts";
import { type Counter, giveBack, networkOf, siteOf, take } from "#lib/auth/limits.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import { tellOthers } from "#lib/auth/tell-others.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { checkCode, checkCodeOfNobody, countCode, readLink } from "./challenges.ts";
import { refuseLink } from "./mailed-links.ts";

export const VERIFY_BY_LINK_REFUSALS = refusals(...LINK_REFUSALS, "account_blocked");

/**
 * Proves the address by the mailed link's token, once: for the sign-up it was mailed for, with that sign-up's password. For
 * whoever made that sign-up; anybody else is asked for a password (the two below), or they would confirm an impostor's.
 * Throws `link_invalid`, `link_expired`, `link_used`, `link_superseded`, `account_not_found`, `account_blocked`.
 */
export async function verifyEmailByLink({
  token,
  isMaker = false,
}: {
  token: string;
  /** Whether this is known to be who made the sign-up: only to them its passkey is handed. */
  isMaker?: boolean;
}): Promise<Account> {
  const { challenge, account } = await readyLink(token);
  return (await prove(account, challenge, { by: "link", isMaker })) ?? refuseLink("used", account);
}

/**
 * As `verifyEmailByLink`, for whoever also knows the password of that sign-up.
 * Throws what it throws, `wrong_password`, `too_many_tries`, `busy`.
 */
export function verifyEmailByLinkAndPassword(input: {
  token: string;
  password: string;
  client: Client;
}): Promise<Account> {
  return withPlace("new-password", input.client, async () => {
    const { challenge, account } = await readyLink(input.token);
    const tries: Counter = ["login-address", networkOf(input.client)];
    await take([tries], clock());
    if (!(await passwordMatches(input.password, await passwordOf(challenge)))) throw new AuthError("wrong_password");
    await giveBack(tries);
    return (await prove(account, challenge, { by: "link", isMaker: true })) ?? refuseLink("used", account);
  });
}

/**
 * As `verifyEmailByLink`, with a new password in place of any that a sign-up brought.
 * Throws what it throws, `password_common`, `busy`.
 */
export function claimByLink({ token, password }: { token: string; password: string }): Promise<Account> {
  return withPlace("new-password", undefined, async () => {
    const { challenge, account } = await readyLink(token);
    await refuseCommonPassword(password, [account.email, account.username]);
    const passwordHash = await hashPassword(password);
    return (
      (await prove(account, challenge, { by: "link", newHash: passwordHash, isMaker: false })) ??
      refuseLink("used", account)
    );
  });
}

async function passwordOf({ signUpId, accountId }: Challenge): Promise<string | null | undefined> {
  return signUpId === null ? (await findPassword(accountId))?.hash : findSignUpPassword(signUpId);
}

async function readyLink(token: string): Promise<{ challenge: Challenge; account: Account }> {
  const { challenge, account, state } = await readLink(token, "verify-email");
  if (state !== "ready") refuseLink(state, account);
  return { challenge, account };
}

export const VERIFY_BY_CODE_REFUSALS = refusals(
  "account_not_found",
  "already_verified",
  "account_blocked",
  "code_wrong",
  "code_dead",
  "too_many_tries",
);

/**
 * Proves the address by the code mailed for the account's own sign-up, once. Throws `account_not_found`,
 * `already_verified`, `account_blocked`, `code_wrong`, `code_dead`, `too_many_tries`.
 */
export async function verifyEmailByCode(input: { identifier: string; code: string; client: Client }): Promise<Account> {
  await countCode(input.client);
  const account = await findByIdentifier(input.identifier);
  if (!account) {
    await checkCodeOfNobody(nobodysName(input.identifier), "verify-email");
    throw new AuthError("account_not_found");
  }
  return proveOwnByCode({ ...input, account });
}

/** As `verifyEmailByCode`, for a code that was counted already. */
export const proveOwnByCode = (input: { account: Account; code: string; client: Client }): Promise<Account> =>
  proveByCode({ ...input, signUpId: null });

/**
 * Proves the address by the code mailed for the sign-up of this challenge, once. Whoever did not make that sign-up gives a
 * new password with it, which takes the place of that sign-up's.
 * Throws `account_not_found`, `already_verified`, `account_blocked`, `code_wrong`, `code_dead`, `password_common`, `too_many_tries`, `busy`.
 */
export async function verifySignUpByCode(input: {
  challengeId: string;
  email: string;
  code: string;
  newPassword?: string | undefined;
  client: Client;
}): Promise<Account> {
  const { challengeId, email, newPassword } = input;
  // Before the code, so that one too common costs no try, and is answered alike whether there is an account.
  if (newPassword !== undefined) await refuseCommonPassword(newPassword, [email]);
  await countCode(input.client);
  const signUp = await findChallenge(challengeId);
  const account = signUp?.purpose === "verify-email" ? await findAccount({ id: signUp.accountId }) : undefined;
  if (!signUp || !account) {
    await checkCodeOfNobody(nobodysName(email), "verify-email");
    throw new AuthError("account_not_found");
  }
  return proveByCode({ ...input, account, signUpId: signUp.signUpId });
}

type CodeTyped = {
  account: Account;
  code: string;
  signUpId: string | null;
  newPassword?: string | undefined;
  client: Client;
};

function proveByCode(input: CodeTyped): Promise<Account> {
  if (input.newPassword === undefined) return proveByCodeInPlace(input);
  // Before the code is looked at: whoever is turned away must not have spent one of its tries.
  return withPlace("new-password", input.client, () => proveByCodeInPlace(input));
}

async function proveByCodeInPlace(input: CodeTyped): Promise<Account> {
  const { account, code, newPassword, client } = input;
  if (account.status === AccountStatus.active) {
    await checkCodeOfNobody(nobodysName(account.email), "verify-email");
    throw new AuthError("already_verified", { email: account.email });
  }
  const challenge = await checkCode(account, "verify-email", code, input.signUpId);
  const newHash = newPassword === undefined ? undefined : await hashPassword(newPassword);
  const proved = await prove(account, challenge, { by: "code", newHash, client, isMaker: newPassword === undefined });
  if (!proved) throw new AuthError("code_dead");
  return proved;
}

/**
 * "This wasn't me": ends the sign-up the link was mailed for, and deletes the account, unless another sign-up with this
 * address waits for an answer to its mail: that may be its owner's. Says which of the two is gone.
 * Throws what `verifyEmailByLink` throws.
 */
export async function disownAccount({ token }: { token: string }): Promise<"account" | "sign-up"> {
  const { challenge, account } = await readyLink(token);
  const now = clock();
  const deleted = await atomically(() => [
    // The account's row first, as everywhere; its deletion takes the challenge with it, so that is used up before.
    must(holdAccount(account.id, { status: AccountStatus.unverified })),
    must(consumeChallenge(challenge.id, "link", now)),
    must(deleteUnverifiedAccount(account.id, otherSignUps(challenge, now))),
    ...tellOthers("account_deleted", account, {}, now),
  ]);
  if (deleted) return "account";
  const ended = await atomically(() => [
    // The account's own sign-up gave it its password and names.
    must(challenge.signUpId === null ? forgetMaker(account.id, now) : holdAccount(account.id)),
    ...(challenge.signUpId === null ? [] : [forgetSignUp(challenge.signUpId)]),
    must(consumeChallenge(challenge.id, "link", now)),
    supersedeKindred(challenge, now),
  ]);
  return ended ? "sign-up" : refuseLink("used", account);
}

/**
 * Consumes before the effect, both in one transaction: of parallel callers one gets the account, the others null. All
 * other sign-ups with the address end. With the password of a sign-up that did not make the account, or with a new one,
 * whoever did make it may be an impostor: nothing of theirs stays.
 */
async function prove(
  account: Account,
  challenge: Challenge,
  {
    by,
    newHash,
    client,
    isMaker,
  }: { by: "link" | "code"; newHash?: string | undefined; client?: Client; isMaker: boolean },
): Promise<Account | null> {
  if (account.status === AccountStatus.blocked) throw new AuthError("account_blocked");
  const now = clock();
  const passwordHash = newHash ?? (challenge.signUpId === null ? null : signUpPassword(challenge.signUpId));
  // A mail that an impostor caused, answered by the owner, must not give the impostor's passkey the account.
  const passkey = isMaker ? await broughtPasskey(challenge) : undefined;
  // Where a code is typed the mail was read: a log-in from there is nothing to tell the owner of.
  const seen = () => (client ? [rememberNetwork(account.id, siteOf(client), now)] : []);
  if (passwordHash === null) {
    const rows = await atomically(() => [
      must(activateAccount(account.id, now)),
      must(consumeChallenge(challenge.id, by, now)),
      supersedeChallenges(account.id, "verify-email", now),
      forgetSignUps(account.id),
      ...seen(),
      recordEvent("address_verified", { account, client }, now),
    ]);
    return rows?.[0][0] ?? null;
  }
  const rows = await atomically(() => [
    must(claimAccount(account.id, now, { passwordHash })),
    must(consumeChallenge(challenge.id, by, now)),
    // Made with the id of somebody's passkey, it is none: the account then waits for its owner to ask for a password.
    ...(passkey ? [insertPasskey(passkeyOf(account.id, passkey, now))] : []),
    endSessions(account.id, now),
    supersedeChallenges(account.id, "all", now),
    forgetSignUps(account.id),
    endCodeTokens(account.id, now),
    ...forgetGuesses(account),
    ...seen(),
    recordEvent("address_verified", { account, client }, now),
  ]);
  return rows?.[0][0] ?? null;
}

/** Whether this sign-up brought a passkey in place of a password. */
export const bringsPasskey = async (challenge: Challenge): Promise<boolean> =>
  (await broughtPasskey(challenge)) !== undefined;

async function broughtPasskey({ signUpId }: Challenge): Promise<NewPasskey | undefined> {
  const stored = signUpId === null ? undefined : await findSignUpPasskey(signUpId);
  return stored === undefined ? undefined : (JSON.parse(stored) as NewPasskey);
}

const passkeyOf = (accountId: number, passkey: NewPasskey, now: number): Passkey => ({
  ...passkey,
  accountId,
  createdAt: now,
  lastUsedAt: null,
  endedAt: null,
});
