import type { Page } from "playwright/test";
import { api as apiOf } from "#e2e/fixtures/api.ts";
import { consentAtProvider, expect, person, poll, signInAtProvider, test } from "#e2e/fixtures/google.ts";
import { linksTo, startSmtpListener } from "#e2e/fixtures/smtp-listener.ts";
import { passCooldowns, rows } from "#e2e/fixtures/store.ts";

test("whoever logs in with Google while mail is down does not take from the owner the mail that asks whether to allow it", async ({
  page,
  provider,
  startServer,
}) => {
  const smtp = await startSmtpListener();
  // A provider that nobody trusts unasked: the owner is asked by mail.
  const server = await startServer({
    SMTP_URL: smtp.url,
    MAIL_FROM: "Latchkey <hello@example.com>",
    GOOGLE_ISSUER: provider.issuer,
    GOOGLE_CLIENT_ID: provider.clientId,
    GOOGLE_CLIENT_SECRET: provider.clientSecret,
  });
  provider.register(server.url);
  const { email, password } = person();
  const links = () => linksTo(smtp, email);
  await apiOf(server.url).post("/auth/signup", { email, password });
  await poll(() => links().length === 1, { what: "the mail to confirm" });
  await apiOf(server.url).post("/auth/verify", { authToken: links()[0] });

  await askFor(page, server.url, email);
  await poll(() => links().length === 2, { what: "the mail that asks" });
  smtp.refuseRecipients = 451;
  await passCooldowns(server, email);
  await askFor(page, server.url, email);
  await poll(async () => (await rows(server, "select id from outbox where last_error is not null")).length === 1, {
    what: "the second mail to be put off",
  });
  await page.goto(`${server.url}/link-google?authToken=${links()[1]}`);
  await page.getByRole("button", { name: "Allow log-in with Google" }).click();
  await expect(page.getByRole("status")).toHaveText("You can now log in with Google.");

  // What was answered is not asked once more.
  smtp.refuseRecipients = undefined;
  await poll(async () => (await rows(server, "select id from outbox where last_error is not null")).length === 0, {
    what: "the second mail to be dropped",
    within: 30_000,
  });
  expect(links()).toHaveLength(2);
  await smtp.close();
});

/** Logs in with Google, up to the sentence that the owner is asked. */
async function askFor(page: Page, url: string, login: string): Promise<void> {
  await page.context().clearCookies();
  await page.goto(`${url}/login`);
  await page.getByRole("link", { name: "Continue with Google" }).click();
  await signInAtProvider(page, login);
  await consentAtProvider(page);
  await expect(page).toHaveURL(/problem=provider_link_needed$/);
}
