import { consentAtProvider, expect, person, signInAtProvider, test } from "#e2e/fixtures/google.ts";
import { liveOnes, openMany } from "#e2e/fixtures/sessions.ts";
import { accountOf } from "#e2e/fixtures/store.ts";

test("a session that no password opened is the hundredth too, and the oldest ends", async ({ page, server }) => {
  const { email } = person();
  const continueWithGoogle = async () => {
    await page.goto("/login");
    await page.getByRole("link", { name: "Continue with Google" }).click();
    await signInAtProvider(page, email);
    await consentAtProvider(page);
    await expect(page).toHaveURL("/account");
  };
  await continueWithGoogle();
  await page.getByRole("button", { name: "Log out", exact: true }).last().click();
  await expect(page).toHaveURL(/\/login/);
  await openMany(server, (await accountOf(server, email)).id, 150);
  await page.context().clearCookies();
  await continueWithGoogle();
  expect(await liveOnes(server, (await accountOf(server, email)).id)).toBe(100);
  await page.goto("/account/sessions");
  await expect(page.getByText("This device")).toBeVisible();
});
