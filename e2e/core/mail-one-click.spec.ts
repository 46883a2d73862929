import { expect, test } from "playwright/test";
import "#e2e/fixtures/outbox.ts";
import { person } from "#e2e/fixtures/person.ts";
import { startResendDouble } from "#e2e/fixtures/resend-double.ts";
import { startSmtpListener } from "#e2e/fixtures/smtp-listener.ts";
import { resendTransport } from "#lib/mail/deliver/resend.ts";
import { smtpTransport } from "#lib/mail/deliver/smtp.ts";
import type { Mail } from "#lib/mail/mail.ts";
import { keepMail, listMail } from "#lib/mail/mailbox.ts";

/** The headers by which a mail program offers its own "unsubscribe" (RFC 8058), through every way out. */

const from = "Latchkey <hello@example.com>";
// As long as a real token is: no way out may cut or break it.
const stop = `https://latchkey.example.com/invitation/stop/one-click?authToken=${"eyJhbGciOiJIUzI1NiJ9".repeat(20)}`;

const mail = (more: Partial<Mail> = {}): Mail => ({
  id: crypto.randomUUID(),
  stamp: Date.UTC(2027, 2, 1, 12),
  to: person().email,
  subject: "A mail",
  html: "<p>Hello</p>",
  text: "Hello\n",
  link: null,
  code: null,
  ...more,
});

test("SMTP hands over both headers whole, and no such header with other mail", async () => {
  const listener = await startSmtpListener();
  const send = smtpTransport({ url: listener.url, from });
  await send(mail({ oneClickStop: stop }));
  await send(mail());
  const [invitation, other] = listener.messages.map(({ raw }) => unfolded(raw));
  expect(invitation).toContain(`\r\nList-Unsubscribe: <${stop}>\r\n`);
  expect(invitation).toContain("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
  expect(other).not.toContain("List-Unsubscribe");
  await listener.close();
});

/** Long header lines may be folded (RFC 5322, 2.2.3). */
const unfolded = (raw: string): string => raw.replace(/\r\n[ \t]+/g, " ");

test("Resend is handed both headers, and no such header with other mail", async () => {
  const resend = await startResendDouble();
  process.env.RESEND_BASE_URL = resend.url;
  const send = resendTransport({ apiKey: "re_a_key_of_ours", from });
  await send(mail({ oneClickStop: stop }));
  await send(mail());
  const [invitation, other] = resend.requests.map(({ body }) => JSON.parse(body).headers);
  expect(invitation).toEqual({
    "Auto-Submitted": "auto-generated",
    "List-Unsubscribe": `<${stop}>`,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  });
  expect(other).toEqual({ "Auto-Submitted": "auto-generated" });
  await resend.close();
});

test("the local mailbox keeps the headers with the mail", async () => {
  // Newer than any that another test of this process has filled the mailbox with: the oldest are forgotten.
  const invitation = mail({ oneClickStop: stop, stamp: Date.UTC(2090, 0, 1) });
  await keepMail(invitation);
  const [kept] = await listMail({ to: invitation.to });
  expect(kept?.headers).toMatchObject({ "List-Unsubscribe": `<${stop}>` });
});
