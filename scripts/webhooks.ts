import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { closeDatabase, openStore } from "#db/client.ts";
import { databaseFile } from "#db/place.ts";
import { WEBHOOK_TYPES } from "#lib/auth/tell-others.ts";
import { clock } from "#lib/clock.ts";
import { storeEngine } from "#lib/env.ts";
import { findDelivery, listDeliveries, type ShownDelivery, sendAgain, sendTest } from "#lib/webhooks/deliveries.ts";
import {
  addWebhook,
  enableWebhook,
  listWebhooks,
  MOST_WEBHOOKS,
  removeWebhook,
  rotateSecret,
  type ShownWebhook,
} from "#lib/webhooks/manage.ts";
import { type WebhookRefusal, WebhookRefused } from "#lib/webhooks/refused.ts";
import { runAsCommand, sentence } from "./command.ts";

/** `npm run webhooks -- list | add URL | remove ID | rotate ID | enable ID | test ID | deliveries ID | send-again DELIVERY`: docs/webhooks.md. */

/** A running server looks every three seconds, and gives a receiver fifteen. */
const PATIENCE = 25_000;

const USAGE = `npm run webhooks -- list
    add URL [--events ${WEBHOOK_TYPES[0]},${WEBHOOK_TYPES[1]}] [--description TEXT]
    remove ID
    rotate ID
    enable ID
    test ID
    deliveries ID [--before DELIVERY]
    send-again DELIVERY
  Each may be followed by --json.`;

const OPTIONS = {
  events: { type: "string" },
  description: { type: "string" },
  before: { type: "string" },
  json: { type: "boolean" },
} as const;
type Line = {
  [K in keyof typeof OPTIONS]?: ((typeof OPTIONS)[K]["type"] extends "boolean" ? boolean : string) | undefined;
};

/** What a command answers: as JSON, and in words. */
type Answer = { json: unknown; words: string };

const COMMANDS: Record<string, (named: string, line: Line) => Promise<Answer>> = {
  list: async () => {
    const all = await listWebhooks();
    return { json: all, words: all.map(inWords).join("\n\n") || "There is no webhook" };
  },
  add: async (url, { events, description }) => {
    const types = events === undefined ? null : events.split(",").map((one) => one.trim());
    return secretly(await addWebhook({ url, types, description }), "is added");
  },
  remove: async (id) => {
    await removeWebhook(id);
    return { json: { id }, words: `${id} is removed, with all that it was still to be told` };
  },
  rotate: async (id) => {
    const made = await rotateSecret(id);
    return secretly(made, `has a new secret; the old one is good until ${timeOf(made.webhook.oldSecretEndsAt)}`);
  },
  enable: async (id) => {
    const webhook = await enableWebhook(id);
    return { json: webhook, words: inWords(webhook) };
  },
  test: async (id) => outcomeOf((await sendTest(id)).id),
  deliveries: async (id, { before }) => {
    const { deliveries, next } = await listDeliveries(
      id,
      before === undefined ? undefined : await findDelivery(before),
    );
    const rest = next ? [`older ones: npm run webhooks -- deliveries ${id} --before ${next.id}`] : [];
    const words = [...deliveries.map(deliveryInWords), ...rest].join("\n") || "It was told nothing in the last 30 days";
    return { json: { deliveries, next: next?.id ?? null }, words };
  },
  "send-again": async (id) => outcomeOf((await sendAgain(id)).id),
};

const secretly = ({ webhook, secret }: { webhook: ShownWebhook; secret: string }, what: string): Answer => ({
  json: { ...webhook, secret },
  words: `${webhook.id} ${what}.\nIts secret, which is not shown again:\n\n  ${secret}`,
});

/** Waits for the running server to try it. */
async function outcomeOf(id: string): Promise<Answer> {
  const deadline = performance.now() + PATIENCE;
  let delivery = await findDelivery(id);
  while (delivery.state === "waiting" && !isTried(delivery) && performance.now() < deadline) {
    await pause(200);
    delivery = await findDelivery(id);
  }
  const isSeen = delivery.state !== "waiting" || isTried(delivery);
  return {
    json: delivery,
    words: isSeen ? deliveryInWords(delivery) : `${id} waits: is the server running?`,
  };
}

const isTried = ({ attempts, nextTryAt }: ShownDelivery): boolean =>
  attempts > 0 && nextTryAt !== null && nextTryAt > clock();

function inWords(webhook: ShownWebhook): string {
  const { id, url, description, types, disabledAt, disabledWhy, failingSince, oldSecretEndsAt } = webhook;
  const why = { gone: "it answered 410", failing: "nothing got through for five days" };
  const state =
    disabledAt !== null
      ? `off since ${timeOf(disabledAt)}${disabledWhy ? `: ${why[disabledWhy]}` : ""}`
      : failingSince === null
        ? "on"
        : `on, but nothing gets through since ${timeOf(failingSince)}`;
  return [
    `${id}  ${url}`,
    ...(description ? [`  ${description}`] : []),
    `  ${state}`,
    `  ${types === null ? "all events" : types.join(", ")}`,
    ...(oldSecretEndsAt === null ? [] : [`  the old secret is good until ${timeOf(oldSecretEndsAt)}`]),
  ].join("\n");
}

function deliveryInWords({ id, type, at, state, attempts, lastStatus, lastError, nextTryAt }: ShownDelivery): string {
  const tries = attempts === 1 ? "1 try" : `${attempts} tries`;
  const last =
    lastStatus !== null ? `, answered ${lastStatus}` : lastError ? `, ${lastError.replaceAll("_", " ")}` : "";
  const next = nextTryAt !== null && attempts > 0 ? `, next try ${timeOf(nextTryAt)}` : "";
  return `${id}  ${timeOf(at)}  ${type}  ${state} (${tries}${last}${next})`;
}

const timeOf = (ms: number | null): string => (ms === null ? "" : new Date(ms).toISOString().replace(/\.\d+Z$/, "Z"));

const REFUSALS: Record<WebhookRefusal, string> = {
  url_invalid:
    "That is no URL that a webhook can have: https, without credentials and fragment, 2,000 characters at most",
  url_not_https:
    "A webhook's URL begins with https://. http:// is for this machine alone, where WEBHOOK_PRIVATE_HOSTS names it",
  url_private:
    "That leads into a private network. If it shall, name its host in WEBHOOK_PRIVATE_HOSTS, for the server too",
  type_unknown: `An event is one of ${WEBHOOK_TYPES.join(", ")}`,
  webhook_limit: `There are ${MOST_WEBHOOKS} webhooks already`,
  webhook_not_found: "There is no such webhook: npm run webhooks -- list",
  webhook_off: "That webhook is off: npm run webhooks -- enable ID",
  delivery_not_found: "There is no such delivery",
  delivery_under_way: "It is being sent in this very moment",
};

await runAsCommand(OPTIONS, async (line, [name = "", named, ...more]) => {
  const command = COMMANDS[name];
  if (!command || more.length > 0 || (named === undefined) !== (name === "list")) throw new Error(USAGE);
  // A misspelt DATABASE_URL would have a new store made.
  if (storeEngine() === "sqlite" && !existsSync(databaseFile()))
    throw sentence(`There is no database at ${databaseFile()}. Set DATABASE_URL to the one the server uses`);
  await openStore();
  try {
    const { json, words } = await command(named ?? "", line);
    console.log(line.json ? JSON.stringify(json) : `\n${words.replace(/^/gm, "  ")}\n`);
  } catch (error) {
    throw error instanceof WebhookRefused ? sentence(REFUSALS[error.code]) : error;
  } finally {
    await closeDatabase();
  }
});
