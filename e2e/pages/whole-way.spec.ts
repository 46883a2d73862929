import { type BrowserContext, expect, type Page } from "playwright/test";
import { fill, heading, logInOn, type MailFor, person, press, signUpOn, summary, test } from "#e2e/fixtures/pages.ts";

test("from sign-up to a new password, the whole way", async ({ page, context, mailFor }) => {
  await wholeWay(page, context, mailFor);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("from sign-up to a new password, the whole way", async ({ page, context, mailFor }) => {
    await wholeWay(page, context, mailFor);
  });
});

async function wholeWay(page: Page, context: BrowserContext, mailFor: MailFor): Promise<void> {
  test.slow();
  const who = person();
  await signUpOn(page, who);
  await expect(page.getByText(who.email)).toBeVisible();

  const proof = await mailFor(who.email);
  await page.goto(proof.link ?? "");
  await expect(page.getByText(who.email)).toBeVisible();
  await press(page, "Confirm this address");
  await expect(heading(page, "Your account")).toBeVisible();
  await expect(page.getByRole("status")).toHaveText("Your e-mail address is confirmed. Welcome.");

  await press(page, "Log out");
  await expect(heading(page, "Log in")).toBeVisible();
  await page.goto("/account");
  await expect(heading(page, "Log in")).toBeVisible();
  await logInOn(page, who);
  await expect(heading(page, "Your account")).toBeVisible();

  // Another browser asks for a new password, while this one stays logged in.
  const elsewhere = await context.browser()?.newContext({
    baseURL: new URL(page.url()).origin,
    extraHTTPHeaders: { "x-forwarded-for": "10.200.0.1" },
  });
  const other = (await elsewhere?.newPage()) as Page;
  await other.goto("/login");
  await other.getByRole("link", { name: "Forgot your password?" }).click();
  await fill(other, { "E-mail address": who.email });
  await press(other, "Send the mail");
  await expect(heading(other, "Check your mail")).toBeVisible();
  const reset = await mailFor(who.email, { subject: /password/i, after: proof });
  const password = `${who.password}-anew`;
  await other.goto(reset.link ?? "");
  await fill(other, { "New password": password });
  await press(other, "Set new password");
  await expect(other.getByRole("status")).toHaveText("Your password is changed. All other devices are logged out.");
  await elsewhere?.close();

  await page.goto("/account");
  await expect(heading(page, "Log in"), "the session from before the reset is over").toBeVisible();
  await logInOn(page, who);
  await expect(summary(page)).toContainText("Wrong e-mail address or password");
  await logInOn(page, { ...who, password });
  await expect(heading(page, "Your account")).toBeVisible();
}
