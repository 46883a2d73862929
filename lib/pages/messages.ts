import type { AuthErrorCode } from "#lib/auth/errors.ts";

/** One sentence for each refusal of the core. A page whose form makes it plainer says it in its own words (`refused`). */
export const MESSAGES = {
  // Pages tell nobody who has an account: an unknown address and a wrong password read alike.
  account_not_found: "Wrong e-mail address or password.",
  wrong_password: "Wrong e-mail address or password.",
  account_blocked: "This account is blocked. The people who run this site can say why.",
  email_unverified: "Confirm your e-mail address first. A mail with a link and a code is on its way.",
  // Wrong, used up, expired, or of an address nobody has: one sentence, or the difference would tell.
  already_verified: "This code is wrong or no longer valid. Look for the newest mail, or ask for another below.",
  code_wrong: "This code is wrong or no longer valid. Look for the newest mail, or ask for another below.",
  code_dead: "This code is wrong or no longer valid. Look for the newest mail, or ask for another below.",
  email_taken: "A mail is on its way to this address.",
  username_taken: "This name is taken. Choose another.",
  password_common: "This password is among the first that anyone would guess. Choose another.",
  link_invalid: "This link is not complete, or not one of ours.",
  link_expired: "This link has expired.",
  link_used: "This link has been used already.",
  link_superseded: "A newer mail has taken this one’s place.",
  session_invalid: "You have been logged out. Log in again to go on.",
  // Tokens of programs; no form of ours carries one.
  token_invalid: "This token is not valid.",
  token_inert: "This token opens nothing yet.",
  mail_refused: "No mail can go to this address.",
  redirect_refused: "That address is not one this site sends people to.",
  provider_off: "Log-in with Google is not set up here.",
  provider_cancelled: "You cancelled the log-in with Google. Nothing was changed.",
  provider_lost:
    "This log-in with Google was begun in another browser, longer than ten minutes ago, or is finished already. Try again.",
  provider_refused: "Google did not confirm who you are. Try again, or log in with your password.",
  provider_unverified: "Google has not verified your e-mail address, so it cannot open an account here.",
  provider_link_needed:
    "There is an account with this address already. A mail is on its way to it that asks whether Google may open it.",
  last_way_in: "Google is your only way in. Set a password first.",
  too_many_tries: "Too many tries.",
  busy: "A great many people are at the door just now. Try again in a moment.",
} as const satisfies Record<AuthErrorCode, string>;

/** When it is not the person's doing; the request's id follows, under which the log tells more. */
export const OUR_FAULT =
  "Something broke on our side, and it has been noted. Try again; if you ask for help, name this:";

/** When a form could not be sent at all. */
export const UNREACHABLE = "The server did not answer. What you typed is still here: try again, or reload the page.";

/** When a form was made by an older version of this site, and leads nowhere in this one. */
export const UPDATED =
  "This site was updated since you opened this page, so nothing was sent. What you typed will be there again, but for passwords.";

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
