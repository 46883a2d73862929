import { atomically } from "#db/client.ts";
import type { Webhook, WebhookDelivery } from "#db/schema.ts";
import {
  claimDelivery,
  giveUpDelivery,
  listDueWebhooks,
  markDelivered,
  releaseDelivery,
  retryDelivery,
  type Tried,
} from "#db/webhook-deliveries.ts";
import { onWebhookNudge } from "#db/webhook-nudge.ts";
import { findWebhook, noteDelivering, noteFailing, switchOff, switchOffFailing } from "#db/webhooks.ts";
import { SealBroken } from "#lib/auth/at-rest.ts";
import { clock } from "#lib/clock.ts";
import { isStopping, onStop } from "#lib/lifecycle.ts";
import { describeError, log } from "#lib/log.ts";
import { lookupFor, readDestination } from "./destination.ts";
import { BROKEN_OFF, post } from "./post.ts";
import { WebhookRefused } from "./refused.ts";
import { secretsOf } from "./secrets.ts";
import { signedHeaders } from "./sign.ts";

/**
 * The worker that delivers to webhooks what acts have written down for them. Each webhook has a lane of its own, which sends one message after
 * the other: one that hangs keeps nobody else waiting. What was sent and not written down any more, since the process was killed,
 * is sent again: everything arrives at least once.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A row is held for so long, which is longer than a try can take. */
const HOLD = 20 * SECOND;
/** Those of Standard Webhooks: ten tries within 75 hours and a half. */
const PAUSES = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
/** A message that is given up switches its webhook off, where nothing has got through for so long. */
const OFF_AFTER = 5 * 24 * HOUR;
/** How long a row can lie unnoticed that another process put there. */
const LONGEST_SLEEP = 3 * SECOND;
const SHORTEST_SLEEP = SECOND / 10;
/** What is under way when the process stops may take so long still. */
const STOP_PATIENCE = 3 * SECOND;

/** Starts the worker of this process, and has it finish what it is at when the process stops. */
export function startWebhooks(): void {
  const lanes = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let isEnded = false;
  // From the moment the process is told to stop, which may be long before its last request is answered.
  const isOver = () => isEnded || isStopping();
  let looking: Promise<void> | undefined;
  let isNudged = false;
  let alarm: NodeJS.Timeout | undefined;

  const wake = (): void => {
    if (isOver()) return;
    isNudged = true;
    looking ??= lookAround()
      .catch((error: unknown) => log.error("webhooks_failed", describeError(error)))
      .finally(() => {
        looking = undefined;
        if (isNudged) wake();
      });
  };

  const lookAround = async (): Promise<void> => {
    clearTimeout(alarm);
    let pause = LONGEST_SLEEP;
    try {
      while (isNudged && !isOver()) {
        isNudged = false;
        const now = clock();
        const waiting = (await listDueWebhooks(now)).filter(({ id }) => !lanes.has(id));
        for (const { id, dueAt } of waiting) if (dueAt <= now) openLane(id);
        pause = Math.min(LONGEST_SLEEP, ...waiting.map(({ dueAt }) => Math.max(dueAt - now, SHORTEST_SLEEP)));
      }
    } finally {
      if (!isOver()) alarm = setTimeout(wake, pause).unref();
    }
  };

  const openLane = (id: string): void => {
    const lane = workThrough(id)
      .catch((error: unknown) => log.error("webhooks_failed", { webhook: id, ...describeError(error) }))
      .then(() => {
        lanes.delete(id);
        // For what was written while its last look had found nothing.
        wake();
      });
    lanes.set(id, lane);
  };

  const workThrough = async (id: string): Promise<void> => {
    while (!isOver() && (await deliverNext(id, { clock, signal: stopping.signal })));
  };

  onWebhookNudge(wake);
  wake();
  onStop(async () => {
    isEnded = true;
    onWebhookNudge(undefined);
    clearTimeout(alarm);
    const breakOff = setTimeout(() => stopping.abort(), STOP_PATIENCE);
    await Promise.all([looking, ...lanes.values()]);
    clearTimeout(breakOff);
  });
}

/** `signal` breaks off what is under way, as if it had not been tried. */
type Means = { clock: () => number; signal: AbortSignal };

/** Tries one message of this webhook that is due, and writes down how that went. Returns whether there was one. */
export async function deliverNext(webhookId: string, { clock, signal }: Means): Promise<boolean> {
  const now = clock();
  const delivery = await claimDelivery(webhookId, { now, until: now + HOLD });
  const webhook = delivery && (await findWebhook(webhookId));
  // Removed in this very moment, and with it what it was to be told.
  if (!delivery || !webhook) return false;
  await settle(webhook, delivery, await tryOnce(webhook, delivery, now, signal), clock());
  return true;
}

async function tryOnce(webhook: Webhook, delivery: WebhookDelivery, now: number, signal: AbortSignal): Promise<Tried> {
  try {
    // The settings may be others than when it was added.
    const url = readDestination(webhook.url);
    const headers = { ...signedHeaders(delivery, secretsOf(webhook, now), now), "user-agent": "Latchkey" };
    return await post({ url, headers, body: delivery.payload, lookup: lookupFor(url), signal });
  } catch (error) {
    if (error instanceof WebhookRefused) return { lastStatus: null, lastError: error.code };
    if (error instanceof SealBroken) return { lastStatus: null, lastError: "secret_sealed_otherwise" };
    throw error;
  }
}

async function settle(webhook: Webhook, delivery: WebhookDelivery, tried: Tried, now: number): Promise<void> {
  const { lastStatus: status, lastError } = tried;
  if (lastError === BROKEN_OFF) return void (await releaseDelivery(delivery));
  if (status !== null && status >= 200 && status < 300) {
    await atomically(() => [markDelivered(delivery, tried, now), noteDelivering(webhook.id)]);
    log.info("webhook_delivered", { ...named(delivery), status });
    return;
  }
  const why = { status: status ?? undefined, error: lastError ?? undefined };
  if (status === 410) return endFor410(webhook, delivery, tried, now);
  const pause = pauseAfter(delivery.attempts);
  if (pause === undefined) return giveUp(webhook, delivery, tried, now);
  await atomically(() => [retryDelivery(delivery, tried, now + pause), noteFailing(webhook.id, now)]);
  log.warn("webhook_delayed", { ...named(delivery), ...why, nextTry: new Date(now + pause).toISOString() });
}

/** It says itself that it is gone for good. */
async function endFor410(webhook: Webhook, delivery: WebhookDelivery, tried: Tried, now: number): Promise<void> {
  const rows = await atomically(() => [giveUpDelivery(delivery, tried, now), switchOff(webhook.id, "gone", now)]);
  log.error("webhook_failed", { ...named(delivery), status: tried.lastStatus });
  if (rows?.[1].length) log.error("webhook_switched_off", { webhook: webhook.id, why: "gone" });
}

async function giveUp(webhook: Webhook, delivery: WebhookDelivery, tried: Tried, now: number): Promise<void> {
  const rows = await atomically(() => [
    giveUpDelivery(delivery, tried, now),
    noteFailing(webhook.id, now),
    switchOffFailing(webhook.id, now - OFF_AFTER, now),
  ]);
  const why = { status: tried.lastStatus ?? undefined, error: tried.lastError ?? undefined };
  log.error("webhook_failed", { ...named(delivery), ...why });
  if (rows?.[2].length) log.error("webhook_switched_off", { webhook: webhook.id, why: "failing" });
}

/** Up to a tenth longer or shorter, so that what failed together does not all come back together; undefined after the last try. */
function pauseAfter(attempts: number): number | undefined {
  const pause = PAUSES[attempts - 1];
  return pause && Math.round(pause * (0.9 + Math.random() * 0.2));
}

// Neither the URL, which may have a secret in it, nor whom it is about.
const named = ({ webhookId, id, type, attempts }: WebhookDelivery) => ({
  webhook: webhookId,
  delivery: id,
  type,
  attempt: attempts,
});
