import { hkdfSync } from "node:crypto";
import { EncryptJWT, jwtDecrypt } from "jose";
import type { Page } from "playwright/test";
import { consentAtProvider, expect, person, SECRET, signInAtProvider, test } from "#e2e/fixtures/google.ts";
import { accountOf, change, row, rows } from "#e2e/fixtures/store.ts";

const PENDING = "latchkey_google";

/** From the log-in page through the provider and back. */
async function continueWithGoogle(page: Page, login: string, from = "/login"): Promise<void> {
  await page.goto(from);
  await page.getByRole("link", { name: "Continue with Google" }).click();
  await signInAtProvider(page, login);
  await consentAtProvider(page);
}

test("somebody new comes in with Google, and needs no mail and no password", async ({ page, mailsTo, server }) => {
  const { email } = person();
  await continueWithGoogle(page, email, "/sign-up");
  await expect(page).toHaveURL("/account");
  await expect(page.getByRole("main")).toContainText(email);
  await expect(page.getByText("Your only way in. To remove it, set a password first.")).toBeVisible();
  expect(accountOf(server, email)).toMatchObject({ status: 1, password_hash: null });
  expect(await mailsTo(email)).toEqual([]);
});

test("they come back as the same person", async ({ page, browser, server }) => {
  const { email } = person();
  await continueWithGoogle(page, email);
  await expect(page).toHaveURL("/account");
  const elsewhere = await browser.newContext({ baseURL: server.url });
  const second = await elsewhere.newPage();
  await continueWithGoogle(second, email);
  await expect(second).toHaveURL("/account");
  expect(rows(server, "select id from accounts where email = ?", email)).toHaveLength(1);
  await elsewhere.close();
});

test("it works without JavaScript on our pages", async ({ browser, server }) => {
  const { email } = person();
  const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
  const page = await context.newPage();
  await continueWithGoogle(page, email);
  await expect(page.getByRole("main")).toContainText(email);
  await context.close();
});

test("one gets where one was going, and never to another site", async ({ page }) => {
  await continueWithGoogle(page, person().email, "/login?next=/account/password");
  await expect(page).toHaveURL(/\/account\/password/);
  await page.context().clearCookies();
  await page.goto("/api/login_google?next=//evil.example.com/");
  await signInAtProvider(page, person().email);
  await consentAtProvider(page);
  await expect(page).toHaveURL("/account");
});

test("cancelled at the provider, one is back at the log-in page with a sentence", async ({ page, server }) => {
  const { email } = person();
  await page.goto("/login");
  await page.getByRole("link", { name: "Continue with Google" }).click();
  await signInAtProvider(page, email);
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(page).toHaveURL("/login?problem=provider_cancelled");
  await expect(page.getByRole("status")).toHaveText("You cancelled the log-in with Google. Nothing was changed.");
  expect(rows(server, "select id from accounts where email = ?", email)).toEqual([]);
});

/** Goes through the provider and stops before the browser follows it back; returns the address it was sent to. */
async function answerOfProvider(page: Page, login: string): Promise<string> {
  await page.goto("/login");
  await page.getByRole("link", { name: "Continue with Google" }).click();
  await signInAtProvider(page, login);
  const consent = await page.locator("form").getAttribute("action");
  const agreed = await page.request.post(consent ?? "", { form: { prompt: "consent" }, maxRedirects: 0 });
  const resumed = await page.request.get(agreed.headers().location ?? "", { maxRedirects: 0 });
  const answer = resumed.headers().location ?? "";
  expect(answer).toContain("/api/login_google/callback?");
  return answer;
}

const LOST = /begun in another browser, longer than ten minutes ago, or is finished already/;

test("an answer whose state was lost opens nothing", async ({ page, server }) => {
  const { email } = person();
  const answer = await answerOfProvider(page, email);
  await page.context().clearCookies({ name: PENDING });
  await page.goto(answer);
  await expect(page.getByRole("status")).toHaveText(LOST);
  expect(rows(server, "select id from accounts where email = ?", email)).toEqual([]);
});

test("an answer opens nothing in another browser", async ({ page, browser, server }) => {
  const { email } = person();
  const answer = await answerOfProvider(page, email);
  const victim = await browser.newContext({ baseURL: server.url });
  const other = await victim.newPage();
  await other.goto(answer);
  await expect(other.getByRole("status")).toHaveText(LOST);
  // Not even in one that has a log-in of its own under way.
  await other.goto("/api/login_google");
  await other.goto(answer);
  await expect(other.getByRole("status")).toHaveText(LOST);
  expect((await victim.cookies()).filter(({ name }) => name !== PENDING && name.startsWith("latchkey"))).toEqual([]);
  expect(rows(server, "select id from accounts where email = ?", email)).toEqual([]);
  await victim.close();
});

test("an answer is taken once, even by a browser that kept its cookie", async ({ page }) => {
  const answer = await answerOfProvider(page, person().email);
  const kept = (await page.context().cookies()).filter(({ name }) => name === PENDING);
  await page.goto(answer);
  await expect(page).toHaveURL("/account");
  await page.context().clearCookies();
  await page.context().addCookies(kept);
  await page.goto(answer);
  await expect(page.getByRole("status")).toHaveText(LOST);
});

test("an answer that comes after ten minutes opens nothing", async ({ page }) => {
  const answer = await answerOfProvider(page, person().email);
  const [cookie] = (await page.context().cookies()).filter(({ name }) => name === PENDING);
  if (!cookie) throw new Error("No log-in is under way");
  await page.context().addCookies([{ ...cookie, value: await asOfElevenMinutesAgo(cookie.value) }]);
  await page.goto(answer);
  await expect(page.getByRole("status")).toHaveText(LOST);
});

async function asOfElevenMinutesAgo(sealed: string): Promise<string> {
  const key = new Uint8Array(hkdfSync("sha256", SECRET, "latchkey", "provider log-in under way", 32));
  const { payload, protectedHeader } = await jwtDecrypt(sealed, key);
  const began = Number(payload.iat) - 660;
  return new EncryptJWT({ ...payload, iat: began, exp: began + 600 }).setProtectedHeader(protectedHeader).encrypt(key);
}

test("an altered code or state opens nothing", async ({ page, server }) => {
  const { email } = person();
  const answer = new URL(await answerOfProvider(page, email));
  const otherState = new URL(answer);
  otherState.searchParams.set("state", "of-somebody-else");
  await page.goto(otherState.href);
  await expect(page.getByRole("status")).toHaveText(LOST);
  await page.context().clearCookies();
  const otherCode = new URL(await answerOfProvider(page, email));
  otherCode.searchParams.set("code", "made-up");
  await page.goto(otherCode.href);
  await expect(page).toHaveURL("/login?problem=provider_refused");
  expect(rows(server, "select id from accounts where email = ?", email)).toEqual([]);
});

test("an address that the provider did not verify opens and makes nothing", async ({ page, server }) => {
  const email = `unverified-${person().email}`;
  await continueWithGoogle(page, email);
  await expect(page.getByRole("status")).toHaveText(
    "Google has not verified your e-mail address, so it cannot open an account here.",
  );
  expect(rows(server, "select id from accounts where email = ?", email)).toEqual([]);
});

test("an unverified address at the provider does not reach the account that has it", async ({
  page,
  api,
  mailFor,
  server,
}) => {
  const { password } = person();
  const email = `unverified-${person().email}`;
  await api.post("/auth/signup", { email, password });
  const { code } = await mailFor(email);
  await api.post("/api/auth_confirm", { username: email, confirm_code: code });
  await continueWithGoogle(page, email);
  await expect(page).toHaveURL("/login?problem=provider_unverified");
  expect(rows(server, "select subject from identities where subject = ?", email)).toEqual([]);
});

test("a member who comes with Google is linked, told so by mail, and can undo it", async ({
  page,
  api,
  mailFor,
  server,
}) => {
  const { email, password } = person();
  await api.post("/auth/signup", { email, password });
  const { code } = await mailFor(email);
  await api.post("/api/auth_confirm", { username: email, confirm_code: code });
  await continueWithGoogle(page, email);
  await expect(page).toHaveURL("/account");
  expect((await mailFor(email, { subject: "Google was linked" })).text).toContain("Wasn’t you?");
  expect((await api.post("/auth/login", { email, password })).status).toBe(200);
  await page.getByRole("button", { name: "Remove the link to Google" }).click();
  await expect(page.getByRole("status")).toHaveText("Google no longer opens this account.");
  expect(rows(server, "select subject from identities where subject = ?", email)).toEqual([]);
});

test("whoever only has Google sets a password by mail, and may then remove Google", async ({ page, mailFor, api }) => {
  const { email, password } = person();
  await continueWithGoogle(page, email);
  await page.getByRole("link", { name: "Set a password by mail" }).click();
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: /mail/i }).first().click();
  const { code } = await mailFor(email, { subject: /password/i });
  expect(
    (await api.post("/api/confirm_code_forgot_password", { username: email, password, confirm_code: code })).status,
  ).toBe(200);
  await page.context().clearCookies();
  await continueWithGoogle(page, email);
  await expect(page.getByRole("button", { name: "Remove the link to Google" })).toBeVisible();
});

test("who signed up first with somebody else's address and waits gets nothing when the owner comes with Google", async ({
  page,
  api,
  mailFor,
  server,
}) => {
  const { email, password } = person();
  // The impostor: an account, never proved, with a password, a token for its code, and the mail's own link still unused.
  const { body } = await api.post("/api/users/signUp", {
    first_name: "I",
    last_name: "M",
    phone_number: "+44 20 7946 0000",
    email,
    password,
  });
  const mail = await mailFor(email);
  await continueWithGoogle(page, email);
  await expect(page).toHaveURL("/account");
  expect(accountOf(server, email)).toMatchObject({
    id: body.id,
    status: 1,
    password_hash: null,
    phone_number: "",
  });
  expect(row<{ name: string }>(server, "select first_name as name from accounts where email = ?", email).name).not.toBe(
    "I",
  );
  expect((await api.post("/auth/login", { email, password })).status).toBe(400);
  const codeTry = await api.post(
    "/api/users/verifyAuthorizationCode",
    { code: mail.code },
    { token: body.session.token },
  );
  expect(codeTry.status).toBe(400);
  const token = new URL(mail.link ?? "").searchParams.get("authToken");
  expect((await api.post("/auth/verify", { authToken: token })).status).toBe(403);
});

test("a blocked account stays shut to Google", async ({ page, server }) => {
  const { email } = person();
  await continueWithGoogle(page, email);
  await expect(page).toHaveURL("/account");
  change(server, "update accounts set status = 2 where email = ?", email);
  await page.context().clearCookies();
  await continueWithGoogle(page, email);
  await expect(page).toHaveURL("/login?problem=account_blocked");
});

test("a provider that is down costs nobody the page", async ({ browser, startServer }) => {
  const server = await startServer({
    GOOGLE_ISSUER: "http://127.0.0.1:9",
    GOOGLE_CLIENT_ID: "x",
    GOOGLE_CLIENT_SECRET: "y",
  });
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  await page.goto("/login");
  await page.getByRole("link", { name: "Continue with Google" }).click();
  await expect(page.getByRole("status")).toHaveText(/Google did not confirm who you are/);
  await context.close();
});
