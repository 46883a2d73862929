import type { OutboxMail } from "#lib/auth/operators/mail.ts";

/** What mails are about, for operators. */
export const MAIL_WORDS: Record<OutboxMail["template"], string> = {
  "verify-email": "Confirm an address",
  "reset-password": "Set a new password",
  "password-changed": "The password was changed",
  "account-exists": "Somebody signed up with this address again",
  invite: "Invitation",
  "google-linked": "Log-in with Google was added",
  "new-log-in": "Log-in from somewhere new",
  "link-provider": "Allow log-in with Google?",
  "factor-changed": "Notice about how one logs in",
  deletion: "Notice about a deletion",
  "change-email": "Confirm a new address",
  "address-changed": "The address was changed",
  "address-change-undone": "The old address is back",
};
