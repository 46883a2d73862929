import type { LimitName } from "./limits.ts";

// What the store says when it is in trouble is no refusal of ours; both doors answer it with 503.
export { RETRY_AFTER, troubleOf } from "#db/trouble.ts";

/**
 * Everything that can refuse a use-case of the core. The core speaks these codes. The pages have words for all of them; a
 * contract has words for those its endpoints name, and for no other: what does not fit does not compile.
 */
export type AuthErrorCode =
  | "account_not_found"
  | "account_blocked"
  | "wrong_password"
  /** The password was right, the address is not proved yet; a verification mail is on its way. */
  | "email_unverified"
  | "already_verified"
  | "email_taken"
  | "username_taken"
  | "password_common"
  /** Not a link of ours, altered, of another purpose, or its account is gone. */
  | "link_invalid"
  | "link_expired"
  | "link_used"
  /** A newer mail of the same purpose took its place. */
  | "link_superseded"
  | "code_wrong"
  /** Five wrong tries, expired, or used: only a new mail helps. */
  | "code_dead"
  | "session_invalid"
  /** The users contract's token of type 8 or 9 is not ours, used, or expired. */
  | "token_invalid"
  /** A token of type 8 with which the mailed code was not given yet. */
  | "token_inert"
  | "redirect_refused"
  /** The address asked not to be mailed again. */
  | "mail_refused"
  /** Log-in with Google is not configured. */
  | "provider_off"
  /** The person said no at the provider. */
  | "provider_cancelled"
  /** No log-in of this browser is under way: lost, replayed, older than ten minutes, or another browser's. */
  | "provider_lost"
  /** The provider could not be asked, or what it said does not check. */
  | "provider_refused"
  /** The provider has not verified the address, so it proves nothing. */
  | "provider_unverified"
  /** Only the account's owner may link it to this person at the provider; a mail that asks them is on its way. */
  | "provider_link_needed"
  /** It is the only way left to log in to the account. */
  | "last_way_in"
  /** The first factor was right, and the account has a second one. */
  | "second_factor_needed"
  /** The code is not that of the app, used already, or no recovery code of the account. */
  | "second_factor_wrong"
  /** The account has an app already; it must be removed before another is added. */
  | "factor_exists"
  /** APP_URL names an address, and browsers make passkeys for names only. */
  | "passkeys_off"
  /** What it signed for is over: used, ten minutes old, or asked for by another browser. */
  | "passkey_too_late"
  /** Nobody's here: removed, or its sign-up is over. */
  | "passkey_unknown"
  /** It is that of a sign-up whose address is not proved yet. */
  | "passkey_unproved"
  /** A reset or a change of password shut it out. */
  | "passkey_ended"
  /** What was signed does not check. */
  | "passkey_wrong"
  /** It is somebody's already. */
  | "passkey_exists"
  /** There are as many passkeys as an account may have. */
  | "too_many_passkeys"
  /** There are as many app passwords as an account may have. */
  | "too_many_app_passwords"
  /** Whoever is logged in must first show once more that it is them. */
  | "confirmation_needed"
  /** The operator's role is not enough for it, or they have none (any more). */
  | "not_allowed"
  /** Without this account the server would have no admin. */
  | "last_admin"
  /** What an operator's act was decided on is no longer so. */
  | "act_overtaken"
  | "too_many_tries"
  /** The password workers' queue is full. */
  | "busy";

/**
 * The codes that a use-case throws, for its own file to export: an endpoint names the use-case's, so that a new code of a
 * use-case is a sentence that a contract lacks, and does not compile until it is there.
 */
export const refusals = <const Codes extends readonly AuthErrorCode[]>(...codes: Codes): Codes => codes;

/** What a mailed link's token is refused with, whatever it is for. */
export const LINK_REFUSALS = refusals(
  "link_invalid",
  "link_expired",
  "link_used",
  "link_superseded",
  "account_not_found",
);

/** A refusal of the core. Carries no secret: it may be logged. */
export class AuthError extends Error {
  readonly code: AuthErrorCode;
  /** Seconds until it is worth trying again; for `too_many_tries` and `busy`. */
  readonly retryAfter: number | undefined;
  /** Which limit was reached, for `too_many_tries`: of several, the one that opens last. */
  readonly limit: LimitName | undefined;
  /** The address the refusal is about, where the caller has proved it may know it (e.g. the link's account). */
  readonly email: string | undefined;

  constructor(code: AuthErrorCode, more: { retryAfter?: number; limit?: LimitName; email?: string } = {}) {
    super(code);
    this.name = "AuthError";
    this.code = code;
    this.retryAfter = more.retryAfter;
    this.limit = more.limit;
    this.email = more.email;
  }
}
