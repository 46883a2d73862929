import type { Page } from "playwright/test";
import { addApp, codeOf, codesIn, forgetStep, keyShown } from "#e2e/fixtures/authenticator.ts";
import { passConfirmation } from "#e2e/fixtures/confirmations.ts";
import { expectForEveryone } from "#e2e/fixtures/for-everyone.ts";
import {
  clientAddress,
  expect,
  fill,
  heading,
  logInOn,
  press,
  type RunningServer,
  summary,
  test,
} from "#e2e/fixtures/pages.ts";
import { accountOf, change, passCooldowns, rows } from "#e2e/fixtures/store.ts";
import { formsWith, Visitor } from "#e2e/fixtures/visitor.ts";

/** An app for codes, on the pages: added, asked for at every way in, trusted browsers, lost, taken away. */

test.slow();

const CODE = "Enter the code from your app";

async function readKey(page: Page): Promise<string> {
  return ((await page.locator("code.key").textContent()) ?? "").replaceAll(" ", "");
}

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled, viewport: { width: 320, height: 640 } });
    // Axe is a script itself.
    const expectAccessible = javaScriptEnabled ? expectForEveryone : async () => {};

    test("an app is added by its picture or key, its codes are saved, and the next log-in asks for one", async ({
      page,
      server,
      newMember,
      mailFor,
    }) => {
      const who = await newMember();
      await page.goto("/account/security");
      await logInOn(page, who);
      await expect(heading(page, "How you log in")).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("link", { name: "Add an app" }).click();
      await expect(heading(page, "Add an app for codes")).toBeVisible();
      await expect(page.getByRole("img", { name: "QR code" })).toBeVisible();
      await expectAccessible(page);
      const key = await readKey(page);

      await fill(page, { Code: "12" });
      await press(page, "Add the app");
      await expect(summary(page)).toContainText("A code is six digits");
      await fill(page, { Code: "000000" });
      await press(page, "Add the app");
      await expect(summary(page)).toContainText("This is not the code");
      expect(await readKey(page), "the key is the one that was scanned").toBe(key);

      const code = codeOf(key, Date.now());
      await fill(page, { Code: `${code.slice(0, 3)} ${code.slice(3)}` });
      await press(page, "Add the app");
      await expect(heading(page, "Save your recovery codes")).toBeVisible();
      await expectAccessible(page);
      const codes = codesIn(await page.content());
      expect(codes).toHaveLength(10);
      await page.reload();
      expect(codesIn(await page.content()), "a reload loses nothing").toEqual(codes);
      await press(page, "I have saved them");
      await expect(page.getByText("10 of 10 left.")).toBeVisible();
      await page.goto("/account/security/codes");
      await expect(heading(page, "How you log in"), "shown once").toBeVisible();
      await mailFor(who.email, { subject: "An app for codes was added" });

      await page.goto("/account");
      await press(page, "Log out");
      await expect(page.getByRole("status")).toHaveText("You are logged out.");
      await page.goto("/account/password");
      await logInOn(page, who);
      await expect(heading(page, CODE)).toBeVisible();
      await expectAccessible(page);
      await fill(page, { Code: code });
      await press(page, "Log in");
      await expect(summary(page), "the one that was seen when it was added").toContainText("was used already");
      await expectAccessible(page);
      await forgetStep(server, who.email);
      await fill(page, { Code: codeOf(key, Date.now()) });
      await press(page, "Log in");
      await expect(heading(page, "Change your password"), "where one was going").toBeVisible();
    });

    test("a browser that is not to be asked again is not, is listed, and can be asked again", async ({
      page,
      server,
      newMember,
    }) => {
      const who = await newMember();
      const app = await addApp(server, who);
      await page.goto("/login");
      await logInOn(page, who);
      await fill(page, { Code: await app.code() });
      await page.getByLabel("Do not ask again on this browser").check();
      await press(page, "Log in");
      await expect(heading(page, "Your account")).toBeVisible();
      await press(page, "Log out");
      await logInOn(page, who);
      await expect(heading(page, "Your account")).toBeVisible();

      await page.goto("/account/security");
      await expectAccessible(page);
      await press(page, "Ask again on Chrome on Linux");
      await expect(page.getByRole("status")).toHaveText("That browser is asked for a code again.");
      await page.goto("/account");
      await press(page, "Log out");
      await logInOn(page, who);
      await expect(heading(page, CODE)).toBeVisible();
    });

    test("who has lost the app comes in by a recovery code, and takes the app away after showing once more who they are", async ({
      page,
      server,
      newMember,
      mailFor,
    }) => {
      const who = await newMember();
      const { recoveryCodes } = await addApp(server, who);
      await page.goto("/login");
      await logInOn(page, who);
      await page.getByRole("link", { name: "Lost your app? Use a recovery code" }).click();
      await fill(page, { "Recovery code": recoveryCodes[0] ?? "" });
      await press(page, "Log in");
      await expect(heading(page, "Your account")).toBeVisible();

      await passConfirmation(server, who);
      await page.goto("/account/security");
      await expect(page.getByText("9 of 10 left.")).toBeVisible();
      await page.getByRole("link", { name: "Remove the app" }).click();
      await expect(heading(page, "Confirm that it is you")).toBeVisible();
      await expectAccessible(page);
      await fill(page, { Code: recoveryCodes[1] ?? "" });
      await press(page, "Continue");
      await expect(heading(page, "Remove the app?")).toBeVisible();
      await expectAccessible(page);
      await press(page, "Remove the app");
      await expect(page.getByRole("status")).toHaveText("The app is removed. Logging in needs no code any more.");
      await mailFor(who.email, { subject: "was removed" });

      await page.goto("/account");
      await press(page, "Log out");
      await logInOn(page, who);
      await expect(heading(page, "Your account")).toBeVisible();
    });

    test("adding an app asks for the password where it was not given lately, and loses nothing", async ({
      page,
      server,
      newMember,
    }) => {
      const who = await newMember();
      await page.goto("/account/security/app");
      await logInOn(page, who);
      const key = await readKey(page);
      await passConfirmation(server, who);
      await fill(page, { Code: codeOf(key, Date.now()) });
      await press(page, "Add the app");
      await expect(heading(page, "Confirm that it is you")).toBeVisible();
      await fill(page, { "Your password": "not the password" });
      await press(page, "Continue");
      await expect(summary(page)).toContainText("This is not your password.");
      await fill(page, { "Your password": who.password });
      await press(page, "Continue");
      await expect(heading(page, "Add an app for codes")).toBeVisible();
      expect(await readKey(page), "the app that was scanned is still right").toBe(key);
      await fill(page, { Code: codeOf(key, Date.now()) });
      await press(page, "Add the app");
      await expect(heading(page, "Save your recovery codes")).toBeVisible();
    });
  });

const visitorAt = (server: RunningServer) => new Visitor(server.url, { "x-forwarded-for": clientAddress() });

test("a mailed reset lets nobody in without the code, and ends the trust in every browser", async ({
  server,
  newMember,
  mailFor,
}) => {
  const who = await newMember();
  const app = await addApp(server, who);
  const trusted = visitorAt(server);
  await trusted.submit("/login", "Log in", { email: who.email, password: who.password });
  const entered = await trusted.submit("/login/code", "Log in", { otp: await app.code(), trust: "yes" });
  expect(entered.headers.get("location")).toBe("/account");

  await passCooldowns(server, who.email);
  const thief = visitorAt(server);
  await thief.submit("/forgot-password", "Send the mail", { email: who.email });
  const { link } = await mailFor(who.email, { subject: /password/i });
  const { pathname, search } = new URL(link ?? "");
  const reset = await thief.submit(pathname + search, "Set new password", { password: "a password by mail" });
  expect(reset.headers.get("location")).toContain("/login/code");
  expect((await thief.open("/account")).status).toBe(307);

  const back = await trusted.submit("/login", "Log in", { email: who.email, password: "a password by mail" });
  expect(back.headers.get("location")).toContain("/login/code");
});

test("the page for the code cannot be guessed into: not without a first factor, nor with another browser's, nor after a reset", async ({
  server,
  newMember,
}) => {
  const who = await newMember();
  const app = await addApp(server, who);
  const stranger = visitorAt(server);
  expect((await stranger.open("/login/code")).headers.get("location")).toContain("/login");

  const first = visitorAt(server);
  await first.submit("/login", "Log in", { email: who.email, password: who.password });
  const form = await first.form("/login/code", "Log in");
  expect((await stranger.post("/login/code", { ...form, otp: await app.code() })).headers.get("location")).toContain(
    "/login",
  );
  const { id } = await accountOf(server, who.email);
  await change(server, "update accounts set password_epoch = password_epoch + 1 where id = ?", id);
  const late = await first.post("/login/code", { ...form, otp: await app.code() });
  expect(late.headers.get("location")).toBe("/login?problem=session_invalid");
});

test("of 64 answers with one code on the page one gets in", async ({ server, newMember }) => {
  const who = await newMember();
  const app = await addApp(server, who);
  const first = visitorAt(server);
  await first.submit("/login", "Log in", { email: who.email, password: who.password });
  const form = await first.form("/login/code", "Log in");
  const { id } = await accountOf(server, who.email);
  const before = await rows(server, "select id from sessions where account_id = ?", id);
  const otp = await app.code();
  const twins = Array.from({ length: 64 }, () => first.twin());
  const answers = await Promise.all(twins.map((twin) => twin.post("/login/code", { ...form, otp })));
  expect(answers.filter(({ headers }) => headers.get("location") === "/account")).toHaveLength(1);
  expect(await rows(server, "select id from sessions where account_id = ?", id)).toHaveLength(before.length + 1);
});

test("a second app is not put over the first, nor is one confirmed twice", async ({ server, newMember }) => {
  const who = await newMember();
  const visitor = visitorAt(server);
  await visitor.submit("/login", "Log in", { email: who.email, password: who.password });
  const key = await keyShown(visitor);
  const form = await visitor.form("/account/security/app", "Add the app");
  const otp = codeOf(key, Date.now());
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => visitor.twin().post("/account/security/app", { ...form, otp })),
  );
  expect(answers.filter(({ headers }) => headers.get("location") === "/account/security/codes")).toHaveLength(1);
  expect((await visitor.open("/account/security/app")).headers.get("location")).toBe("/account/security");
  const { id } = await accountOf(server, who.email);
  expect(await rows(server, "select * from recovery_codes where account_id = ?", id)).toHaveLength(10);
});

test("the key that somebody else has seen in a session of theirs is not the one that is added", async ({
  server,
  newMember,
}) => {
  const who = await newMember();
  const [thief, owner] = [visitorAt(server), visitorAt(server)];
  await thief.submit("/login", "Log in", { email: who.email, password: who.password });
  const seen = await keyShown(thief);
  await owner.submit("/login", "Log in", { email: who.email, password: who.password });
  const own = await keyShown(owner);
  expect(own).not.toBe(seen);
  expect(await keyShown(owner), "a reload of one's own loses nothing").toBe(own);
  await thief.submit("/account/security/app", "Add the app", { otp: codeOf(seen, Date.now()) });
  const { id } = await accountOf(server, who.email);
  expect(
    await rows(server, "select * from authenticators where account_id = ? and confirmed_at is not null", id),
  ).toEqual([]);
});

test("a confirmation counts for the session that gave it, and for no other", async ({ server, newMember }) => {
  const who = await newMember();
  const app = await addApp(server, who);
  const other = visitorAt(server);
  await other.submit("/login", "Log in", { email: who.email, password: who.password });
  await other.submit("/login/code", "Log in", { otp: await app.code() });
  const removal = await other.form("/account/security/app/remove", "Remove the app");
  await passConfirmation(server, who);
  await app.visitor.submit("/account/confirm", "Continue", { otp: await app.code() });
  const answer = await other.post("/account/security/app/remove", removal);
  expect(answer.headers.get("location")).toContain("/account/confirm");
  const { id } = await accountOf(server, who.email);
  expect(await rows(server, "select account_id from authenticators where account_id = ?", id)).toHaveLength(1);
});

test("neither the key nor a code lies in the store, or in the log, as it is", async ({ server, newMember }) => {
  const who = await newMember();
  const { key, recoveryCodes } = await addApp(server, who);
  const stored = JSON.stringify([
    await rows(server, "select * from authenticators"),
    await rows(server, "select * from recovery_codes"),
  ]);
  for (const secret of [key, ...recoveryCodes, ...recoveryCodes.map((code) => code.replace("-", ""))]) {
    expect(stored).not.toContain(secret);
    expect(server.output()).not.toContain(secret);
  }
});

test("what matters most asks again after ten minutes: another device, and with an app the password too", async ({
  server,
  newMember,
}) => {
  const who = await newMember();
  const visitor = visitorAt(server);
  await visitor.submit("/login", "Log in", { email: who.email, password: who.password });
  const forms = formsWith("", (await visitor.open("/account/sessions")).html);
  const logOutOther = forms.find((fields) => "session" in fields) ?? {};
  await passConfirmation(server, who);
  const asked = await visitor.post("/account/sessions", logOutOther);
  expect(asked.headers.get("location")).toBe("/account/confirm?next=%2Faccount%2Fsessions");
  const { id } = await accountOf(server, who.email);
  const live = () => rows(server, "select id from sessions where account_id = ? and ended_at is null", id);
  expect(await live()).toHaveLength(2);
  await visitor.submit("/account/confirm", "Continue", { password: who.password });
  await visitor.post("/account/sessions", logOutOther);
  expect(await live()).toHaveLength(1);

  // Without an app the old password is what is asked for anyhow.
  await passConfirmation(server, who);
  expect((await visitor.open("/account/password")).status).toBe(200);
  await visitor.submit("/account/confirm", "Continue", { password: who.password });
  const key = await keyShown(visitor);
  await visitor.submit("/account/security/app", "Add the app", { otp: codeOf(key, Date.now()) });
  const change = await visitor.form("/account/password", "Change password");
  await passConfirmation(server, who);
  expect((await visitor.open("/account/password")).headers.get("location")).toContain("/account/confirm");
  const words = { currentPassword: who.password, newPassword: "a new password of theirs" };
  expect((await visitor.post("/account/password", { ...change, ...words })).headers.get("location")).toContain(
    "/account/confirm",
  );
});

test("a browser that was not asked for the code is asked before it takes the app away", async ({
  server,
  newMember,
}) => {
  const who = await newMember();
  const app = await addApp(server, who);
  const trusted = visitorAt(server);
  await trusted.submit("/login", "Log in", { email: who.email, password: who.password });
  await trusted.submit("/login/code", "Log in", { otp: await app.code(), trust: "yes" });
  const removal = await trusted.form("/account/security/app/remove", "Remove the app");
  await trusted.submit("/account", "Log out");
  const entered = await trusted.submit("/login", "Log in", { email: who.email, password: who.password });
  expect(entered.headers.get("location")).toBe("/account");
  for (const path of ["/account/security/app/remove", "/account/password", "/account/security/app-passwords/new"])
    expect((await trusted.open(path)).headers.get("location"), path).toContain("/account/confirm");
  const answer = await trusted.post("/account/security/app/remove", removal);
  expect(answer.headers.get("location")).toContain("/account/confirm");
});
