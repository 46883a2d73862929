import { eq } from "drizzle-orm";
import "#e2e/fixtures/own-store.ts";
import { atomically, db } from "#db/client.ts";
import { type WebhookDelivery, webhookDeliveries, webhooks } from "#db/schema.ts";
import { insertDeliveries } from "#db/webhook-deliveries.ts";
import { findWebhook } from "#db/webhooks.ts";
import { type Receiver, startReceiver } from "#e2e/fixtures/receiver.ts";
import { expect, test } from "#e2e/fixtures/test.ts";
import { newMessage, payloadOf } from "#lib/auth/tell-others.ts";
import { addWebhook, enableWebhook, MOST_WEBHOOKS } from "#lib/webhooks/manage.ts";
import { deliverNext } from "#lib/webhooks/worker.ts";

/** The worker's one step, against a real receiver; the clock is the test's. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const noon = Date.UTC(2027, 2, 1, 12);

let receiver: Receiver;
let webhookId: string;
const never = new AbortController().signal;

test.beforeEach(async () => {
  await db().delete(webhooks);
  receiver = await startReceiver();
  webhookId = (await addWebhook({ url: receiver.url, types: null })).webhook.id;
});
test.afterEach(() => receiver.close());

/** Writes a message down, as an act does. */
async function write(now: number): Promise<WebhookDelivery> {
  const id = newMessage();
  const message = {
    id,
    type: "account.verified",
    subject: "a sub",
    payload: payloadOf("account.verified", now, "a sub"),
  };
  await atomically(() => [insertDeliveries({ ...message, at: now })]);
  return rowOf({ id: `${id}_${webhookId}` });
}

async function rowOf({ id }: Pick<WebhookDelivery, "id">): Promise<WebhookDelivery> {
  const [row] = await db().select().from(webhookDeliveries).where(eq(webhookDeliveries.id, id));
  if (!row) throw new Error("It is gone");
  return row;
}

const tryAt = (now: number, signal = never): Promise<boolean> => deliverNext(webhookId, { clock: () => now, signal });

/** Tries it at each moment it is due until it is given up or delivered, and returns how long each pause was. */
async function tryOut(delivery: WebhookDelivery): Promise<{ pauses: number[]; end: number }> {
  const pauses: number[] = [];
  for (let now = delivery.at; ; ) {
    expect(await tryAt(now)).toBe(true);
    const { failedAt, deliveredAt, nextTryAt } = await rowOf(delivery);
    if (failedAt !== null || deliveredAt !== null) return { pauses, end: now };
    pauses.push(nextTryAt - now);
    // Not a moment earlier than written down.
    expect(await tryAt(nextTryAt - 1)).toBe(false);
    now = nextTryAt;
  }
}

test("what cannot be delivered is tried ten times in some 75 hours, and then given up for all to see", async () => {
  receiver.manner = 503;
  const delivery = await write(noon);
  const { pauses, end } = await tryOut(delivery);
  const expected = [
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
  ];
  expect(expected.reduce((sum, one) => sum + one)).toBe(75 * HOUR + 35 * MINUTE + 5 * SECOND);
  expect(pauses).toHaveLength(expected.length);
  for (const [n, pause] of pauses.entries()) {
    expect(pause).toBeGreaterThanOrEqual(0.9 * (expected[n] ?? 0));
    expect(pause).toBeLessThanOrEqual(1.1 * (expected[n] ?? 0));
  }
  expect(await rowOf(delivery)).toMatchObject({ attempts: 10, failedAt: end, lastStatus: 503, claimedUntil: 0 });
  expect(receiver.requests).toHaveLength(10);
  expect(await tryAt(end + 100 * HOUR)).toBe(false);
  expect(await findWebhook(webhookId)).toMatchObject({ failingSince: noon, disabledAt: null });
});

test("a webhook to which nothing has got through for five days is switched off, and keeps what waits for it", async () => {
  receiver.manner = 503;
  await tryOut(await write(noon));
  expect(await findWebhook(webhookId)).toMatchObject({ disabledAt: null });
  const waiting = await write(noon + 60 * HOUR);
  const muchLater = noon + 500 * HOUR;
  await db().update(webhookDeliveries).set({ nextTryAt: muchLater }).where(eq(webhookDeliveries.id, waiting.id));
  const { end } = await tryOut(await write(noon + 60 * HOUR));
  expect(end).toBeGreaterThan(noon + 5 * 24 * HOUR);
  expect(await findWebhook(webhookId)).toMatchObject({ disabledAt: end, disabledWhy: "failing" });
  expect(await tryAt(muchLater)).toBe(false);
  expect((await rowOf(waiting)).attempts).toBe(0);
  receiver.manner = 204;
  await enableWebhook(webhookId);
  expect(await tryAt(muchLater)).toBe(true);
  expect(await rowOf(waiting)).toMatchObject({ deliveredAt: muchLater });
});

test("one that gets something through now and then stays on", async () => {
  receiver.manner = 503;
  await tryOut(await write(noon));
  receiver.manner = 204;
  await tryOut(await write(noon + 100 * HOUR));
  expect(await findWebhook(webhookId)).toMatchObject({ failingSince: null });
  receiver.manner = 503;
  await tryOut(await write(noon + 110 * HOUR));
  expect(await findWebhook(webhookId)).toMatchObject({ failingSince: noon + 110 * HOUR, disabledAt: null });
});

test("a message that a worker took and never came back for is sent by the next one after twenty seconds", async () => {
  receiver.manner = "hang";
  const delivery = await write(noon);
  const gone = tryAt(noon);
  await expect.poll(() => receiver.held()).toBe(1);
  expect(await tryAt(noon + 19 * SECOND)).toBe(false);
  receiver.manner = 204;
  expect(await tryAt(noon + 20 * SECOND)).toBe(true);
  const [first, second] = receiver.requests;
  expect([second?.body, second?.headers["webhook-id"]]).toEqual([first?.body, first?.headers["webhook-id"]]);
  const delivered = await rowOf(delivery);
  expect(delivered).toMatchObject({ deliveredAt: noon + 20 * SECOND, attempts: 2 });
  await receiver.close();
  expect(await gone).toBe(true);
  expect(await rowOf(delivery), "the one that was gone changes nothing").toEqual(delivered);
});

test("of a try that is broken off nothing is left", async () => {
  receiver.manner = "hang";
  const delivery = await write(noon);
  const stop = new AbortController();
  const trying = tryAt(noon, stop.signal);
  await expect.poll(() => receiver.held()).toBe(1);
  stop.abort();
  expect(await trying).toBe(true);
  expect(await rowOf(delivery)).toEqual(delivery);
  receiver.manner = 200;
  expect(await tryAt(noon)).toBe(true);
  expect(await rowOf(delivery)).toMatchObject({ attempts: 1, deliveredAt: noon });
});

for (const status of [200, 201, 202, 204, 299])
  test(`an answer of ${status} is a delivery`, async () => {
    receiver.manner = status;
    const delivery = await write(noon);
    await tryAt(noon);
    expect(await rowOf(delivery)).toMatchObject({ deliveredAt: noon, lastStatus: status, lastError: null });
  });

for (const status of [300, 304, 400, 401, 404, 409, 429, 500, 502])
  test(`an answer of ${status} is none, and is tried again`, async () => {
    receiver.manner = status;
    const delivery = await write(noon);
    await tryAt(noon);
    const row = await rowOf(delivery);
    expect(row).toMatchObject({ deliveredAt: null, failedAt: null, lastStatus: status, claimedUntil: 0 });
    expect(row.nextTryAt).toBeGreaterThan(noon);
  });

test("a secret that was sealed under another AUTH_SECRET is said to be one, and signs nothing", async () => {
  const other = await addWebhook({ url: receiver.url, types: null });
  const stolen = await findWebhook(other.webhook.id);
  await db()
    .update(webhooks)
    .set({ secret: stolen?.secret ?? "" })
    .where(eq(webhooks.id, webhookId));
  const delivery = await write(noon);
  await tryAt(noon);
  expect(await rowOf(delivery)).toMatchObject({ lastError: "secret_sealed_otherwise", lastStatus: null });
  expect(receiver.requests).toEqual([]);
});

test("there are so many webhooks and no more", async () => {
  for (let n = 1; n < MOST_WEBHOOKS; n++) await addWebhook({ url: receiver.url, types: null });
  await expect(addWebhook({ url: receiver.url, types: null })).rejects.toMatchObject({ code: "webhook_limit" });
});
