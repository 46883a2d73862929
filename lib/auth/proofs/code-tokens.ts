import { findAccount, holdAccount } from "#db/accounts.ts";
import { consumeChallenge } from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import * as store from "#db/code-tokens.ts";
import type { Account, CodeToken } from "#db/schema.ts";
import { NOBODY } from "#lib/auth/accounts/accounts.ts";
import { AuthError, refusals } from "#lib/auth/errors.ts";
import { refuseCommonPassword } from "#lib/auth/factors/password/hashing.ts";
import { networkOf, take } from "#lib/auth/limits.ts";
import { hashToken } from "#lib/auth/sessions/sessions.ts";
import { randomToken } from "#lib/auth/tokens/random-token.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { env } from "#lib/env.ts";
import { checkCode, checkCodeOfNobody, countCode } from "./challenges.ts";
import { resetWith } from "./reset-password.ts";
import { proveOwnByCode } from "./verify-email.ts";

/**
 * The users contract hands whoever posts an address a token, and documents that this token sets the password: an account
 * takeover. Here such a token is inert until the code that was mailed to the address is given with it.
 */

export type IssuedCodeToken = { token: string; expiresAt: number; createdAt: number };

const lifetime: Record<CodeToken["purpose"], () => number> = {
  // Outlives a few resends of the code.
  "verify-email": () => 7 * env().VERIFY_LINK_TTL,
  "reset-password": () => env().RESET_LINK_TTL,
};

/**
 * A token (128 random bits in the shape of a UUID, stored hashed) that names this account and purpose; with null one that
 * names nobody, for answers that must not tell whether there is an account. It is written down all the same: the time a
 * write takes would tell.
 */
export async function issueCodeToken(
  accountId: number | null,
  purpose: CodeToken["purpose"],
): Promise<IssuedCodeToken> {
  const createdAt = clock();
  const times = { createdAt, expiresAt: createdAt + lifetime[purpose]() };
  const token = randomToken();
  const row = { tokenHash: hashToken(token), purpose, ...times };
  // One deleted meanwhile gets a token that names nothing, which looks the same.
  await atomically(() => [
    accountId === null ? holdAccount(NOBODY.id) : must(holdAccount(accountId)),
    store.insertCodeToken({ ...row, accountId }),
  ]);
  return { token, ...times };
}

/** Counts a reset token against whoever asks for one. Throws `too_many_tries`. */
export async function countResetToken(client: Client): Promise<void> {
  await take([["reset-token-address", networkOf(client)]], clock());
}

export const PRESENT_CODE_REFUSALS = refusals(
  "token_invalid",
  "already_verified",
  "account_blocked",
  "code_wrong",
  "code_dead",
  "too_many_tries",
);

/**
 * Gives the mailed code with a token. One of type 9 proves the address; one of type 8 is awakened: it may now set the
 * password once, and the mail's own link and code are used up.
 * Throws `token_invalid`, `already_verified`, `account_blocked`, `code_wrong`, `code_dead`, `too_many_tries`.
 */
export async function presentCode(input: { token: string; code: string; client: Client }): Promise<Account> {
  await countCode(input.client);
  const { token, code } = input;
  const { row, account } = await readCodeToken(token).catch(async (error) => {
    await checkCodeOfNobody(hashToken(token), "reset-password");
    throw error;
  });
  if (row.purpose === "verify-email") return proveOwnByCode({ account, code, client: input.client });
  const challenge = await checkCode(account, "reset-password", code);
  const now = clock();
  const done = await atomically(() => [
    must(consumeChallenge(challenge.id, "code", now)),
    must(store.awakenCodeToken(row.tokenHash, now)),
  ]);
  if (!done) throw new AuthError("code_dead");
  return account;
}

export const RESET_BY_CODE_TOKEN_REFUSALS = refusals(
  "token_invalid",
  "token_inert",
  "code_wrong",
  "code_dead",
  "password_common",
  "too_many_tries",
  "busy",
);

/**
 * Sets the password with a token of type 8 that was awakened, or with one that is still inert and the mailed code beside it.
 * Throws `token_invalid`, `code_wrong`, `code_dead`, `password_common`, `too_many_tries`, `busy`.
 */
export async function resetByCodeToken(input: {
  token: string;
  code?: string | undefined;
  password: string;
  client: Client;
}): Promise<Account> {
  // Before the token: refused only where a token is somebody's, a common password would tell whose address has an account.
  await refuseCommonPassword(input.password, []);
  const { row, account } = await readCodeToken(input.token);
  if (row.purpose !== "reset-password") throw new AuthError("token_invalid");
  if (row.awakenedAt === null && input.code === undefined) throw new AuthError("token_inert");
  if (row.awakenedAt === null) await presentCode({ token: input.token, code: input.code ?? "", client: input.client });
  // The account's own names, for the same reason, only after the code; the token is awake now, so nothing is lost.
  await refuseCommonPassword(input.password, [account.email, account.username]);
  const done = await resetWith(account, input.password, (now) => store.useAwakenedToken(row.tokenHash, now));
  if (!done) throw new AuthError("token_invalid");
  return done;
}

async function readCodeToken(token: string): Promise<{ row: CodeToken; account: Account }> {
  const row = await store.findCodeToken(hashToken(token), clock());
  const account = row && (await findAccount({ id: row.accountId ?? NOBODY.id }));
  if (!account) throw new AuthError("token_invalid");
  return { row, account };
}
