import { createServer } from "node:net";
import { expect, test } from "playwright/test";
import { queue, rowOf } from "#e2e/fixtures/outbox.ts";
import { type SmtpListener, startSmtpListener } from "#e2e/fixtures/smtp-listener.ts";
import { smtpTransport } from "#lib/mail/deliver/smtp.ts";
import { PATIENCE } from "#lib/mail/deliver/transport.ts";
import { sendNextMail } from "#lib/mail/outbox.ts";

/** nodemailer against a real SMTP server. */

const from = "Latchkey <hello@example.com>";
const noon = Date.UTC(2027, 2, 1, 12);

let listener: SmtpListener;
test.beforeEach(async () => {
  listener = await startSmtpListener();
});
test.afterEach(() => listener.close());

const sendAt = (now: number, url = listener.url): Promise<boolean> =>
  sendNextMail({ transport: smtpTransport({ url, from }), clock: () => now });

test("an SMTP server is handed HTML and text, from our sender to the person", async () => {
  const queued = await queue("verify-email", { now: noon });
  await sendAt(noon);
  expect(await rowOf(queued)).toMatchObject({ sentAt: noon });
  expect(listener.messages).toHaveLength(1);
  const parsed = listener.messages[0]?.parsed;
  expect(parsed?.from?.text).toBe('"Latchkey" <hello@example.com>');
  expect([parsed?.to].flat()[0]?.text).toBe(queued.to);
  expect(parsed?.subject).toBe("Confirm your e-mail address for Latchkey");
  expect(parsed?.text).toContain("Confirm this address:\n");
  expect(parsed?.html).toContain("<title>Confirm your e-mail address for Latchkey</title>");
  expect(parsed?.date).toEqual(new Date(noon));
  expect(parsed?.messageId).toBe(`<${queued.id}.${noon}@example.com>`);
  expect(parsed?.headers.get("auto-submitted")).toBe("auto-generated");
  expect(parsed?.attachments).toEqual([]);
});

test("a mail tried again through SMTP is the same, byte for byte", async () => {
  const queued = await queue("reset-password", { now: noon });
  const neverNoted = sendNextMail({
    transport: async (mail) => {
      await smtpTransport({ url: listener.url, from })(mail);
      throw new Error("The answer was lost");
    },
    clock: () => noon,
  });
  await neverNoted;
  await sendAt(noon + 3_000);
  expect(await rowOf(queued)).toMatchObject({ sentAt: noon + 3_000, attempts: 2 });
  const [first, second] = listener.messages;
  expect(first?.raw).toContain("Message-ID:");
  expect(second?.raw).toBe(first?.raw);
});

test("an address the SMTP server does not know (550) is given up at once", async () => {
  const queued = await queue("verify-email", { now: noon });
  listener.refuseRecipients = 550;
  await sendAt(noon);
  expect(await rowOf(queued)).toMatchObject({ failedAt: noon });
});

test("an address that the SMTP server names in its refusal is kept neither in the log nor in the store", async () => {
  const queued = await queue("verify-email", { now: noon });
  listener.refuseRecipients = 550;
  listener.refusal = `5.1.1 <${queued.to}>: Recipient address rejected`;
  await sendAt(noon);
  const { lastError } = (await rowOf(queued)) ?? {};
  expect(lastError).toContain("Recipient address rejected");
  expect(lastError).not.toContain(queued.to);
});

test("an address the SMTP server cannot take just now (451) is tried again", async () => {
  const queued = await queue("verify-email", { now: noon });
  listener.refuseRecipients = 451;
  await sendAt(noon);
  expect(await rowOf(queued)).toMatchObject({ failedAt: null, sentAt: null });
  listener.refuseRecipients = undefined;
  await sendAt(noon + 3_000);
  expect(await rowOf(queued)).toMatchObject({ sentAt: noon + 3_000 });
});

test("a wrong SMTP password keeps the mail for when it is mended", async () => {
  const queued = await queue("verify-email", { now: noon });
  await sendAt(noon, listener.url.replace("sesame", "barley"));
  expect(await rowOf(queued)).toMatchObject({ failedAt: null, sentAt: null });
  await sendAt(noon + 3_000);
  expect(await rowOf(queued)).toMatchObject({ sentAt: noon + 3_000 });
});

test("an SMTP server that never says a word holds a mail for ten seconds and no longer", async () => {
  const queued = await queue("verify-email", { now: noon });
  const mute = createServer();
  await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
  const address = mute.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const began = performance.now();
  await sendAt(noon, `smtp://127.0.0.1:${port}`);
  expect(performance.now() - began).toBeLessThan(PATIENCE + 3_000);
  expect(await rowOf(queued)).toMatchObject({ failedAt: null, sentAt: null, claimedUntil: 0 });
  mute.close();
});
