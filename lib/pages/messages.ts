import type { AuthErrorCode } from "#lib/auth/errors.ts";

/** One sentence for each refusal of the core. A page whose form makes it plainer says it in its own words (`refused`). */
export const MESSAGES = {
  // Pages tell nobody who has an account: an unknown address and a wrong password read alike.
  account_not_found: "Wrong e-mail address or password.",
  wrong_password: "Wrong e-mail address or password.",
  account_blocked: "This account is blocked. Ask the people who run this site why.",
  email_unverified: "Confirm your e-mail address first. A mail with a link and a code is on its way.",
  // Wrong, used up, expired, or of an address nobody has: one sentence, or the difference would tell.
  already_verified:
    "This code is wrong or no longer valid. Use the code from the newest mail, or ask for another mail below.",
  code_wrong:
    "This code is wrong or no longer valid. Use the code from the newest mail, or ask for another mail below.",
  code_dead: "This code is wrong or no longer valid. Use the code from the newest mail, or ask for another mail below.",
  email_taken: "A mail is on its way to this address.",
  username_taken: "This name is taken. Choose another.",
  password_common: "This password is too common. Choose another.",
  link_invalid: "This link is incomplete or not valid.",
  link_expired: "This link has expired.",
  link_used: "This link has been used already.",
  link_superseded: "A newer mail has replaced this one.",
  session_invalid: "You have been logged out. Log in again to continue.",
  // Tokens of programs; no form of ours carries one.
  token_invalid: "This token is not valid.",
  token_inert: "This token does not work yet.",
  mail_refused: "No mail can go to this address.",
  redirect_refused: "This site does not send people to that address.",
  provider_off: "Log-in with Google is not set up here.",
  provider_cancelled: "You cancelled the log-in with Google. Nothing was changed.",
  provider_lost:
    "This log-in with Google was started in another browser or more than ten minutes ago, or is already finished. Try again.",
  provider_refused: "Google did not confirm who you are. Try again, or log in with your password.",
  provider_unverified: "Google has not confirmed your e-mail address, so you cannot log in with Google here.",
  provider_link_needed:
    "There is already an account with this address. A mail is on its way to it that asks whether to allow log-in with Google.",
  last_way_in: "This is your only way to log in. Set a password first.",
  second_factor_needed: "Enter the code from your app.",
  second_factor_wrong:
    "This code is wrong or was used already. Wait for the next one your app shows, or use a recovery code.",
  factor_exists: "Your account has an app for codes already. Remove it before you add another.",
  passkeys_off: "This site is set up without a name, and passkeys need one. Use a password here.",
  passkey_too_late: "That took too long, or was begun in another tab. Try again.",
  passkey_unknown:
    "This passkey is not known here. It may have been removed from your account: log in another way, or remove it from your device.",
  passkey_unproved: "Confirm your e-mail address first: press the button in the mail we sent when you signed up.",
  passkey_ended:
    "This passkey was switched off when the password was changed. Log in with the password, then allow it again in your account.",
  passkey_wrong: "This passkey could not be checked. Try again, or log in another way.",
  passkey_exists: "This passkey belongs to an account already.",
  too_many_passkeys: "You have twenty passkeys already. Remove one that you no longer use.",
  too_many_app_passwords: "You have twenty app passwords already. Remove one that you no longer use.",
  confirmation_needed: "Too much time has passed. Show once more that it is you, then try again.",
  not_allowed: "Your role does not allow this.",
  last_admin: "This is the last admin. Make someone else an admin first.",
  act_overtaken: "This account was changed in the meantime, so nothing was done. Look at it as it is now.",
  too_many_tries: "Too many tries.",
  busy: "The server is busy. Try again in a moment.",
} as const satisfies Record<AuthErrorCode, string>;

/** When it is not the person's doing; the request's id follows, under which the log tells more. */
export const OUR_FAULT =
  "Something went wrong on our side. It has been logged. Try again, and if you ask for help, quote this reference:";

/** When a form could not be sent at all. */
export const UNREACHABLE = "The server did not answer. What you typed is still here: try again, or reload the page.";

/** When a form was made by an older version of this site, and leads nowhere in this one. */
export const UPDATED =
  "This site was updated since you opened this page, so nothing was sent. Open the page again: what you typed will still be there, except passwords.";

/**
 * Before the reason for which a form was not even looked at, such as its size. By these words the page's script tells an
 * answer of ours from one of its own errors, which mean nothing to a person.
 */
const REFUSED = "The server did not take this:";

/** What stands in an answer to a form that a page's script sent, when it is refused for this reason. */
export const refusedBecause = (reason: string): string => `${REFUSED} ${reason}`;

/** What a page says when its form could not be sent: what the server answered, or that it did not. */
export const notSent = (error: unknown): string =>
  error instanceof Error && error.message.startsWith(REFUSED) ? error.message : UNREACHABLE;

/** "Wait 4 minutes, then try again." */
export function waitSentence(seconds: number): string {
  return `Wait ${waitInWords(seconds)}, then try again.`;
}

/** A wait as people say it, rounded up: "40 seconds", "1 minute", "3 hours". */
export function waitInWords(seconds: number): string {
  if (seconds < 60) return count(seconds, "second");
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? count(minutes, "minute") : count(Math.ceil(minutes / 60), "hour");
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}
