import { expect, heading, logInOn, person, press, signUpOn, test } from "#e2e/fixtures/pages.ts";

test("whoever is logged out is sent to log in, and then back to where they were going", async ({ page, newMember }) => {
  const who = await newMember();
  await page.goto("/account/password");
  await expect(heading(page, "Log in")).toBeVisible();
  await logInOn(page, who);
  await expect(heading(page, "Change your password")).toBeVisible();
});

test("where one was going outlasts signing up and the mail", async ({ page, mailFor }) => {
  const who = person();
  await page.goto("/login?next=/account/password");
  await page.getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("E-mail address").fill(who.email);
  await page.getByLabel("Password", { exact: true }).fill(who.password);
  await press(page, "Create account");
  await expect(heading(page, "Check your mail")).toBeVisible();
  await page.goto((await mailFor(who.email)).link ?? "");
  await press(page, "Confirm this address");
  await expect(heading(page, "Change your password")).toBeVisible();
});

test("next= leads nobody away, neither by logging in nor when logged in", async ({ page, newMember, server }) => {
  const who = await newMember();
  await page.goto("/login?next=//evil.example.com");
  await logInOn(page, who);
  await expect(heading(page, "Your account")).toBeVisible();
  for (const next of [
    "/\\evil.example.com",
    "https://evil.example.com/",
    "https:evil.example.com",
    "/\t/evil.example.com",
    "/.//evil.example.com",
    "javascript:alert(1)",
  ]) {
    await page.goto(`/login?next=${encodeURIComponent(next)}`);
    await expect(heading(page, "Your account"), next).toBeVisible();
    expect(new URL(page.url()).origin).toBe(server.origin);
  }
});

test("whoever is logged in has no use for the log-in and sign-up pages", async ({ page, newMember }) => {
  const who = await newMember();
  await page.goto("/login");
  await logInOn(page, who);
  await expect(heading(page, "Your account")).toBeVisible();
  for (const path of ["/login", "/sign-up", "/verify-email"]) {
    await page.goto(path);
    await expect(heading(page, "Your account")).toBeVisible();
  }
  await page.goto("/login?next=/account/password");
  await expect(heading(page, "Change your password")).toBeVisible();
  await page.goto("/");
  await expect(page.getByText(who.email)).toBeVisible();
});

test("a password manager finds the way to change the password", async ({ page, api, newMember }) => {
  const known = await api.get("/.well-known/change-password");
  expect([302, 303, 307]).toContain(known.status);
  expect(known.headers.get("location")).toBe("/account/password");
  const nonsense = await api.get("/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200");
  expect(nonsense.status).toBe(404);

  const who = await newMember();
  await page.goto("/.well-known/change-password");
  await expect(heading(page, "Log in")).toBeVisible();
  await logInOn(page, who);
  await expect(heading(page, "Change your password")).toBeVisible();
});

test("the way back after signing up is never to a mailbox of somebody else", async ({ page }) => {
  await page.goto("/reset-password");
  await expect(heading(page, "Forgot your password?")).toBeVisible();
  await page.goto("/verify-email");
  await expect(heading(page, "Confirm your address")).toBeVisible();
  await signUpOn(page, person());
});
