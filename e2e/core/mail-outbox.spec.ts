import { eq } from "drizzle-orm";
import { expect, test } from "playwright/test";
import { db } from "#db/client.ts";
import { accounts, challenges, outbox } from "#db/schema.ts";
import { type Queued, queue, rowOf } from "#e2e/fixtures/outbox.ts";
import { type ResendDouble, startResendDouble } from "#e2e/fixtures/resend-double.ts";
import { resendTransport } from "#lib/mail/deliver/resend.ts";
import { PATIENCE, type Transport } from "#lib/mail/deliver/transport.ts";
import { sendNextMail } from "#lib/mail/outbox.ts";

/** The worker's one step, against the real SDK and a double of Resend's API; the clock is the test's. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const noon = Date.UTC(2027, 2, 1, 12);

let resend: ResendDouble;
let transport: Transport;

test.beforeEach(async () => {
  resend = await startResendDouble();
  process.env.RESEND_BASE_URL = resend.url;
  transport = resendTransport({ apiKey: "re_a_key_of_ours", from: "Latchkey <hello@example.com>" });
});
test.afterEach(() => resend.close());

const sendAt = (now: number): Promise<boolean> => sendNextMail({ transport, clock: () => now });

test("Resend gets a mail once, with our key, our sender, and a key of the mail's own", async () => {
  const queued = await queue("verify-email", { now: noon });
  expect(await sendAt(noon)).toBe(true);
  expect(await sendAt(noon)).toBe(false);
  expect(resend.requests).toHaveLength(1);
  const [taken] = resend.requests;
  expect(taken).toMatchObject({ authorization: "Bearer re_a_key_of_ours", key: `${queued.id}/${noon}` });
  expect(taken?.mail).toMatchObject({ from: "Latchkey <hello@example.com>", to: queued.to });
  expect(taken?.mail.html).toContain("<!DOCTYPE html");
  expect(taken?.mail.text).toContain("Confirm this address:\n");
  expect(await rowOf(queued)).toMatchObject({ sentAt: noon, failedAt: null, attempts: 1 });
});

test("a mail whose answer was lost is sent again byte for byte under the same key, and arrives once", async () => {
  await queue("verify-email", { now: noon });
  resend.manner = "lose";
  await sendAt(noon);
  resend.manner = "take";
  await sendAt(noon + 3 * SECOND);
  expect(resend.requests).toHaveLength(2);
  expect(resend.requests[1]).toEqual(resend.requests[0]);
  expect(resend.delivered).toHaveLength(1);
});

test("a mail that takes long to be sent is held for as long, by whoever sends it", async () => {
  const queued = await queue("reset-password", { now: noon });
  resend.manner = "hold";
  let now = noon;
  const sending = sendNextMail({ transport, clock: () => now });
  await expect.poll(() => resend.held()).toBe(1);
  now += 5 * SECOND;
  await expect.poll(async () => (await rowOf(queued))?.claimedUntil).toBe(now + 6 * SECOND);
  expect(await sendAt(noon + 7 * SECOND)).toBe(false);
  resend.release();
  expect(await sending).toBe(true);
  expect(resend.requests).toHaveLength(1);
});

test("a mail that a worker took and never came back for is sent by the next one, byte for byte", async () => {
  const queued = await queue("reset-password", { now: noon });
  resend.manner = "hold";
  const gone = sendNextMail({ transport, clock: () => noon });
  await expect.poll(() => resend.held()).toBe(1);
  expect(await sendAt(noon + 5 * SECOND)).toBe(false);
  resend.manner = "take";
  expect(await sendAt(noon + 7 * SECOND)).toBe(true);
  expect(resend.requests[1]).toEqual(resend.requests[0]);
  expect(resend.delivered).toHaveLength(1);
  expect(await rowOf(queued)).toMatchObject({ sentAt: noon + 7 * SECOND, attempts: 2 });
  resend.release();
  await gone;
});

test("after five minutes a mail is written anew, with full lifetimes and under another key", async () => {
  const queued = await queue("reset-password", { now: noon });
  resend.manner = "lose";
  await sendAt(noon);
  resend.manner = "take";
  await sendAt(noon + 6 * MINUTE);
  expect(resend.requests.map(({ key }) => key)).toEqual([`${queued.id}/${noon}`, `${queued.id}/${noon + 6 * MINUTE}`]);
  expect(resend.requests[0]?.mail.text).toContain("until 12:10 UTC");
  expect(resend.requests[1]?.mail.text).toContain("until 12:16 UTC");
  // The double answers 409 to the same key with another body, as Resend does.
  expect(await rowOf(queued)).toMatchObject({ sentAt: noon + 6 * MINUTE, lastError: null });
});

test("a mail that cannot go out is tried with growing pauses, and given up after a day for all to see", async () => {
  const queued = await queue("verify-email", { now: noon });
  resend.manner = { status: 500, name: "internal_server_error" };
  const pauses: number[] = [];
  let now = noon;
  let row = await rowOf(queued);
  while (row && row.failedAt === null) {
    expect(await sendAt(now)).toBe(true);
    row = await rowOf(queued);
    if (!row || row.failedAt !== null) break;
    pauses.push(row.nextTryAt - now);
    // Not a moment earlier than written down.
    expect(await sendAt(row.nextTryAt - 1)).toBe(false);
    now = row.nextTryAt;
  }
  const expected = [2 * SECOND, 10 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, HOUR];
  for (const [i, pause] of expected.entries()) {
    expect(pauses[i]).toBeGreaterThanOrEqual(0.8 * pause);
    expect(pauses[i]).toBeLessThanOrEqual(1.2 * pause);
  }
  expect(row?.failedAt).toBeGreaterThan(noon + 22 * HOUR);
  expect(row?.failedAt).toBeLessThanOrEqual(noon + 24 * HOUR);
  expect(row?.lastError).toContain("Resend answered 500: internal_server_error");
  expect(await sendAt(noon + 48 * HOUR)).toBe(false);
});

test("an address that Resend refuses is given up at once", async () => {
  const queued = await queue("verify-email", { now: noon });
  resend.manner = { status: 422, name: "validation_error" };
  await sendAt(noon);
  expect(await rowOf(queued)).toMatchObject({ failedAt: noon, attempts: 1 });
});

for (const [status, name] of [
  [422, "invalid_from_address"],
  [401, "missing_api_key"],
  [403, "invalid_api_key"],
  [429, "rate_limit_exceeded"],
  [503, "application_error"],
] as const) {
  test(`what is not the mail's own fault (${status} ${name}) is tried again`, async () => {
    const queued = await queue("verify-email", { now: noon });
    resend.manner = { status, name };
    await sendAt(noon);
    expect(await rowOf(queued)).toMatchObject({ failedAt: null, sentAt: null });
    resend.manner = "take";
    await sendAt(noon + 3 * SECOND);
    expect(await rowOf(queued)).toMatchObject({ sentAt: noon + 3 * SECOND });
  });
}

test("Resend not answering at all holds a mail for ten seconds and no longer", async () => {
  const queued = await queue("verify-email", { now: noon });
  resend.manner = "hold";
  const began = performance.now();
  await sendAt(noon);
  expect(performance.now() - began).toBeLessThan(PATIENCE + 3 * SECOND);
  expect(await rowOf(queued)).toMatchObject({ sentAt: null, failedAt: null, claimedUntil: 0 });
});

const meanwhile: Record<string, (queued: Queued) => Promise<unknown>> = {
  "a newer one took its place": (queued) => changeChallenge(queued, { supersededAt: noon }),
  "its code was used": (queued) => changeChallenge(queued, { usedAt: noon }),
  "its account is gone": (queued) => db().delete(accounts).where(eq(accounts.id, queued.accountId)),
};
for (const [what, happen] of Object.entries(meanwhile)) {
  test(`a mail is not sent when ${what} meanwhile`, async () => {
    const queued = await queue("verify-email", { now: noon });
    await happen(queued);
    await sendAt(noon);
    expect(resend.requests).toHaveLength(0);
    expect(await rowOf(queued)).toBeUndefined();
  });
}

test("nothing that opens an account lies in the outbox, before or after a mail is sent", async () => {
  const queued = await queue("reset-password", { now: noon });
  await sendAt(noon);
  const [taken] = resend.delivered;
  const code = /^(\d{3}) (\d{3})$/m.exec(taken?.mail.text ?? "");
  const token = /authToken=([\w.-]+)/.exec(taken?.mail.text ?? "")?.[1] ?? "";
  expect(code).not.toBeNull();
  expect(token).toMatch(/^eyJ/);
  const rows = JSON.stringify([await db().select().from(outbox), await db().select().from(challenges)]);
  expect(rows).toContain(queued.id);
  expect(rows).not.toContain(token);
  expect(rows).not.toContain(`"${code?.[1]}${code?.[2]}"`);
});

const changeChallenge = (queued: Queued, change: Partial<typeof challenges.$inferSelect>) =>
  db()
    .update(challenges)
    .set(change)
    .where(eq(challenges.id, queued.challengeId ?? ""));
