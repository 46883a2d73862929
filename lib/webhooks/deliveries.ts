import type { WebhookDelivery } from "#db/schema.ts";
import * as store from "#db/webhook-deliveries.ts";
import { nudgeWebhooks } from "#db/webhook-nudge.ts";
import { newMessage, payloadOf } from "#lib/auth/tell-others.ts";
import { clock } from "#lib/clock.ts";
import { findWebhook } from "./manage.ts";
import { WebhookRefused } from "./refused.ts";

/** What webhooks were told, and how that went. */

const PAGE = 50;

/** What may be shown of one. `state`: `waiting` for its first or next try, `delivered`, or `failed` for good. Times are in ms since 1970. */
export type ShownDelivery = Pick<
  WebhookDelivery,
  "id" | "webhookId" | "type" | "subject" | "at" | "attempts" | "deliveredAt" | "failedAt" | "lastStatus" | "lastError"
> & { state: "waiting" | "delivered" | "failed"; nextTryAt: number | null };

export type { DeliveryKey } from "#db/webhook-deliveries.ts";

/** A page of them, the newest first. `next`: the key of the page after it; undefined where there is none. Throws `webhook_not_found`. */
export async function listDeliveries(
  webhookId: string,
  before?: store.DeliveryKey,
): Promise<{ deliveries: ShownDelivery[]; next: store.DeliveryKey | undefined }> {
  await findWebhook(webhookId);
  const rows = await store.listDeliveries(webhookId, { before, limit: PAGE + 1 });
  const page = rows.slice(0, PAGE);
  const last = rows.length > PAGE ? page.at(-1) : undefined;
  return { deliveries: page.map(shown), next: last && { at: last.at, id: last.id } };
}

/** Throws `delivery_not_found`. */
export async function findDelivery(id: string): Promise<ShownDelivery> {
  const delivery = await store.findDelivery(id);
  if (!delivery) throw new WebhookRefused("delivery_not_found");
  return shown(delivery);
}

/** What a test is called, by which a receiver knows it. It is told to whichever webhook one asks for, whatever that wants. */
export const TEST_TYPE = "webhook.test";

/** Writes down a message that says nothing. Returns it as it waits. Throws `webhook_not_found`, `webhook_off`. */
export async function sendTest(webhookId: string): Promise<ShownDelivery> {
  await findWebhook(webhookId);
  const at = clock();
  const message = { id: newMessage(), type: TEST_TYPE, payload: payloadOf(TEST_TYPE, at), at };
  const [delivery] = await store.insertDelivery(webhookId, message);
  if (!delivery) throw new WebhookRefused("webhook_off");
  nudgeWebhooks();
  return shown(delivery);
}

/**
 * Sends one again at once, whether it was delivered, was given up or waits: the same bytes under the same id, and with all tries anew.
 * Throws `delivery_not_found`, `delivery_under_way`, `webhook_off`.
 */
export async function sendAgain(id: string): Promise<ShownDelivery> {
  const { webhookId } = await findDelivery(id);
  const [delivery] = await store.deliverAgain(id, clock());
  if (delivery) {
    nudgeWebhooks();
    return shown(delivery);
  }
  const { disabledAt } = await findWebhook(webhookId);
  throw new WebhookRefused(disabledAt === null ? "delivery_under_way" : "webhook_off");
}

const shown = (delivery: WebhookDelivery): ShownDelivery => {
  const { id, webhookId, type, subject, at, attempts, deliveredAt, failedAt, lastStatus, lastError } = delivery;
  const state = deliveredAt !== null ? "delivered" : failedAt !== null ? "failed" : "waiting";
  const nextTryAt = state === "waiting" ? delivery.nextTryAt : null;
  return {
    id,
    webhookId,
    type,
    subject,
    at,
    attempts,
    deliveredAt,
    failedAt,
    lastStatus,
    lastError,
    state,
    nextTryAt,
  };
};
