import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "playwright/test";
import { claimDueMail } from "#db/outbox.ts";
import type { MailTemplate } from "#db/schema.ts";
import { challengeOf, type Queued, queue } from "#e2e/fixtures/outbox.ts";
import { ownUrl } from "#e2e/fixtures/own-store.ts";
import { composeMail } from "#lib/mail/compose.ts";
import type { Mail } from "#lib/mail/mail.ts";

const monday = Date.UTC(2027, 2, 1, 13, 5);
/** What each says to somebody who had no part in it. */
const toStrangers: Record<MailTemplate, string> = {
  "verify-email": "Wasn’t you?",
  "reset-password": "Wasn’t you?",
  "password-changed": "Wasn’t you?",
  "account-exists": "Wasn’t you?",
  "google-linked": "Wasn’t you?",
  "new-log-in": "Wasn’t you?",
  "link-provider": "Wasn’t you?",
  "factor-changed": "Wasn’t you?",
  deletion: "Wasn’t you?",
  "change-email": "Wasn’t you?",
  "address-changed": "Wasn’t you?",
  "address-change-undone": "Wasn’t you?",
  invite: "You don’t know them, or don’t want an account?",
};
const templates = Object.keys(toStrangers) as MailTemplate[];

async function written(
  template: MailTemplate,
  { at = monday, link }: { at?: number; link?: string } = {},
): Promise<{ mail: Mail; queued: Queued }> {
  const queued = await queue(template, link === undefined ? { now: monday } : { now: monday, link });
  const row = await claimDueMail({ now: at, until: at + 1, oldestStamp: 0 });
  const mail = row && (await composeMail(row));
  if (!mail) throw new Error("Nothing was written");
  return { mail, queued };
}

for (const template of templates) {
  test(`the ${template} mail says the same in HTML and in text, and nothing in it is fetched from anywhere`, async () => {
    const { mail, queued } = await written(template);
    expect(mail.to).toBe(queued.to);
    for (const words of ["Latchkey", toStrangers[template]]) {
      expect(mail.html).toContain(words);
      expect(mail.text).toContain(words);
    }
    expect(readable(mail.html)).toContain(queued.to);
    expect(mail.text).toContain(queued.to);
    expect(mail.html).not.toMatch(/\ssrc=|url\(|<img|<link|@import|<script|<iframe/i);
    expect(mail.text).not.toMatch(/<[a-z]|undefined|null|\[object/i);
    expect(readable(mail.html)).not.toMatch(/undefined|\bnull\b|\[object/i);
  });

  test(`the ${template} mail is readable in dark mode and has a subject that tells no secret`, async () => {
    const { mail } = await written(template);
    expect(mail.html).toContain('<meta name="color-scheme" content="light dark"/>');
    expect(mail.html).toContain("@media (prefers-color-scheme: dark)");
    expect(mail.subject).toContain("Latchkey");
    expect(mail.subject.replace(/\S+@\S+/, "")).not.toMatch(/\d/);
    expect(mail.html.match(/<title>[^<]*/g)).toEqual([`<title>${mail.subject}`]);
  });

  test(`every link of the ${template} mail is in its text too`, async () => {
    const { mail } = await written(template);
    const links = linksIn(mail.html);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(mail.text.split("\n")).toContain(link);
  });
}

for (const template of templates) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`the ${template} mail has no fault that axe knows and fits 320 px, ${colorScheme}`, async ({ page }) => {
      const { mail } = await written(template);
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 320, height: 640 });
      await page.setContent(mail.html);
      // A mail is a letter, not a page: it has no landmarks.
      const { violations } = await new AxeBuilder({ page }).disableRules(["region", "landmark-one-main"]).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    });
  }
}

for (const template of ["verify-email", "reset-password", "change-email"] as const) {
  test(`the ${template} mail carries link and code, and says how long each works and until when`, async () => {
    const { mail, queued } = await written(template);
    const challenge = await challengeOf(queued);
    expect(mail.code).toMatch(/^\d{6}$/);
    const shown = `${mail.code?.slice(0, 3)} ${mail.code?.slice(3)}`;
    expect(readable(mail.html)).toContain(shown);
    expect(mail.text.split("\n")).toContain(shown);
    expect(linksIn(mail.html)).toContain(mail.link);
    const lifetimes = {
      "verify-email": "The link works for 24 hours, until 2 March 2027 at 13:05 UTC.",
      "reset-password": "The link works for 1 hour, until 1 March 2027 at 14:05 UTC.",
      "change-email": "The link works for 24 hours, until 2 March 2027 at 13:05 UTC.",
    };
    for (const words of [lifetimes[template], "The code works for 10 minutes, until 13:15 UTC."]) {
      expect(readable(mail.html)).toContain(words);
      expect(mail.text).toContain(words);
    }
    expect(challenge).toMatchObject({ sentAt: monday, codeExpiresAt: monday + 10 * 60_000 });
  });

  test(`the token is added to the ${template} link's query, and its own query and fragment stay as written`, async () => {
    const { mail } = await written(template, { link: "https://app.example.com/done?a=b%20c&flag#top" });
    expect(mail.link).toMatch(/^https:\/\/app\.example\.com\/done\?a=b%20c&flag&authToken=eyJ[\w.-]+#top$/);
  });

  test(`a ${template} link that brings an authToken along carries ours alone`, async () => {
    const { mail } = await written(template, { link: "https://app.example.com/done?authToken=other&a=1" });
    const tokens = new URL(mail.link ?? "").searchParams.getAll("authToken");
    expect(tokens).toHaveLength(1);
    expect(tokens[0]).toMatch(/^eyJ/);
  });
}

test("the verification mail names the username too, and lets who it was not delete the account on our own page", async () => {
  const { mail, queued } = await written("verify-email", { link: "https://app.example.com/done" });
  expect(mail.text).toContain(`the username ${queued.username}`);
  const token = new URL(mail.link ?? "").searchParams.get("authToken");
  const disown = `${ownUrl}/verify-email?authToken=${token}`;
  expect(mail.text).toContain(`This wasn’t me, delete the account:\n${disown}\n`);
  expect(linksIn(mail.html)).toContain(disown);
});

test("a mail that goes out late counts its lifetimes from then", async () => {
  const { mail, queued } = await written("verify-email", { at: monday + 3 * 3_600_000 });
  expect(mail.text).toContain("The code works for 10 minutes, until 16:15 UTC.");
  expect((await challengeOf(queued))?.codeExpiresAt).toBe(monday + 3 * 3_600_000 + 10 * 60_000);
});

test("the notice of a changed password says when, what it ended and what to do, and carries no token", async () => {
  const { mail } = await written("password-changed", { at: monday + 3_600_000 });
  expect(mail.text).toContain("was changed on 1 March 2027 at 13:05 UTC.");
  expect(mail.text).toContain("has been logged out");
  expect(mail.text).toContain(`${ownUrl}/forgot-password`);
  expect(mail).toMatchObject({ link: null, code: null });
  expect(mail.html).not.toContain("authToken");
});

test("the mail about an existing account shows the two ways in, and carries no token", async () => {
  const { mail } = await written("account-exists");
  expect(linksIn(mail.html)).toEqual([`${ownUrl}/login`, `${ownUrl}/forgot-password`]);
  expect(mail).toMatchObject({ link: null, code: null });
  expect(mail.html).not.toContain("authToken");
});

test("the notice of a changed address carries a link that puts the old one back for seven days, and no code", async () => {
  const { mail } = await written("address-changed", { at: monday + 3_600_000 });
  expect(mail.text).toContain("was changed on 1 March 2027 at 13:05 UTC.");
  expect(mail.text).toContain("The link works until 8 March 2027 at 14:05 UTC, once.");
  expect(mail.link).toMatch(`${ownUrl}/undo-email-change?authToken=eyJ`);
  expect(linksIn(mail.html)).toEqual([mail.link]);
  expect(mail.code).toBeNull();
});

test("the same row with the same stamp is written byte for byte the same", async () => {
  const queued = await queue("reset-password", { now: monday });
  const first = await claimDueMail({ now: monday, until: monday + 1, oldestStamp: 0 });
  const second = await claimDueMail({ now: monday + 60_000, until: monday + 60_001, oldestStamp: 0 });
  expect(first?.id).toBe(queued.id);
  expect(second?.id).toBe(queued.id);
  if (first && second) expect(await composeMail(second)).toEqual(await composeMail(first));
});

/** What a person reads of it. */
const readable = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>/gs, "")
    .replace(/<!--.*?-->/gs, "")
    .replace(/<[^>]+>/g, "")
    .replaceAll("&#x27;", "'")
    .replaceAll("&amp;", "&");

const linksIn = (html: string): string[] =>
  [...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => (href ?? "").replaceAll("&amp;", "&"));
