import type { AccountEvent } from "#lib/auth/accounts/activity.ts";
import type { SecurityEvent } from "#lib/auth/security-events.ts";

/** What happened to an account, as its person is told. */

/** What the row says besides: see `recordEvent` in lib/auth/record-event.ts. */
type Details = {
  [word in "proof" | "methods" | "reason" | "beside" | "session" | "factor" | "by" | "role"]?: string;
} & {
  known?: boolean;
};
type Words = string | ((details: Details) => string);

/** The last one leaves nobody to be told. */
const WORDS: Record<Exclude<SecurityEvent, "account_deleted">, Words> = {
  log_in: logInInWords,
  log_in_refused: ({ reason = "" }) => REFUSALS[reason] ?? "Log-in refused",
  log_in_shut_out: "Log-in refused: too many tries",
  sign_up: ({ beside }) => (beside === undefined ? "Account created" : "Someone signed up with your address again"),
  address_verified: "E-mail address confirmed",
  reset_requested: "A mail to set a new password was asked for",
  reset_done: "New password set by mail, and everyone logged out",
  password_changed: "Password changed, and all other devices logged out",
  session_ended: ({ session }) => (session === "all" ? "Logged out on every device" : "A device was logged out"),
  provider_linked: "Log-in with Google added",
  provider_unlinked: "Log-in with Google removed",
  invitation_sent: "Invitation sent",
  invitation_accepted: "Account created from an invitation",
  token_reused: "A device was logged out: someone else had used its log-in",
  second_factor_refused: "Wrong code from an app",
  recovery_code_used: "Recovery code used",
  browser_trusted: "A browser was set to need no code for 30 days",
  browser_distrusted: "A browser was set to need a code again",
  factor_added: ({ factor }) =>
    factor === "passkey" ? "Passkey added" : "App for codes added, and all other devices logged out",
  factor_removed: ({ factor }) => (factor === "passkey" ? "Passkey removed" : "App for codes removed"),
  passkey_count_fell: "Log-in refused: a copy of one of your passkeys was used",
  recovery_codes_made: "New recovery codes made",
  app_password_made: "App password made",
  app_password_removed: "App password removed, and what it had opened logged out",
  address_change_requested: "Another e-mail address asked for",
  address_changed: "E-mail address changed",
  address_change_undone: "The change of the e-mail address was undone, and everyone logged out",
  username_changed: "Username changed",
  log_in_disowned: "“This wasn’t me”: everyone logged out, the password no longer works",
  data_exported: "Your data was downloaded",
  deletion_requested: "Asked to delete the account",
  deletion_cancelled: "The account stays, because you logged in",
  account_blocked: "Account blocked, and everyone logged out",
  account_unblocked: ({ by }) =>
    by === undefined ? "Account no longer blocked: the time was over" : "Account no longer blocked",
  reset_forced: "Everyone logged out, and a new password asked for",
  role_granted: ({ role }) =>
    role === "admin" ? "You became an admin of this site" : "You became a supporter of this site",
  role_revoked: "You no longer work for this site",
};

/** Right passwords among them: whoever hears of one that they did not give must change it. */
const REFUSALS: Record<string, string> = {
  wrong_password: "Log-in refused: wrong password",
  account_blocked: "Log-in refused: the account was blocked",
  email_unverified: "Log-in refused: right password, but the address was not confirmed yet",
  second_factor_needed: "Right password given; a code from the app was asked for",
};

function logInInWords({ proof, methods = "" }: Details): string {
  if (proof === "passkey") return "Logged in with a passkey";
  const how =
    proof === "provider" ? "with Google" : proof === "mail" ? "by a mailed link or code" : "with the password";
  return `Logged in ${how}${methods.includes("mfa") ? " and a code" : ""}`;
}

/** A newer version of this server may have written what this one has no words for. */
export function eventInWords({ kind, details }: Pick<AccountEvent, "kind" | "details">): string {
  const words = Object.hasOwn(WORDS, kind) ? WORDS[kind as keyof typeof WORDS] : "Something else";
  const told = readDetails(details);
  const said = typeof words === "string" ? words : words(told);
  return told.by === "operator" ? `${said} (by the people who run this site)` : said;
}

/** Whether it is a log-in from a browser and a network that nobody had logged in from before. Who reads the owner's mail is no stranger. */
export function isFromSomewhereNew({ kind, details }: Pick<AccountEvent, "kind" | "details">): boolean {
  const { known, proof } = readDetails(details);
  return kind === "log_in" && known === false && proof !== "mail";
}

const readDetails = (details: string | null): Details => (details === null ? {} : JSON.parse(details));
