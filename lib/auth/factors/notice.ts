import { queueMail } from "#db/outbox.ts";
import type { Account } from "#db/schema.ts";

/** Why a notice about a factor goes out; it stands in the row of the mail. */
export type FactorChange =
  | "authenticator-added"
  | "authenticator-removed"
  | "recovery-codes-made"
  | "recovery-code-used"
  | "codes-refused"
  | "passkey-added"
  | "passkey-removed"
  | "app-password-made"
  | "app-password-removed"
  | "locked-out"
  | "operator-blocked"
  | "operator-unblocked"
  | "operator-ended-sessions"
  | "operator-reset"
  | "operator-removed-app"
  | "role-granted"
  | "role-revoked";

/** For the `atomically` of the change: its owner hears of each, or of none that did not happen. */
export const noticeOf = ({ id, email }: Pick<Account, "id" | "email">, about: FactorChange, now: number) =>
  queueMail({ template: "factor-changed", about, to: email, accountId: id, now });
