import { createHmac } from "node:crypto";
import type { Account } from "#db/schema.ts";
import { callId } from "#lib/call.ts";
import type { Client } from "#lib/client.ts";
import { log } from "#lib/log.ts";
import { secretKey } from "./secret.ts";

/**
 * What happens to accounts, for whoever watches over them: one JSON line each in the log. What each event means stands in
 * docs/security-events.md.
 */
export const SECURITY_EVENTS = [
  "log_in",
  "log_in_refused",
  "log_in_shut_out",
  "sign_up",
  "address_verified",
  "reset_requested",
  "reset_done",
  "password_changed",
  "session_ended",
  "provider_linked",
  "provider_unlinked",
  "invitation_sent",
  "invitation_accepted",
  "token_reused",
  "second_factor_refused",
  "recovery_code_used",
  "browser_trusted",
  "browser_distrusted",
  "factor_added",
  "factor_removed",
  "passkey_count_fell",
  "recovery_codes_made",
  "app_password_made",
  "app_password_removed",
  "log_in_disowned",
  "data_exported",
  "deletion_requested",
  "deletion_cancelled",
  "account_deleted",
  "address_change_requested",
  "address_changed",
  "address_change_undone",
  "username_changed",
  "account_blocked",
  "account_unblocked",
  "reset_forced",
  "role_granted",
  "role_revoked",
] as const;
export type SecurityEvent = (typeof SECURITY_EVENTS)[number];

/** What is said of an event beside its name. */
type Details = {
  account?: Pick<Account, "sub"> | undefined;
  client?: Pick<Client, "address"> | undefined;
  /** A name or an e-mail address as somebody typed it. */
  name?: string;
} & Record<string, unknown>;

/** Writes an event down, once what it tells of has happened. */
export function securityEvent(event: SecurityEvent, { account, client, name, ...more }: Details = {}): void {
  const id = callId();
  // Before anybody can ask, the start tries everything once (lib/server/warm-up.ts), and takes it back.
  if (id === undefined) return;
  log.info(event, {
    // That of the request's own line.
    id,
    ...(account && { account: account.sub }),
    ...(client && { address: pseudonym(client.address) }),
    ...(name !== undefined && { name: pseudonym(name.trim().toLowerCase()) }),
    ...more,
  });
}

/** As `securityEvent`, for what the server does by itself, beside the requests. */
export function accountEvent(event: SecurityEvent, { sub }: Pick<Account, "sub">): void {
  log.info(event, { account: sub });
}

/**
 * Stands for an address or a name in the log. It is the same each time, so that events about one person can be put together;
 * without AUTH_SECRET nobody gets the name back. Names are hidden too, because people type passwords in their place.
 */
function pseudonym(of: string): string {
  return createHmac("sha256", secretKey("security events")).update(of).digest("base64url").slice(0, 16);
}
