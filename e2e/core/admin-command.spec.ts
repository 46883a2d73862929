import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addApp } from "#e2e/fixtures/authenticator.ts";
import { type Ran, runCommand } from "#e2e/fixtures/command.ts";
import { askToDelete } from "#e2e/fixtures/deletion.ts";
import { DOORS, doorsOf, type OpenSession, visitorOf } from "#e2e/fixtures/doors.ts";
import { eventsOf } from "#e2e/fixtures/events.ts";
import { tidyUpNow } from "#e2e/fixtures/housekeeping.ts";
import { expect, logIn, memberOf, person, type RunningServer, test } from "#e2e/fixtures/member.ts";
import { accountOf, change, row, rows } from "#e2e/fixtures/store.ts";
import { type Entry, trailOf } from "#e2e/fixtures/trail.ts";

/** What operators do, by the command: for scripts, and for when nobody gets in. */

const admin = (server: RunningServer, ...words: string[]): Promise<Ran> =>
  runCommand(server, "scripts/admin/admin.ts", ...words);

async function dataOf(server: RunningServer, ...words: string[]) {
  const { said, errors } = await admin(server, ...words, "--json");
  if (said === "") throw new Error(errors);
  return JSON.parse(said);
}

const lastOf = async (server: RunningServer, email: string): Promise<Entry> =>
  (await trailOf(server, email)).at(-1) as Entry;

test("an account is named by address, username, number or sub, and nobody by anything else", async ({
  server,
  newMember,
}) => {
  const who = await newMember();
  const { id, sub } = await accountOf(server, who.email);
  const username = `name-${id}`;
  await change(server, "update accounts set username = ?, username_key = ? where id = ?", username, username, id);
  for (const name of [who.email.toUpperCase(), username, `#${id}`, sub])
    expect((await dataOf(server, "end-sessions", name)).account, name).toEqual({ id, sub, email: who.email });
  for (const name of [person().email, "#999999999", "nobody"])
    expect(await admin(server, "block", name)).toMatchObject({
      code: 1,
      errors: expect.stringContaining("Nobody here"),
    });
});

test("people are found by how they begin, and shown with all but what opens the account", async ({
  server,
  newMember,
}) => {
  const who = await newMember();
  const app = await addApp(server, who);
  const { id, sub, password_hash } = await accountOf(server, who.email);
  await change(server, "update accounts set first_name = ? where id = ?", "\u202eada\u001b[31m", id);
  const [local] = who.email.split("@");
  expect((await dataOf(server, "find", local ?? "")).map((one: { id: number }) => one.id)).toEqual([id]);
  expect((await admin(server, "find", "nobody-at-all-begins-so")).said).toContain("Nobody.");
  const { said } = await admin(server, "show", `#${id}`);
  for (const part of [who.email, sub, "active", "password, app for codes (10 recovery codes left)", "factor_added"])
    expect(said).toContain(part);
  expect(said, "nothing that moves the cursor or turns the line round").not.toMatch(/[\u001b\u202e]/);
  const { said: data } = await admin(server, "show", who.email, "--json");
  for (const secret of [password_hash ?? "", app.key, ...app.recoveryCodes]) expect(data).not.toContain(secret);
});

test("without sense it says how it is used", async ({ server }) => {
  for (const words of [[], ["dance"], ["block", "a", "b"], ["__proto__", "x"]])
    expect(await admin(server, ...words), words.join(" ")).toMatchObject({
      code: 1,
      errors: expect.stringContaining("Usage: npm run admin"),
    });
});

test("a block ends every session and token of every door at once, says until when, and lets nobody in", async ({
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
  const { code, said } = await admin(server, "block", who.email, "--days", "7", "--why", "sends spam");
  expect([code, said]).toEqual([0, expect.stringMatching(/is blocked until \d{4}-.*logged out everywhere/)]);
  for (const one of open) expect([await one.isLive(), await one.refresh()]).toEqual([false, false]);
  for (const name of DOORS) expect(await doors[name].logIn(who).catch(() => false), name).toBeFalsy();
  await mailFor(who.email, { subject: "is blocked" });
  expect(await lastOf(server, who.email)).toMatchObject({
    kind: "log_in_refused",
  });
  const entry = (await trailOf(server, who.email)).find(({ kind }) => kind === "account_blocked");
  expect(entry).toMatchObject({ actor: "command", details: '{"why":"sends spam"}' });
  const event = (await eventsOf(server, who.email)).find(({ kind }) => kind === "account_blocked");
  expect(event, "and its person reads that it was an operator, and not why").toMatchObject({
    details: '{"by":"operator"}',
    network: null,
  });
  expect(await admin(server, "block", who.email)).toMatchObject({
    code: 1,
    errors: expect.stringContaining("changed in the meantime"),
  });

  expect((await admin(server, "unblock", who.email)).code).toBe(0);
  expect((await logIn(api, who)).status).toBe(200);
  await mailFor(who.email, { subject: "no longer blocked" });
});

test("a block whose time is over ends by itself, once, and its person is told", async ({
  server,
  newMember,
  mailFor,
  api,
}) => {
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  await admin(server, "block", who.email, "--days", "1");
  await change(server, "update blocks set ends_at = ? where account_id = ?", Date.now() - 1, id);
  await Promise.all([tidyUpNow(server), tidyUpNow(server), tidyUpNow(server)]);
  expect((await logIn(api, who)).status).toBe(200);
  await mailFor(who.email, { subject: "no longer blocked" });
  expect((await trailOf(server, who.email)).filter(({ kind }) => kind === "account_unblocked")).toHaveLength(1);
});

test("an account that was not confirmed is blocked without a mail, and is as unconfirmed afterwards", async ({
  api,
  server,
}) => {
  const who = person();
  await api.post("/auth/signup", who);
  const before = (await rows(server, "select id from outbox where to_email = ?", who.email)).length;
  expect((await admin(server, "block", who.email)).code).toBe(0);
  expect((await admin(server, "unblock", who.email)).code).toBe(0);
  expect(await row(server, "select status from accounts where email = ?", who.email)).toEqual({ status: 0 });
  expect(await rows(server, "select id from outbox where to_email = ?", who.email)).toHaveLength(before);
});

test("a reset leaves one way in, the mail", async ({ api, server, newMember, mailFor }) => {
  const who = await newMember();
  expect((await admin(server, "reset", who.email, "--why", "asked on the phone")).code).toBe(0);
  expect((await logIn(api, who)).status).toBe(400);
  expect((await api.post("/auth/refresh", { refreshToken: who.refreshToken })).status).toBe(403);
  const { link } = await mailFor(who.email, { subject: /^Reset your/ });
  const { pathname, search } = new URL(link ?? "");
  const password = "nine quiet herons by dusk";
  await visitorOf(server).submit(pathname + search, "Set new password", { password });
  expect((await logIn(api, { ...who, password })).status).toBe(200);
  await mailFor(who.email, { subject: "needs a new password" });
});

test("whoever lost app and recovery codes gets in again once an operator has removed them", async ({
  api,
  server,
  newMember,
  mailFor,
}) => {
  const who = await newMember();
  await addApp(server, who);
  expect((await logIn(api, who)).status).toBe(403);
  expect((await admin(server, "remove-app", who.email)).code).toBe(0);
  expect((await logIn(api, who)).status).toBe(200);
  await mailFor(who.email, { subject: "app for codes was removed" });
  expect((await admin(server, "remove-app", who.email)).code).toBe(1);
});

test("a deletion wants a yes, ends everything at once, frees the address, and leaves the trail", async ({
  api,
  server,
  newMember,
  mailFor,
}) => {
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  expect(await admin(server, "delete", who.email)).toMatchObject({ code: 1, errors: expect.stringContaining("--yes") });
  expect((await admin(server, "delete", who.email, "--yes", "--why", "court order")).code).toBe(0);
  expect((await api.post("/auth/refresh", { refreshToken: who.refreshToken })).status).toBe(403);
  expect((await logIn(api, who)).status).toBe(404);
  await mailFor(who.email, { subject: "Your Latchkey account is deleted" });
  await tidyUpNow(server);
  expect(await rows(server, "select id from accounts where id = ?", id)).toEqual([]);
  const trail = await rows<Entry>(server, "select * from trail where account_id = ? order by id", id);
  expect(trail.at(-1)).toMatchObject({ kind: "account_deleted", actor: "command", details: '{"why":"court order"}' });
  expect(JSON.stringify(trail)).not.toContain(who.email);
  expect((await api.post("/auth/signup", { email: who.email, password: who.password })).status).toBe(200);
});

test("the first admin is made on the machine, and the last one is lost by no command and no deletion", async ({
  startServer,
}) => {
  // Some thirty commands, each a process.
  test.slow();
  const server = await startServer();
  const [first, second] = [await memberOf(server), await memberOf(server)];
  expect((await admin(server, "operators")).said).toContain("Nobody has a role");
  expect((await admin(server, "grant", first.email, "--role", "boss")).errors).toContain(
    "--role admin or --role support",
  );
  expect((await admin(server, "grant", first.email, "--role", "admin")).said).toContain("once they have added an app");
  const refused = async (...words: string[]) =>
    expect(await admin(server, ...words), words[0] ?? "").toMatchObject({
      code: 1,
      errors: expect.stringContaining("last admin"),
    });
  await refused("revoke", first.email);
  await refused("block", first.email);
  await refused("delete", first.email, "--yes");
  await refused("grant", first.email, "--role", "support");
  await expect(askToDelete(server, first)).rejects.toThrow("last-admin");

  await admin(server, "grant", second.email, "--role", "admin");
  // Each takes the other's role, at the same moment, many times: one is left each time.
  for (let round = 0; round < 4; round++) {
    await Promise.all([admin(server, "revoke", first.email), admin(server, "revoke", second.email)]);
    const left = await dataOf(server, "operators");
    expect(left, `round ${round}`).toHaveLength(1);
    const [gone] = [first, second].filter(({ email }) => email !== left[0].email);
    await admin(server, "grant", gone?.email ?? "", "--role", "admin");
  }
});

test("only who has proved an address can have a role, and who is blocked has none", async ({
  api,
  server,
  newMember,
}) => {
  const who = person();
  await api.post("/auth/signup", who);
  expect((await admin(server, "grant", who.email, "--role", "support")).code).toBe(1);
  const member = await newMember();
  expect((await admin(server, "grant", member.email, "--role", "support")).code).toBe(0);
  await admin(server, "block", member.email);
  const listed = (await dataOf(server, "operators")).find(({ email }: { email: string }) => email === member.email);
  expect(listed.status).toBe(2);
});

test("a link for an operator is printed, or written where only its owner reads it, and never over what is there", async ({
  server,
}) => {
  const { link, role } = await dataOf(server, "link");
  expect(role).toBe("admin");
  expect(link).toMatch(new RegExp(`^${server.url}/admin/claim\\?authToken=[\\w-]{43}$`));
  const file = join(mkdtempSync(join(tmpdir(), "latchkey-link-")), "link");
  expect((await admin(server, "link", "--role", "support", "--to", file)).code).toBe(0);
  expect(readFileSync(file, "utf8")).toContain(`${server.url}/admin/claim?authToken=`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await admin(server, "link", "--role", "support", "--to", file)).code).toBe(1);
  const stored = await rows<{ token_hash: string }>(server, "select token_hash from operator_links");
  expect(JSON.stringify(stored)).not.toContain(new URL(link).searchParams.get("authToken"));
});
