import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Page } from "playwright/test";
import { PARTS } from "#db/personal-data.ts";
import { addApp, keyShown } from "#e2e/fixtures/authenticator.ts";
import { moved } from "#e2e/fixtures/change-address.ts";
import { passConfirmation } from "#e2e/fixtures/confirmations.ts";
import { askToDelete, deletesAt, passSevenDays } from "#e2e/fixtures/deletion.ts";
import { plugIn } from "#e2e/fixtures/device.ts";
import { DOORS, doorsOf, type OpenSession, visitorOf } from "#e2e/fixtures/doors.ts";
import { eventsOf, kindsOf } from "#e2e/fixtures/events.ts";
import { consentAtProvider, test as googleTest, signInAtProvider } from "#e2e/fixtures/google.ts";
import { housekeeping, tidyUpNow } from "#e2e/fixtures/housekeeping.ts";
import {
  api as apiOf,
  clientAddress,
  expect,
  fill,
  heading,
  logIn,
  logInOn,
  type Person,
  person,
  poll,
  press,
  type RunningServer,
  test,
} from "#e2e/fixtures/pages.ts";
import { addPasskey } from "#e2e/fixtures/passkeys.ts";
import { liveOnes } from "#e2e/fixtures/sessions.ts";
import { accountOf, change, passCooldowns, row, rows, runScript } from "#e2e/fixtures/store.ts";
import { codeIn, usersApi } from "#e2e/fixtures/users.ts";

/** An account that its person wants gone: asked twice, seven days to change one's mind, and then all of it. */

const DAY = 24 * 60 * 60_000;
const NEW = "nine quiet herons by dusk";
const ASKED = "Your Latchkey account will be deleted";
const STAYS = "Your Latchkey account stays";
const GONE = "Your Latchkey account is deleted";

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled, viewport: { width: 320, height: 640 } });

    test("it is asked twice, told by mail, and called off by a log-in that says so and leads on", async ({
      page,
      api,
      server,
      newMember,
      mailFor,
    }) => {
      const who = await newMember();
      await page.goto("/account/data");
      await logInOn(page, who);
      await expect(heading(page, "Your data")).toBeVisible();
      await passConfirmation(server, who);
      await page.getByRole("link", { name: "Delete your account" }).click();
      await expect(heading(page, "Confirm that it is you")).toBeVisible();
      await fill(page, { "Your password": who.password });
      await press(page, "Continue");
      await expect(heading(page, "Delete your account?")).toBeVisible();
      expect(await deletesAt(server, who.email)).toBeNull();
      await page.getByRole("link", { name: "Go on" }).click();
      await expect(heading(page, "Are you sure?")).toBeVisible();
      await press(page, "Delete my account");
      await expect(heading(page, /log\sin/)).toBeVisible();
      await expect(page.getByRole("status")).toContainText("Your account will be deleted in seven days.");
      const at = (await deletesAt(server, who.email)) ?? 0;
      expect(Math.abs(at - Date.now() - 7 * DAY)).toBeLessThan(60_000);
      expect((await api.get("/auth/me", { authorization: `Bearer ${who.accessToken}` })).status).toBe(401);
      const { text } = await mailFor(who.email, { subject: ASKED });
      expect(text).toContain(`${server.url}/login`);

      await page.goto("/invite");
      await logInOn(page, who);
      await expect(heading(page, "Your account stays")).toBeVisible();
      expect(await deletesAt(server, who.email)).toBeNull();
      await page.getByRole("link", { name: "Go on" }).click();
      await expect(heading(page, "Invite someone"), "where one was going").toBeVisible();
      await mailFor(who.email, { subject: STAYS });
      expect((await kindsOf(server, who.email)).slice(-3)).toEqual([
        "deletion_requested",
        "deletion_cancelled",
        "log_in",
      ]);
      await page.goto("/account/activity");
      await expect(page.getByText("The account stays, because you logged in")).toBeVisible();
    });
  });

test("who only sits at an open browser cannot ask for it", async ({ server, newMember }) => {
  const who = await newMember();
  const visitor = visitorOf(server);
  await visitor.submit("/login", "Log in", who);
  const form = await visitor.form("/account/data/delete/sure", "Delete my account");
  await passConfirmation(server, who);
  for (const path of ["/account/data/delete", "/account/data/delete/sure"])
    expect((await visitor.open(path)).headers.get("location")).toContain("/account/confirm");
  expect((await visitor.post("/account/data/delete/sure", form)).headers.get("location")).toContain("/account/confirm");
  expect(await deletesAt(server, who.email)).toBeNull();
});

test("of 64 who press at once one is heard, and one mail goes out", async ({ server, newMember }) => {
  const who = await newMember();
  const visitor = visitorOf(server);
  await visitor.submit("/login", "Log in", who);
  const form = await visitor.form("/account/data/delete/sure", "Delete my account");
  await Promise.all(Array.from({ length: 64 }, () => visitor.twin().post("/account/data/delete/sure", form)));
  expect((await kindsOf(server, who.email)).filter((kind) => kind === "deletion_requested")).toHaveLength(1);
  expect(
    await rows(server, "select id from outbox where to_email = ? and template = 'deletion'", who.email),
  ).toHaveLength(1);
});

test("it can be asked for five times a day, so that who knows the password cannot fill the mailbox of its owner", async ({
  server,
  newMember,
}) => {
  const who = await newMember();
  for (let n = 0; n < 5; n++) await askToDelete(server, who);
  const visitor = visitorOf(server);
  await visitor.submit("/login", "Log in", who);
  const { headers } = await visitor.submit("/account/data/delete/sure", "Delete my account");
  expect(headers.get("location")).toBe("/account/data?problem=deletion");
  expect((await visitor.open("/account/data?problem=deletion")).html).toContain("five times today");
  expect(await deletesAt(server, who.email)).toBeNull();
});

test("in the moment of asking every token of every door is dead, and what was mailed before", async ({
  api,
  server,
  newMember,
  mailFor,
}) => {
  const who = await newMember();
  const doors = doorsOf({ api, server, mailFor });
  const open: OpenSession[] = [];
  for (const name of DOORS) {
    const session = await doors[name].logIn(who);
    if (session) open.push(session);
  }
  expect(open).toHaveLength(4);
  await passCooldowns(server, who.email);
  const users = usersApi(api);
  const { session } = (await users.askReset(who.email)).body;
  const mail = await mailFor(who.email, { subject: /password/i });
  await askToDelete(server, who);
  for (const one of open) expect([await one.isLive(), await one.refresh()]).toEqual([false, false]);
  expect((await users.setPassword(session.token, NEW, codeIn(mail))).status).toBe(400);
  const authToken = new URL(mail.link ?? "").searchParams.get("authToken");
  expect((await api.post("/password/reset", { authToken, password: NEW })).status).toBe(403);
  expect(await deletesAt(server, who.email)).not.toBeNull();
});

for (const name of DOORS)
  test(`a log-in with the password at ${name} calls it off, and all is as it was`, async ({
    api,
    server,
    newMember,
    mailFor,
  }) => {
    const who = await newMember();
    const { id, sub } = await accountOf(server, who.email);
    await askToDelete(server, who);
    const session = await doorsOf({ api, server, mailFor })[name].logIn(who);
    expect(session && (await session.isLive())).toBe(true);
    expect(await deletesAt(server, who.email)).toBeNull();
    await mailFor(who.email, { subject: STAYS });
    await tidyUpNow(server);
    expect(await accountOf(server, who.email)).toMatchObject({ id, sub });
  });

test("a log-in with a passkey calls it off, says so, and leads on", async ({ page, server, newMember }) => {
  await plugIn(page);
  const who = await newMember();
  await addPasskey(page, who);
  await page.goto("/account/data/delete/sure");
  await press(page, "Delete my account");
  await expect(page.getByRole("status")).toContainText("Your account will be deleted in seven days.");
  expect(await deletesAt(server, who.email)).not.toBeNull();
  await page.goto("/login?next=/invite");
  await expect(heading(page, "Your account stays")).toBeVisible();
  expect(await deletesAt(server, who.email)).toBeNull();
  await page.getByRole("link", { name: "Go on" }).click();
  await expect(heading(page, "Invite someone"), "where one was going").toBeVisible();
});

test("neither a wrong password, an app password, a reset through a contract nor half a log-in calls it off", async ({
  api,
  server,
  newMember,
}) => {
  const who = await newMember();
  const app = await addApp(server, who);
  await app.visitor.submit("/account/security/app-passwords/new", "Make the app password", {
    name: "scanner",
    door: "auth",
  });
  const { html } = await app.visitor.open("/account/security/app-passwords");
  const appPassword = /class="key">([^<]+)</.exec(html)?.[1] ?? "";
  await askToDelete(server, who, app.visitor);
  const isPending = async () => (await deletesAt(server, who.email)) !== null;

  expect((await logIn(api, { ...who, password: "not the one" })).status).toBe(400);
  expect((await logIn(api, { ...who, password: appPassword })).status).toBe(400);
  expect(await isPending()).toBe(true);
  const halfway = visitorOf(server);
  expect((await halfway.submit("/login", "Log in", who)).headers.get("location")).toBe("/login/code");
  expect((await logIn(api, who)).status).toBe(403);
  expect(await isPending(), "stopped at the code").toBe(true);

  const entered = await halfway.submit("/login/code", "Log in", { otp: await app.code() });
  expect(entered.headers.get("location")).toBe("/account/data/kept");
  expect(await isPending()).toBe(false);
  expect((await logIn(api, { ...who, password: appPassword })).status, "as it was").toBe(200);
});

test("a reset by mail on the page calls it off, one through a contract does not", async ({
  api,
  server,
  newMember,
  mailFor,
}) => {
  const who = await newMember();
  await askToDelete(server, who);
  await passCooldowns(server, who.email);
  await api.post("/password/forget", { email: who.email });
  const first = await mailFor(who.email, { subject: /reset|new password/i });
  const authToken = new URL(first.link ?? "").searchParams.get("authToken");
  expect((await api.post("/password/reset", { authToken, password: NEW })).status).toBe(200);
  expect(await deletesAt(server, who.email)).not.toBeNull();

  await passCooldowns(server, who.email);
  const visitor = visitorOf(server);
  await visitor.submit("/forgot-password", "Send the mail", { email: who.email });
  const { link } = await mailFor(who.email, { subject: /reset|new password/i, after: first });
  const { pathname, search } = new URL(link ?? "");
  const reset = await visitor.submit(pathname + search, "Set new password", { password: `${NEW} again` });
  expect(reset.headers.get("location")).toContain("/account/data/kept");
  expect(await deletesAt(server, who.email)).toBeNull();
});

test("a blocked account waits, since its person could not change their mind, and goes once it is not", async ({
  server,
  newMember,
}) => {
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  await askToDelete(server, who);
  await passSevenDays(server, who.email);
  await change(server, "update accounts set status = 2 where id = ?", id);
  await tidyUpNow(server);
  expect(await rows(server, "select id from accounts where id = ?", id)).toHaveLength(1);
  await change(server, "update accounts set status = 1 where id = ?", id);
  await tidyUpNow(server);
  expect(await rows(server, "select id from accounts where id = ?", id)).toEqual([]);
});

test("after seven days everything is gone, the address is free, and who signs up with it gets none of the old", async ({
  api,
  server,
  newMember,
  mailFor,
}) => {
  const who = await newMember();
  const { id, sub } = await accountOf(server, who.email);
  // The account has the highest number there is: were numbers given again, the next would have it.
  expect((await row<{ id: number }>(server, "select max(id) id from accounts")).id).toBeGreaterThanOrEqual(id);
  const app = await addApp(server, who);
  await app.visitor.submit("/account/security/app-passwords/new", "Make the app password", { name: "x", door: "auth" });
  await app.visitor.submit("/invite", "Send the invitation", { email: person().email });
  await logIn(api, { ...who, password: "not the one" });
  const guest = person().email;
  await api.post("/api/users/resetPassword", { email: who.email });
  await app.visitor.submit("/invite", "Send the invitation", { email: guest });
  const invitation = await mailFor(guest, { subject: "invites you" });
  await askToDelete(server, who, app.visitor);
  await passSevenDays(server, who.email);
  await tidyUpNow(server);

  for (const { table } of PARTS) {
    const { name } = getTableConfig(table as SQLiteTable);
    expect(await rows(server, `select account_id from ${name} where account_id = ?`, id), name).toEqual([]);
  }
  expect(
    await rows(server, "select id from accounts where id = ? or email = ? or sub = ?", id, who.email, sub),
  ).toEqual([]);
  expect(await countersOf(server, { id, sub })).toEqual([]);
  const last = await mailFor(who.email, { subject: GONE });
  const { pathname, search } = new URL(invitation.link ?? "");
  expect((await visitorOf(server).open(pathname + search)).html).not.toContain(who.email);
  expect((await logIn(api, who)).status).toBe(404);
  expect((await app.visitor.open("/account")).status).toBe(307);

  expect((await api.post("/auth/signup", { email: who.email, password: NEW })).status).toBe(200);
  const { code } = await mailFor(who.email, { subject: "Confirm your", after: last });
  await api.post("/api/auth_confirm", { username: who.email, confirm_code: code });
  const fresh = await accountOf(server, who.email);
  expect(fresh.id).toBeGreaterThan(id);
  expect(fresh.sub).not.toBe(sub);
  expect(await kindsOf(server, who.email)).toEqual(["sign_up", "address_verified"]);
  expect((await logIn(api, { ...who, password: NEW })).status).toBe(200);
  expect((await api.get("/auth/me", { authorization: `Bearer ${who.accessToken}` })).status).toBe(401);
});

test("no counter names an account that is gone: of another address, another username, or wrong codes", async ({
  server,
  newMember,
  mailFor,
}) => {
  const who = await newMember();
  const account = await accountOf(server, who.email);
  const elsewhere = visitorOf(server);
  await elsewhere.submit("/login", "Log in", who);
  await keyShown(elsewhere);
  await elsewhere.submit("/account/security/app", "Add the app", { otp: "000000" });
  const app = await addApp(server, who);
  for (const chosenUsername of [`first.${account.id}`, `second.${account.id}`])
    expect((await app.visitor.submit("/account/profile", "Save", { chosenUsername })).status).toBe(303);
  const { email } = await moved(app.visitor, mailFor, who.email);
  const halfway = visitorOf(server);
  await halfway.submit("/login", "Log in", { ...who, email });
  await halfway.submit("/login/code", "Log in", { otp: "000000" });
  const { id, sub } = account;
  expect(await countersOf(server, account)).toEqual(
    expect.arrayContaining([
      `second-factor:${id}`,
      expect.stringMatching(`^second-factor:${id}:`),
      `username-change:${id}`,
      `email-change:${id}`,
      `cooldown:change-email:${sub}:${email}`,
    ]),
  );
  await askToDelete(server, { ...who, email }, app.visitor);
  await passSevenDays(server, email);
  await tidyUpNow(server);
  expect(await rows(server, "select id from accounts where id = ?", id)).toEqual([]);
  expect(await countersOf(server, account)).toEqual([]);
});

test("a tidy-up that is killed in between has shut the account already, and the next one finishes", async ({
  api,
  server,
  newMember,
}) => {
  test.slow();
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  const one = (n: number) => `(${id}, ${Date.now() - n}, 'log_in')`;
  for (let part = 0; part < 8; part++)
    await runScript(
      server,
      `insert into events (account_id, at, kind) values ${Array.from({ length: 1_000 }, (_, n) => one(part * 1_000 + n)).join()}`,
    );
  await askToDelete(server, who);
  await passSevenDays(server, who.email);
  const killed = await housekeeping(server);
  const running = killed.run().catch(() => {});
  await poll(
    async () => (await rows(server, "select 1 from accounts where id = ? and deletes_at = 0", id)).length > 0,
    {
      what: "the deletion to begin",
    },
  );
  await killed.kill();
  await running;
  const left = await rows<{ n: number }>(server, "select count(*) n from events where account_id = ?", id);
  expect(await rows(server, "select email from accounts where id = ? and status = 1", id)).toEqual([]);
  expect((await logIn(api, who)).status).toBe(404);
  expect(left[0]?.n).toBeGreaterThan(0);
  await tidyUpNow(server);
  expect(await rows(server, "select id from accounts where id = ?", id)).toEqual([]);
  expect(await rows(server, "select id from events where account_id = ?", id)).toEqual([]);
});

test("a log-in at the last moment keeps the account or finds none: 64 of them beside the deletion", async ({
  server,
}) => {
  test.slow();
  const people = Array.from({ length: 64 }, person);
  for (const { email, password } of people)
    await apiOf(server.url, { "x-forwarded-for": clientAddress() }).post("/auth/signup", { email, password });
  await change(server, "update accounts set status = 1 where status = 0");
  const ids = new Map<string, number>();
  for (const { email } of people) {
    ids.set(email, (await accountOf(server, email)).id);
    await change(server, "update accounts set deletes_at = ? where email = ?", Date.now() - 1, email);
  }
  const deletion = await housekeeping(server);
  const log = (who: Person) => logIn(apiOf(server.url, { "x-forwarded-for": clientAddress() }), who);
  // A few before, so that some are in time; the others as it goes on.
  const answers = people.slice(0, 8).map(log);
  await Promise.all(answers);
  const done = deletion.run();
  for (const who of people.slice(8)) {
    answers.push(log(who));
    if (answers.length % 4 === 0) await Promise.race(answers.slice(-4));
  }
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  await done;
  await tidyUpNow(server);
  const counts = { lives: 0, gone: 0 };
  for (const [n, who] of people.entries()) {
    const id = ids.get(who.email) ?? 0;
    const found = await rows<{ at: number | null }>(server, "select deletes_at at from accounts where id = ?", id);
    const live = await liveOnes(server, id);
    if (statuses[n] === 200) {
      expect(found, `${n}: let in, and so it stays`).toEqual([{ at: null }]);
      expect(live, `${n}: with its session`).toBe(1);
      counts.lives += 1;
    } else {
      // Busy where the store was another process's at that moment; that is no answer to a right password.
      expect([400, 404, 503], `${n}`).toContain(statuses[n]);
      expect(found, `${n}: refused, and so it is gone`).toEqual([]);
      expect(live, `${n}: with no session`).toBe(0);
      counts.gone += 1;
    }
  }
  test.info().annotations.push({ type: "outcomes", description: JSON.stringify(counts) });
  expect(counts.lives + counts.gone).toBe(64);
});

test("a log-in beside the asking leaves the account either shut with no session or open with no date, 64 times", async ({
  server,
  newMember,
}) => {
  test.slow();
  const counts = { shut: 0, open: 0 };
  let who = await newMember();
  for (let round = 0; round < 64; round++) {
    if (round % 8 === 7) who = await newMember();
    const visitor = visitorOf(server);
    await visitor.submit("/login", "Log in", who);
    const form = await visitor.form("/account/data/delete/sure", "Delete my account");
    const caller = apiOf(server.url, { "x-forwarded-for": clientAddress() });
    await Promise.all([logIn(caller, who), visitor.post("/account/data/delete/sure", form), logIn(caller, who)]);
    const { id } = await accountOf(server, who.email);
    const isPending = (await deletesAt(server, who.email)) !== null;
    const live = await liveOnes(server, id);
    expect(live > 0, `round ${round}: a session and a date exclude each other`).toBe(!isPending);
    counts[isPending ? "shut" : "open"] += 1;
  }
  expect(counts.shut + counts.open).toBe(64);
});

/** The keys of the counters that name the account. */
async function countersOf(server: RunningServer, { id, sub }: { id: number; sub: string }): Promise<string[]> {
  const keys = (await rows<{ key: string }>(server, "select key from limits")).map(({ key }) => key);
  return keys.filter((key) => key.includes(sub) || new RegExp(`:${id}(:|$)`).test(key));
}

async function continueWithGoogle(page: Page, login: string): Promise<void> {
  await page.goto("/login");
  await page.getByRole("link", { name: "Continue with Google" }).click();
  await signInAtProvider(page, login);
  await consentAtProvider(page);
}

googleTest.describe("without a password", () => {
  googleTest("who only ever came with Google asks and changes their mind by it", async ({ page, server, mailFor }) => {
    const { email } = person();
    await continueWithGoogle(page, email);
    await expect(page).toHaveURL("/account");
    await page.goto("/account/data/delete");
    await page.getByRole("link", { name: "Go on" }).click();
    await press(page, "Delete my account");
    await expect(page.getByRole("status")).toContainText("Your account will be deleted in seven days.");
    expect(await deletesAt(server, email)).not.toBeNull();
    await mailFor(email, { subject: ASKED });
    // The provider would remember them.
    await page.context().clearCookies();
    await continueWithGoogle(page, email);
    await expect(heading(page, "Your account stays")).toBeVisible();
    expect(await deletesAt(server, email)).toBeNull();
    const [called] = (await eventsOf(server, email)).filter(({ kind }) => kind === "deletion_cancelled");
    expect(called).toMatchObject({ door: "pages" });

    await askAgain();
    await passSevenDays(server, email);
    await tidyUpNow(server);
    expect(await rows(server, "select subject from identities where subject = ?", email)).toEqual([]);

    async function askAgain() {
      await page.goto("/account/data/delete/sure");
      await press(page, "Delete my account");
      await expect(page.getByRole("status")).toContainText("Your account will be deleted in seven days.");
    }
  });
});
