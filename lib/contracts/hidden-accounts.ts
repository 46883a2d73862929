import type { Account } from "#lib/auth/accounts/accounts.ts";
import { type SignUp, signUp, signUpQuietly } from "#lib/auth/accounts/sign-up.ts";
import { AuthError, type AuthErrorCode } from "#lib/auth/errors.ts";
import { env } from "#lib/env.ts";
import type { RefusalOf } from "./endpoint.ts";

/**
 * HIDE_ACCOUNTS: the documents say aloud whether an address or a username has an account, which tells anybody who asks. With
 * this setting no contract does. All that makes the difference stands here, and nothing else reads the setting.
 */

export const accountsAreHidden = (): boolean => env().HIDE_ACCOUNTS;

/** A sentence that tells whether there is an account, and the one that is said in its place where they are hidden. */
export const tellsUnlessHidden =
  (telling: RefusalOf, hiding: RefusalOf): RefusalOf =>
  (about) => {
    const said = accountsAreHidden() ? hiding : telling;
    return typeof said === "function" ? said(about) : said;
  };

const TELLING: readonly AuthErrorCode[] = ["account_not_found", "already_verified"];

/** What was asked for; or null where accounts are hidden and its refusal would tell, to be answered as if it had been done. */
export async function nullIfHidden<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (accountsAreHidden() && error instanceof AuthError && TELLING.includes(error.code)) return null;
    throw error;
  }
}

/** Signs up. Null where accounts are hidden and the address was taken: its owner was told by mail. */
export const signUpUnlessTaken = (input: SignUp): Promise<Account | null> =>
  accountsAreHidden() ? signUpQuietly(input) : signUp(input);
