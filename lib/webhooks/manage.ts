import { randomBytes } from "node:crypto";
import type { Webhook } from "#db/schema.ts";
import { purgeDeliveriesOf } from "#db/webhook-deliveries.ts";
import { nudgeWebhooks } from "#db/webhook-nudge.ts";
import * as store from "#db/webhooks.ts";
import { WEBHOOK_TYPES, type WebhookType } from "#lib/auth/tell-others.ts";
import { clock } from "#lib/clock.ts";
import { readDestination } from "./destination.ts";
import { WebhookRefused } from "./refused.ts";
import { newSecret, sealSecret } from "./secrets.ts";

/** What an operator does with webhooks. */

/** Each has a lane of its own in the worker, and a row for each message. */
export const MOST_WEBHOOKS = 32;
/** How long an exchanged secret is good beside the new one, in ms. */
export const OLD_SECRET_LIFE = 24 * 60 * 60_000;
/** Rows in one go: a few milliseconds in which nobody else is served. */
const BATCH = 200;

/** What may be shown of one: all but its secrets. `types`: those it wants; null for all. Times are in ms since 1970. */
export type ShownWebhook = Pick<
  Webhook,
  "id" | "url" | "description" | "createdAt" | "failingSince" | "disabledAt" | "disabledWhy"
> & {
  types: WebhookType[] | null;
  /** Until when everything is signed with the old secret too; null where there is none. */
  oldSecretEndsAt: number | null;
};

/**
 * Adds one, which is told what happens from now on; `types` null for all. The secret is in the answer and nowhere else.
 * Throws `url_invalid`, `url_not_https`, `url_private`, `type_unknown`, `webhook_limit`.
 */
export async function addWebhook(wanted: {
  url: string;
  types: readonly string[] | null;
  description?: string | undefined;
}): Promise<{ webhook: ShownWebhook; secret: string }> {
  const url = readDestination(wanted.url).href;
  const types = wanted.types?.map(known) ?? null;
  if (types?.length === 0) throw new WebhookRefused("type_unknown");
  const id = `wh_${randomBytes(6).toString("hex")}`;
  const secret = newSecret();
  const row = {
    id,
    url,
    description: wanted.description ?? "",
    types: types && ` ${[...new Set(types)].join(" ")} `,
    secret: sealSecret(secret, { id }),
    createdAt: clock(),
  };
  const [webhook] = await store.insertWebhook(row, MOST_WEBHOOKS);
  if (!webhook) throw new WebhookRefused("webhook_limit");
  return { webhook: shown(webhook), secret };
}

function known(type: string): WebhookType {
  const found = WEBHOOK_TYPES.find((one) => one === type);
  if (!found) throw new WebhookRefused("type_unknown");
  return found;
}

/** The oldest first. */
export const listWebhooks = async (): Promise<ShownWebhook[]> => (await store.listWebhooks()).map(shown);

/** Throws `webhook_not_found`. */
export async function findWebhook(id: string): Promise<ShownWebhook> {
  return shown(orNotFound(await store.findWebhook(id)));
}

/** Removes it, and all that it was told or was still to be. Throws `webhook_not_found`. */
export async function removeWebhook(id: string): Promise<void> {
  orNotFound(await store.findWebhook(id));
  // From here on nothing more is written for it, so that this comes to an end.
  await store.switchOff(id, null, clock());
  while ((await purgeDeliveriesOf(id, BATCH)).length === BATCH);
  await store.deleteWebhook(id);
}

/**
 * Gives it another secret, which is in the answer and nowhere else. For OLD_SECRET_LIFE everything is signed with both; one that was
 * still good from an earlier change no longer is. Throws `webhook_not_found`.
 */
export async function rotateSecret(id: string): Promise<{ webhook: ShownWebhook; secret: string }> {
  const secret = newSecret();
  const [webhook] = await store.replaceSecret(id, sealSecret(secret, { id }), clock() + OLD_SECRET_LIFE);
  return { webhook: shown(orNotFound(webhook)), secret };
}

/** Switches it on again: what was waiting for it goes out; what happened meanwhile was not written down. Throws `webhook_not_found`. */
export async function enableWebhook(id: string): Promise<ShownWebhook> {
  const [webhook] = await store.switchOn(id);
  nudgeWebhooks();
  return shown(orNotFound(webhook));
}

function orNotFound(webhook: Webhook | undefined): Webhook {
  if (!webhook) throw new WebhookRefused("webhook_not_found");
  return webhook;
}

const shown = (webhook: Webhook): ShownWebhook => {
  const { id, url, description, createdAt, failingSince, disabledAt, disabledWhy, oldSecretEndsAt } = webhook;
  const types = webhook.types === null ? null : (webhook.types.trim().split(" ") as WebhookType[]);
  const isOldGood = oldSecretEndsAt !== null && oldSecretEndsAt > clock();
  return {
    id,
    url,
    description,
    types,
    createdAt,
    failingSince,
    disabledAt,
    disabledWhy,
    oldSecretEndsAt: isOldGood ? oldSecretEndsAt : null,
  };
};
