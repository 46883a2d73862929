import { randomBytes } from "node:crypto";
import type { SQL } from "drizzle-orm";
import { afterwards } from "#db/client.ts";
import { type Account, AccountStatus } from "#db/schema.ts";
import { insertDeliveries, insertDeliveriesOf, SUB } from "#db/webhook-deliveries.ts";
import { nudgeWebhooks } from "#db/webhook-nudge.ts";
import type { SecurityEvent } from "./security-events.ts";

/**
 * What other systems are told of what happens to an account: rows for lib/webhooks to send, written with the act. They say which
 * account, and nothing else of it. What each type means stands in docs/webhooks.md.
 */

export const WEBHOOK_TYPES = [
  "account.created",
  "account.verified",
  "account.blocked",
  "account.unblocked",
  "account.email_changed",
  "account.password_changed",
  "account.factor_added",
  "account.factor_removed",
  "account.deletion_requested",
  "account.deletion_cancelled",
  "account.deleted",
  "invitation.accepted",
] as const;
export type WebhookType = (typeof WEBHOOK_TYPES)[number];

/** An event in which each of these happens. One that is not here is told to nobody. */
const TYPES: { [kind in SecurityEvent | "account_blocked" | "account_unblocked"]?: readonly WebhookType[] } = {
  address_verified: ["account.verified"],
  account_blocked: ["account.blocked"],
  account_unblocked: ["account.unblocked"],
  address_changed: ["account.email_changed"],
  address_change_undone: ["account.email_changed", "account.password_changed"],
  password_changed: ["account.password_changed"],
  reset_done: ["account.password_changed"],
  log_in_disowned: ["account.password_changed"],
  factor_added: ["account.factor_added"],
  factor_removed: ["account.factor_removed"],
  deletion_requested: ["account.deletion_requested"],
  deletion_cancelled: ["account.deletion_cancelled"],
  account_deleted: ["account.deleted"],
  invitation_accepted: ["invitation.accepted"],
};

/** `id`: the sub-select where the account is inserted in the same transaction. `status`: what it was before. */
export type Subject = Pick<Account, "sub"> & { id: number | SQL<number> } & Partial<Pick<Account, "status">>;

/**
 * The statements for the list of the act's `atomically`. `isProvedToo`: of a new account, that somebody else has vouched for its
 * address.
 */
export function tellOthers(
  kind: SecurityEvent,
  account: Subject,
  { isProvedToo = false }: { isProvedToo?: boolean },
  now: number,
) {
  const isNew = typeof account.id !== "number";
  const isProved = isNew
    ? isProvedToo || kind === "invitation_accepted"
    : // A password that is set by mail proves the address with it.
      kind === "reset_done" && account.status === AccountStatus.unverified;
  const types: WebhookType[] = [
    ...(isNew ? (["account.created"] as const) : []),
    ...(isProved ? (["account.verified"] as const) : []),
    ...(TYPES[kind] ?? []),
  ];
  return types.map((type) =>
    afterwards(
      insertDeliveries({
        id: newMessage(),
        type,
        subject: account.sub,
        payload: payloadOf(type, now, account.sub),
        at: now,
      }),
      nudgeWebhooks,
    ),
  );
}

/** Tells of the end of all accounts that `which` finds: for a statement of `atomically` between one that holds them and the one that deletes them. */
export function tellOfTheirEnd(which: SQL | undefined, now: number) {
  const type: WebhookType = "account.deleted";
  return afterwards(
    insertDeliveriesOf(which, { id: newMessage(), type, payload: payloadOf(type, now, SUB), at: now }),
    nudgeWebhooks,
  );
}

/** Unique, and without a full stop, which separates what is signed. */
export const newMessage = (): string => `msg_${randomBytes(12).toString("hex")}`;

/** As it is sent, byte for byte. */
export const payloadOf = (type: string, now: number, sub?: string): string =>
  JSON.stringify({ type, timestamp: new Date(now).toISOString(), data: sub === undefined ? {} : { sub } });
