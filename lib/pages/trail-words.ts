import type { OperatorAct } from "#lib/auth/record-event.ts";
import type { SecurityEvent } from "#lib/auth/security-events.ts";
import type { TRIMMED } from "#lib/auth/trail/trim.ts";

/** What rows of the audit trail tell of, for operators: short, and in the words of nobody in particular. */
export const TRAIL_WORDS: Record<SecurityEvent | OperatorAct | typeof TRIMMED, string> = {
  sign_up: "Signed up",
  address_verified: "Address confirmed",
  log_in: "Logged in",
  log_in_refused: "Log-in refused",
  log_in_shut_out: "Log-in refused: too many tries",
  second_factor_refused: "Wrong code from an app",
  recovery_code_used: "Recovery code used",
  reset_requested: "Asked for a new password by mail",
  reset_done: "New password set by mail",
  password_changed: "Password changed",
  session_ended: "Logged out",
  token_reused: "Logged out: a token was used twice",
  provider_linked: "Log-in with Google added",
  provider_unlinked: "Log-in with Google removed",
  factor_added: "Factor added",
  factor_removed: "Factor removed",
  passkey_count_fell: "Copy of a passkey refused",
  recovery_codes_made: "Recovery codes made",
  browser_trusted: "Browser trusted for 30 days",
  browser_distrusted: "Browser trusted no longer",
  app_password_made: "App password made",
  app_password_removed: "App password removed",
  log_in_disowned: "“This wasn’t me”",
  invitation_sent: "Invitation sent",
  invitation_accepted: "Joined by invitation",
  address_change_requested: "Asked for another address",
  address_changed: "Address changed",
  address_change_undone: "Change of address undone",
  username_changed: "Username changed",
  data_exported: "Took their data",
  deletion_requested: "Asked to delete the account",
  deletion_cancelled: "Kept the account after all",
  account_deleted: "Account deleted",
  account_blocked: "Blocked",
  account_unblocked: "Unblocked",
  reset_forced: "Reset forced",
  role_granted: "Role given",
  role_revoked: "Role taken away",
  mail_sent_again: "Mail sent again",
  mail_given_up: "Mail given up",
  people_exported: "People exported",
  trail_exported: "Trail exported",
  operator_link_made: "One-time link made",
  trail_trimmed: "Old end of the trail removed",
};

/** A newer version of this server may have written what this one has no words for. */
export const trailWords = (kind: string): string =>
  Object.hasOwn(TRAIL_WORDS, kind) ? TRAIL_WORDS[kind as keyof typeof TRAIL_WORDS] : kind;
