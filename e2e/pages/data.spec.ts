import { readFileSync } from "node:fs";
import { addApp } from "#e2e/fixtures/authenticator.ts";
import { passConfirmation } from "#e2e/fixtures/confirmations.ts";
import { visitorOf } from "#e2e/fixtures/doors.ts";
import { kindsOf } from "#e2e/fixtures/events.ts";
import { expect, fill, heading, logInOn, press, test } from "#e2e/fixtures/pages.ts";
import { openMany } from "#e2e/fixtures/sessions.ts";
import { accountOf, row, rows, runScript } from "#e2e/fixtures/store.ts";

/** All that is kept about a person, in a file of their own. */

const DOWNLOAD = "/account/data/download";

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled, viewport: { width: 320, height: 640 } });

    test("the page says what is in the file, and the file holds it", async ({ page, server, newMember }) => {
      const who = await newMember();
      await page.goto("/account/data");
      await logInOn(page, who);
      await expect(heading(page, "Your data")).toBeVisible();
      await expect(page.getByRole("main")).toContainText("what happened in your account in the last 90 days");
      const arriving = page.waitForEvent("download");
      await page.getByRole("link", { name: "Download your data" }).click();
      const download = await arriving;
      expect(download.suggestedFilename()).toMatch(/^latchkey-data-\d{4}-\d\d-\d\d\.json$/);
      const data = JSON.parse(readFileSync(await download.path(), "utf8"));
      const { sub } = await accountOf(server, who.email);
      expect(data.account).toMatchObject({ sub, email: who.email, hasPassword: true, deletesAt: null });
      expect(data.account.createdAt).toMatch(/^\d{4}-\d\d-\d\dT/);
      expect(data.events.map(({ kind }: { kind: string }) => kind)).toEqual([
        "sign_up",
        "address_verified",
        "log_in",
        "log_in",
        "data_exported",
      ]);
      expect(data.sessions).toHaveLength(2);
      expect(data.knownNetworks).toHaveLength(1);
      expect(data.mails.map(({ template }: { template: string }) => template)).toContain("verify-email");
      expect(data.invitationsSent).toEqual([]);
    });

    test("who has not shown lately that it is them does so first, and comes back", async ({
      page,
      server,
      newMember,
    }) => {
      const who = await newMember();
      await page.goto("/account/data");
      await logInOn(page, who);
      await expect(heading(page, "Your data")).toBeVisible();
      await passConfirmation(server, who);
      await page.getByRole("link", { name: "Download your data" }).click();
      await expect(heading(page, "Confirm that it is you")).toBeVisible();
      await fill(page, { "Your password": who.password });
      await press(page, "Continue");
      await expect(page.getByRole("status")).toHaveText("Thank you. You can go on now.");
      const arriving = page.waitForEvent("download");
      await page.getByRole("link", { name: "Download your data" }).click();
      await arriving;
    });
  });

test("no secret is in it: no hash, key, code or token, nor anything of anybody else", async ({
  api,
  server,
  newMember,
  mailFor,
}) => {
  const [who, other] = [await newMember(), await newMember()];
  const app = await addApp(server, who);
  await app.visitor.submit("/account/security/app-passwords/new", "Make the app password", {
    name: "scanner in the office",
    door: "auth",
  });
  const { html } = await app.visitor.open("/account/security/app-passwords");
  const appPassword = /class="key">([^<]+)</.exec(html)?.[1] ?? "";
  await api.post("/api/users/resetPassword", { email: who.email });
  const reset = await mailFor(who.email, { subject: "Reset your" });
  const invitation = { username: other.email, destination_email: who.email };
  await api.post("/api/send-mail/reference-email", invitation, { authorization: `Bearer ${other.accessToken}` });
  await mailFor(who.email, { subject: "invites you" });

  const answer = await app.visitor.open(DOWNLOAD);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="latchkey-data-/);
  const data = JSON.parse(answer.html);
  expect(data.appPasswords).toMatchObject([{ name: "scanner in the office", door: "auth" }]);
  expect(data.recoveryCodes).toHaveLength(10);
  expect(data.invitationsReceived).toMatchObject([{ from: other.email }]);
  const { id } = await accountOf(server, who.email);
  const hidden = [
    (await accountOf(server, who.email)).password_hash,
    ...(await rows<{ hash: string }>(server, "select hash from app_passwords where account_id = ?", id)).map(
      ({ hash }) => hash,
    ),
    ...(await rows<{ h: string }>(server, "select code_hash h from recovery_codes where account_id = ?", id)).map(
      ({ h }) => h,
    ),
    (await row<{ secret: string }>(server, "select secret from authenticators where account_id = ?", id)).secret,
    ...(await rows<{ nonce: string }>(server, "select nonce from challenges where account_id = ?", id)).map(
      ({ nonce }) => nonce,
    ),
    ...(await rows<{ t: string }>(server, "select token_hash t from code_tokens where account_id = ?", id)).map(
      ({ t }) => t,
    ),
    ...(await rows<{ d: string }>(server, "select device_id d from known_browsers where account_id = ?", id)).map(
      ({ d }) => d,
    ),
  ];
  expect(hidden.length).toBeGreaterThan(14);
  const secrets = [
    ...hidden,
    app.key,
    appPassword,
    ...app.recoveryCodes,
    reset.code ?? "",
    who.password,
    who.refreshToken,
  ];
  for (const secret of secrets) expect(answer.html).not.toContain(secret);
  const { sub } = await accountOf(server, other.email);
  expect(answer.html).not.toContain(sub);
});

test("thousands of rows come whole, each once", async ({ server, newMember }) => {
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  await openMany(server, id, 1_203);
  await runScript(server, `update sessions set ended_at = created_at where account_id = ${id}`);
  const visitor = visitorOf(server);
  await visitor.submit("/login", "Log in", who);
  const { sessions } = JSON.parse((await visitor.open(DOWNLOAD)).html);
  const ids = new Set(sessions.map((session: { id: string }) => session.id));
  expect([sessions.length, ids.size]).toEqual([1_205, 1_205]);
});

test("it is given ten times an hour, to nobody who is not logged in, and each time is written down", async ({
  server,
  newMember,
}) => {
  const who = await newMember();
  expect((await visitorOf(server).open(DOWNLOAD)).headers.get("location")).toContain("/login");
  const visitor = visitorOf(server);
  await visitor.submit("/login", "Log in", who);
  const statuses = await Promise.all(
    Array.from({ length: 16 }, async () => (await visitor.twin().open(DOWNLOAD)).status),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(10);
  expect((await kindsOf(server, who.email)).filter((kind) => kind === "data_exported")).toHaveLength(10);
  expect((await visitor.open(DOWNLOAD)).headers.get("location")).toBe("/account/data?problem=download");
});

test("a link on another site fetches nothing and uses none of the ten up", async ({ server, newMember }) => {
  const who = await newMember();
  const visitor = visitorOf(server);
  await visitor.submit("/login", "Log in", who);
  for (const site of ["cross-site", "same-site"]) {
    const answer = await visitor.open(DOWNLOAD, { headers: { "sec-fetch-site": site } });
    expect([answer.status, answer.headers.get("location")], site).toEqual([307, "/account/data"]);
  }
  expect(await kindsOf(server, who.email)).not.toContain("data_exported");
  expect((await visitor.open(DOWNLOAD, { headers: { "sec-fetch-site": "same-origin" } })).status).toBe(200);
});
