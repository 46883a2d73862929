import { hkdfSync } from "node:crypto";
import { EncryptJWT, jwtDecrypt } from "jose";
import type { Page } from "playwright/test";
import {
  type Api,
  consentAtProvider,
  expect,
  type MailFor,
  person,
  SECRET,
  signInAtProvider,
  test,
} from "#e2e/fixtures/google.ts";
import { accountOf, change, row, rows } from "#e2e/fixtures/store.ts";
import { isAuthoritative } from "#lib/auth/factors/google/log-in.ts";

const PENDING = "latchkey_google";
/** Cookies that let nobody in. */
const OF_NO_SESSION = /^latchkey_(google|ceremony)/;

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
  await expect(page.getByText("Your only way to log in. To remove it, set a password first.")).toBeVisible();
  expect(await accountOf(server, email)).toMatchObject({ status: 1, password_hash: null });
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
  expect(await rows(server, "select id from accounts where email = ?", email)).toHaveLength(1);
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
  expect(await rows(server, "select id from accounts where email = ?", email)).toEqual([]);
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

const LOST = /started in another browser or more than ten minutes ago, or is already finished/;

test("an answer whose state was lost opens nothing", async ({ page, server }) => {
  const { email } = person();
  const answer = await answerOfProvider(page, email);
  await page.context().clearCookies({ name: new RegExp(`^${PENDING}`) });
  await page.goto(answer);
  await expect(page.getByRole("status")).toHaveText(LOST);
  expect(await rows(server, "select id from accounts where email = ?", email)).toEqual([]);
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
  expect(
    (await victim.cookies()).filter(({ name }) => !OF_NO_SESSION.test(name) && name.startsWith("latchkey")),
  ).toEqual([]);
  expect(await rows(server, "select id from accounts where email = ?", email)).toEqual([]);
  await victim.close();
});

test("an answer is taken once, even by a browser that kept its cookie", async ({ page }) => {
  const answer = await answerOfProvider(page, person().email);
  const kept = (await page.context().cookies()).filter(({ name }) => name.startsWith(PENDING));
  await page.goto(answer);
  await expect(page).toHaveURL("/account");
  await page.context().clearCookies();
  await page.context().addCookies(kept);
  await page.goto(answer);
  await expect(page.getByRole("status")).toHaveText(LOST);
});

test("an answer that comes after ten minutes opens nothing", async ({ page }) => {
  const answer = await answerOfProvider(page, person().email);
  const [cookie] = (await page.context().cookies()).filter(({ name }) => name.startsWith(PENDING));
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
  expect(await rows(server, "select id from accounts where email = ?", email)).toEqual([]);
});

test("an address that the provider did not verify opens and makes nothing", async ({ page, server }) => {
  const email = `unverified-${person().email}`;
  await continueWithGoogle(page, email);
  await expect(page.getByRole("status")).toHaveText(
    "Google has not confirmed your e-mail address, so you cannot log in with Google here.",
  );
  expect(await rows(server, "select id from accounts where email = ?", email)).toEqual([]);
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
  expect(await rows(server, "select subject from identities where subject = ?", email)).toEqual([]);
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
  await expect(page.getByRole("status")).toHaveText("This Google account is no longer linked.");
  expect(await rows(server, "select subject from identities where subject = ?", email)).toEqual([]);
});

/** A member with a password, proved. */
async function newMember(api: Api, mailFor: MailFor) {
  const { email, password } = person();
  await api.post("/auth/signup", { email, password });
  const { code } = await mailFor(email);
  await api.post("/api/auth_confirm", { username: email, confirm_code: code });
  return { email, password };
}

test("a link that was removed never links itself again, and every session but the one that removed it ends", async ({
  page,
  api,
  browser,
  mailFor,
  server,
}) => {
  const { email } = await newMember(api, mailFor);
  const context = await browser.newContext({ baseURL: server.url });
  const intruder = await context.newPage();
  await continueWithGoogle(intruder, email);
  await expect(intruder).toHaveURL("/account");
  await continueWithGoogle(page, email);
  await page.getByRole("button", { name: "Remove the link to Google" }).click();
  await expect(page.getByRole("status")).toHaveText("This Google account is no longer linked.");
  await intruder.goto("/account");
  await expect(intruder).toHaveURL(/\/login\?next=/);
  await intruder.context().clearCookies();
  await continueWithGoogle(intruder, email);
  await expect(intruder).toHaveURL("/login?problem=provider_link_needed");
  await expect(intruder.getByRole("status")).toContainText("A mail is on its way");
  expect(await rows(server, "select subject from identities where subject = ?", email)).toEqual([]);
  await context.close();
});

test("after a reset by mail Google opens the account only once its owner said yes to a mail", async ({
  page,
  api,
  mailFor,
}) => {
  const { email, password } = await newMember(api, mailFor);
  await continueWithGoogle(page, email);
  await expect(page).toHaveURL("/account");
  await api.post("/auth/password/forget", { email });
  const { code } = await mailFor(email, { subject: /password/i });
  const reset = { username: email, password: `${password}-new`, confirm_code: code };
  expect((await api.post("/api/confirm_code_forgot_password", reset)).status).toBe(200);
  await page.context().clearCookies();
  await continueWithGoogle(page, email);
  await expect(page).toHaveURL("/login?problem=provider_link_needed");
  const mail = await mailFor(email, { subject: "Allow log-in with Google" });
  await page.goto(mail.link ?? "");
  await expect(page.getByRole("main")).toContainText(
    `Someone tried to log in to the account ${email} with a Google account`,
  );
  await page.context().clearCookies();
  // Looking at it links nothing, as often as a scanner may look.
  await continueWithGoogle(page, email);
  await expect(page).toHaveURL("/login?problem=provider_link_needed");
  await page.goto(mail.link ?? "");
  await page.getByRole("button", { name: "Allow log-in with Google" }).click();
  await expect(page.getByRole("status")).toHaveText("You can now log in with Google.");
  await page.context().clearCookies();
  await continueWithGoogle(page, email);
  await expect(page).toHaveURL("/account");
  await page.goto(mail.link ?? "");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This link does not work");
});

test("after a reset Google asks the owner also where they have another address there", async ({
  page,
  api,
  mailFor,
  server,
}) => {
  const { email, password } = await newMember(api, mailFor);
  await continueWithGoogle(page, email);
  await expect(page).toHaveURL("/account");
  await api.post("/auth/password/forget", { email });
  const { code } = await mailFor(email, { subject: /reset|password/i });
  const reset = { username: email, password: `${password}-new`, confirm_code: code };
  expect((await api.post("/api/confirm_code_forgot_password", reset)).status).toBe(200);
  const elsewhere = person().email;
  await change(server, "update ended_identities set subject = ? where subject = ?", elsewhere, email);
  await page.context().clearCookies();
  await continueWithGoogle(page, elsewhere);
  await expect(page).toHaveURL("/login?problem=provider_link_needed");
  await mailFor(email, { subject: "Allow log-in with Google" });
  expect(await rows(server, "select id from accounts where email = ?", elsewhere)).toEqual([]);
});

for (const javaScriptEnabled of [true, false])
  test(`a change of the password asks which links stay, and ends the others (JavaScript ${javaScriptEnabled ? "on" : "off"})`, async ({
    browser,
    api,
    mailFor,
    server,
  }) => {
    const { email, password } = await newMember(api, mailFor);
    const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled });
    const page = await context.newPage();
    await continueWithGoogle(page, email);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your account");
    const { id } = await accountOf(server, email);
    const intruder = "intruder@example.net";
    await change(
      server,
      "insert into identities (issuer, subject, account_id, email, created_at) values ('https://other.example.com', 'two words', ?, ?, 1)",
      id,
      intruder,
    );
    await page.goto("/account/password");
    const links = page.getByRole("group", { name: "Log in with Google" });
    await expect(links.getByRole("checkbox", { name: email }), "linked a moment ago").not.toBeChecked();
    await expect(links.getByRole("checkbox", { name: intruder }), "there for long").toBeChecked();
    await links.getByRole("checkbox", { name: email }).check();
    await links.getByRole("checkbox", { name: intruder }).uncheck();
    await page.locator("#currentPassword").fill("not this one");
    await page.locator("#newPassword").fill("another good phrase");
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByText("This is not your current password.").first()).toBeVisible();
    await expect(links.getByRole("checkbox", { name: intruder }), "as it was left").not.toBeChecked();
    await expect(links.getByRole("checkbox", { name: email }), "as it was left").toBeChecked();
    await page.locator("#currentPassword").fill(password);
    await page.locator("#newPassword").fill("another good phrase");
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByRole("status")).toBeVisible();
    expect(await rows(server, "select subject from identities where account_id = ?", id)).toEqual([{ subject: email }]);
    expect(await rows(server, "select subject from ended_identities where account_id = ?", id)).toEqual([
      { subject: "two words" },
    ]);
    await context.close();
  });

test("Google is believed about its own mail and a domain it runs, and about no other address", () => {
  const issuer = "https://accounts.google.com";
  const believed = (email: string, hostedDomain?: string, from = issuer) =>
    isAuthoritative({ issuer: from, email, hostedDomain: hostedDomain ?? "" });
  expect(believed("someone@gmail.com")).toBe(true);
  expect(believed("someone@team.example.com", "team.example.com")).toBe(true);
  expect(believed("someone@team.example.com")).toBe(false);
  expect(believed("someone@team.example.com", "example.com")).toBe(false);
  expect(believed("gmail.com@example.com")).toBe(false);
  expect(believed("someone@gmail.com.example.com")).toBe(false);
  expect(believed("someone@gmail.com", undefined, "https://accounts.google.com.example.com")).toBe(false);
});

test("all links are shown; of two that are removed at once the last way in stays, and a sentence says so", async ({
  page,
  server,
}) => {
  const { email } = person();
  await continueWithGoogle(page, email);
  const { id } = await accountOf(server, email);
  await change(
    server,
    "insert into identities (issuer, subject, account_id, email, created_at) values ('https://other.example.com', 'two', ?, ?, 1)",
    id,
    "second@example.com",
  );
  // Not a reload: just back from another site, the browser may still be changing processes, and refuses one then.
  await page.goto("/account");
  const second = await page.context().newPage();
  await second.goto("/account");
  const remove = (on: Page, as: string) =>
    on.getByRole("definition").filter({ hasText: as }).getByRole("button", { name: "Remove the link to Google" });
  await expect(remove(page, "second@example.com")).toBeVisible();
  await Promise.all([remove(page, "second@example.com").click(), remove(second, email).click()]);
  const said = [page, second].map((one) =>
    expect(one.getByRole("status").or(one.getByRole("alert")).first()).toHaveText(
      /This Google account is no longer linked\.|This is your only way to log in\. Set a password first\./,
    ),
  );
  await Promise.all(said);
  expect(await rows(server, "select subject from identities where account_id = ?", id)).toHaveLength(1);
});

test("two log-ins in two tabs do not erase each other, and the second ends the session of the first", async ({
  page,
  server,
}) => {
  const [one, other] = [person(), person()];
  const first = await answerOfProvider(page, one.email);
  await page.context().clearCookies({ domain: "localhost", name: /^_/ });
  const tab = await page.context().newPage();
  const second = await answerOfProvider(tab, other.email);
  await page.goto(first);
  await expect(page.getByRole("main")).toContainText(one.email);
  await tab.goto(second);
  await expect(tab.getByRole("main")).toContainText(other.email);
  const live = async (email: string) =>
    rows(
      server,
      "select id from sessions where ended_at is null and account_id = ?",
      (await accountOf(server, email)).id,
    );
  expect([(await live(one.email)).length, (await live(other.email)).length]).toEqual([0, 1]);
});

test("a full-width spelling of somebody's address opens nothing of theirs", async ({ page, api, mailFor, server }) => {
  const { email } = await newMember(api, mailFor);
  const wide = email.replace("s", "\uff53");
  await continueWithGoogle(page, wide);
  await expect(page).toHaveURL("/login?problem=provider_unverified");
  expect(await rows(server, "select subject from identities where subject = ?", wide)).toEqual([]);
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
  await expect(page).toHaveURL("/login?problem=provider_link_needed");
  await page.goto((await mailFor(email, { subject: "Allow log-in with Google" })).link ?? "");
  await page.getByRole("button", { name: "Allow log-in with Google" }).click();
  await expect(page.getByRole("status")).toHaveText("You can now log in with Google.");
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
  expect(await accountOf(server, email)).toMatchObject({
    id: body.id,
    status: 1,
    password_hash: null,
    phone_number: "",
  });
  expect(
    (await row<{ name: string }>(server, "select first_name as name from accounts where email = ?", email)).name,
  ).not.toBe("I");
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
  await change(server, "update accounts set status = 2 where email = ?", email);
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
