import { addApp } from "#e2e/fixtures/authenticator.ts";
import { passConfirmation } from "#e2e/fixtures/confirmations.ts";
import { DOORS, doorsOf, visitorOf } from "#e2e/fixtures/doors.ts";
import { eventsOf, kindsOf } from "#e2e/fixtures/events.ts";
import { clientAddress, expect, fill, heading, logInOn, press, type RunningServer, test } from "#e2e/fixtures/pages.ts";
import { liveOnes } from "#e2e/fixtures/sessions.ts";
import { accountOf, change, rows, runScript } from "#e2e/fixtures/store.ts";
import { Visitor } from "#e2e/fixtures/visitor.ts";

/** What happened to an account, as its person reads it, and what they can do about it. */

const PHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
const NEW = "nine quiet herons by dusk";

/** Somebody who knows the password, from a network of their own. */
const thiefAt = (server: RunningServer, network = "203.0.113") =>
  new Visitor(server.url, { "x-forwarded-for": `${network}.9`, "user-agent": PHONE });

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled, viewport: { width: 320, height: 640 } });

    test("each log-in is told with its time, browser, network and door, and one that was not me shuts everybody out", async ({
      page,
      api,
      server,
      newMember,
      mailFor,
    }) => {
      const who = await newMember();
      await thiefAt(server).submit("/login", "Log in", who);
      await api.post("/auth/login", { email: who.email, password: "not the one" });
      await page.goto("/account/activity");
      await logInOn(page, who);
      await expect(heading(page, "What happened in your account")).toBeVisible();
      const items = page.getByRole("main").getByRole("listitem");
      await expect(items.first()).toContainText("Logged in with the password This device");
      await expect(items.first().getByRole("link")).toHaveCount(0);
      await expect(items.nth(1)).toContainText("Log-in refused: wrong password");
      await expect(items.nth(1)).toContainText("An app: node");
      await expect(items.nth(1)).toContainText("by the auth contract (/auth/login)");
      const theirs = items.filter({ hasText: "203.0.113.0/24" });
      await expect(theirs).toContainText("Safari on iPhone from network 203.0.113.0/24");
      await expect(theirs).toContainText("Neither the browser nor the network was known before.");
      await expect(theirs).toContainText(/\d+ \w+ \d{4}, \d\d:\d\d/);
      await expect(items.last()).toContainText("Account created");
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);

      await theirs.getByRole("link", { name: "This wasn’t me" }).click();
      await expect(heading(page, "This wasn’t you?")).toBeVisible();
      await expect(page.getByRole("main")).toContainText("Safari on iPhone from network 203.0.113.0/24");
      await expect(page.getByRole("main")).toContainText("Your password, your passkeys, your app passwords");
      await press(page, "Log everyone out");
      await expect(heading(page, "Check your mail")).toBeVisible();
      await expect(page.getByRole("main")).toContainText("the old password no longer works");
      const { id } = await accountOf(server, who.email);
      expect(await liveOnes(server, id)).toBe(0);
      expect((await api.post("/auth/login", who)).status).toBe(400);
      await mailFor(who.email, { subject: "Everyone is logged out" });

      const { code } = await mailFor(who.email, { subject: /reset|new password/i });
      await fill(page, { Code: code ?? "", "New password": NEW });
      await press(page, "Set new password");
      await expect(heading(page, "Your account")).toBeVisible();
      const [out, refused, ...back] = (await kindsOf(server, who.email)).slice(-4);
      expect([out, refused]).toEqual(["log_in_disowned", "log_in_refused"]);
      expect(back).toEqual(["reset_done", "log_in"]);
    });

    test("older ones are reached by pages that what happens meanwhile does not move", async ({
      page,
      server,
      newMember,
    }) => {
      const who = await newMember();
      const { id } = await accountOf(server, who.email);
      const now = Date.now();
      // Three in each millisecond, so that the time alone does not order them.
      const one = (n: number) => `(${id}, ${now - 1_000_000 - Math.floor(n / 3)}, 'invitation_sent', 'Browser ${n}')`;
      await runScript(
        server,
        `insert into events (account_id, at, kind, browser) values ${Array.from({ length: 70 }, (_, n) => one(69 - n)).join()}`,
      );
      await change(
        server,
        "update events set at = ? where account_id = ? and browser = 'Browser 69'",
        now - 91 * 86_400_000,
        id,
      );
      await page.goto("/account/activity");
      await logInOn(page, who);
      const seen: string[] = [];
      for (;;) {
        await expect(heading(page, "What happened in your account")).toBeVisible();
        seen.push(...(await page.getByRole("main").getByRole("listitem").allTextContents()));
        await thiefAt(server).submit("/login", "Log in", who);
        const older = page.getByRole("link", { name: "Older", exact: true });
        if ((await older.count()) === 0) break;
        const before = page.url();
        await older.click();
        await page.waitForURL((url) => url.href !== before);
      }
      const numbers = seen.flatMap((text) => /Browser (\d+)/.exec(text)?.[1] ?? []);
      expect(numbers).toHaveLength(69);
      expect(new Set(numbers).size).toBe(69);
      expect(seen.filter((text) => text.includes("Logged in"))).toHaveLength(2);
      await page.getByRole("link", { name: "The newest" }).click();
      await expect(page.getByRole("main").getByRole("listitem").first()).toContainText("Logged in");
    });
  });

test("nobody sees what happened to somebody else, by whatever number they ask", async ({ server, newMember }) => {
  const [who, other] = [await newMember(), await newMember()];
  const [theirs] = (await eventsOf(server, other.email)).filter(({ kind }) => kind === "log_in");
  await change(server, "update events set network = '198.51.100.0/24' where id = ?", theirs?.id);
  const visitor = visitorOf(server);
  await visitor.submit("/login", "Log in", who);
  for (const path of [
    `/account/activity?before=${Date.now() + 1_000}-${(theirs?.id ?? 0) + 1}`,
    `/account/activity/not-me?log-in=${theirs?.id}`,
    "/account/activity/not-me?log-in=1e3",
    "/account/activity?before=nonsense",
  ]) {
    const { status, html } = await visitor.open(path);
    expect(status, path).toBe(200);
    expect(html, path).not.toContain("198.51.100.0");
  }
  expect((await visitorOf(server).open("/account/activity")).headers.get("location")).toContain("/login");
});

test("who only sits at an open browser cannot take the owner’s password away", async ({ server, newMember }) => {
  const who = await newMember();
  const visitor = visitorOf(server);
  await visitor.submit("/login", "Log in", who);
  const form = await visitor.form("/account/activity/not-me", "Log everyone out");
  await passConfirmation(server, who);
  expect((await visitor.open("/account/activity/not-me")).headers.get("location")).toContain("/account/confirm");
  expect((await visitor.post("/account/activity/not-me", form)).headers.get("location")).toContain("/account/confirm");
  const { id, password_hash } = await accountOf(server, who.email);
  expect(password_hash).toMatch(/\$/);
  expect(await liveOnes(server, id)).toBe(2);
});

test("who says so is out too and sets no password by it; the app for codes still stands before the account", async ({
  api,
  server,
  newMember,
  mailFor,
}) => {
  const who = await newMember();
  const app = await addApp(server, who);
  const opened = await app.visitor.submit("/account/security/app-passwords/new", "Make the app password", {
    name: "scanner",
    door: "auth",
  });
  expect(opened.status).toBe(303);
  const appPassword = /class="key">([^<]+)</.exec(
    (await app.visitor.open("/account/security/app-passwords")).html,
  )?.[1];
  expect((await api.post("/auth/login", { email: who.email, password: appPassword })).status).toBe(200);
  const answer = await app.visitor.submit("/account/activity/not-me", "Log everyone out");
  expect(answer.headers.get("location")).toBe("/reset-password?notice=locked-out");
  expect([...app.visitor.cookies.keys()].filter((name) => /access|refresh/.test(name))).toEqual([]);
  const { id } = await accountOf(server, who.email);
  expect(await liveOnes(server, id)).toBe(0);
  expect((await api.post("/auth/login", { email: who.email, password: appPassword })).status).toBe(400);

  const { link } = await mailFor(who.email, { subject: /reset|new password/i });
  const { pathname, search } = new URL(link ?? "");
  const reset = await visitorOf(server).submit(pathname + search, "Set new password", { password: NEW });
  expect(reset.headers.get("location")).toContain("/login/code");
  expect(await liveOnes(server, id)).toBe(0);
});

test("strangers who use up the mails of an address do not keep its owner out for good", async ({
  server,
  newMember,
  mailFor,
}) => {
  const who = await newMember();
  const visitor = visitorOf(server);
  await visitor.submit("/login", "Log in", who);
  for (const name of ["mail-hour", "mail-day", "mail-sent-hour", "mail-sent-day"])
    await runScript(
      server,
      `insert into limits (key, count, resets_at, blocked_until) values ('${name}:${who.email}', 20, ${Date.now() + 3_600_000}, ${Date.now() + 3_600_000})
       on conflict (key) do update set blocked_until = excluded.blocked_until`,
    );
  await visitor.submit("/account/activity/not-me", "Log everyone out");
  const { link } = await mailFor(who.email, { subject: /reset|new password/i });
  expect(link).toContain("/reset-password");
});

for (const name of DOORS)
  test(`of 64 log-ins at ${name} beside it none outlives “this wasn’t me”`, async ({
    api,
    server,
    newMember,
    mailFor,
  }) => {
    test.slow();
    const who = await newMember();
    const visitor = new Visitor(server.url, { "x-forwarded-for": clientAddress() });
    await visitor.submit("/login", "Log in", who);
    const form = await visitor.form("/account/activity/not-me", "Log everyone out");
    const door = doorsOf({ api, server, mailFor })[name];
    await Promise.all([
      ...Array.from({ length: 64 }, () => door.logIn(who)),
      visitor.post("/account/activity/not-me", form),
    ]);
    const { id } = await accountOf(server, who.email);
    expect(await liveOnes(server, id)).toBe(0);
    expect(await rows(server, "select 1 from accounts where id = ? and password_hash is not null", id)).toEqual([]);
  });
