import { createHash, randomBytes } from "node:crypto";
import { addApp } from "#e2e/fixtures/authenticator.ts";
import { visitorOf } from "#e2e/fixtures/doors.ts";
import { expect, mainOf, memberOf, operatorAt, type Role, type RunningServer, test } from "#e2e/fixtures/operator.ts";
import { accountOf, change, row, rows } from "#e2e/fixtures/store.ts";
import type { Visitor } from "#e2e/fixtures/visitor.ts";

/** How somebody becomes an operator: by a link that works once, and by no other way. */

/** As the command makes one; only the token's hash is stored. */
async function linkFor(server: RunningServer, role: Role, life = 900_000): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await change(
    server,
    "insert into operator_links (token_hash, role, created_at, expires_at) values (?, ?, ?, ?)",
    createHash("sha256").update(token).digest("base64url"),
    role,
    Date.now(),
    Date.now() + life,
  );
  return `/admin/claim?authToken=${token}`;
}

const roleOf = async (server: RunningServer, email: string): Promise<string | undefined> => {
  const { id } = await accountOf(server, email);
  return (await rows<{ role: string }>(server, "select role from operators where account_id = ?", id))[0]?.role;
};

test("somebody becomes the first admin by a link, adds an app for codes, and comes into the console", async ({
  server,
  newMember,
  mailFor,
}) => {
  const who = await newMember();
  const link = await linkFor(server, "admin");
  const visitor = visitorOf(server);
  const stranger = await visitor.open(link);
  expect([stranger.status, stranger.headers.get("location")]).toEqual([307, `/login?next=${encodeURIComponent(link)}`]);
  const back = await visitor.submit(`/login?next=${encodeURIComponent(link)}`, "Log in", who);
  expect(back.headers.get("location")).toBe(link);
  for (let n = 0; n < 3; n++) expect(mainOf((await visitor.open(link)).html)).toContain("Become an admin?");
  expect(await roleOf(server, who.email), "looking uses nothing up").toBeUndefined();
  const done = await visitor.submit(link, "Become an admin");
  expect(done.headers.get("location")).toBe("/admin?notice=role-claimed");
  expect(await roleOf(server, who.email)).toBe("admin");
  await mailFor(who.email, { subject: "You help to run" });
  const entry = await row<{ actor: string; details: string }>(
    server,
    "select actor, details from trail where account_id = ? and kind = 'role_granted'",
    (await accountOf(server, who.email)).id,
  );
  expect([entry.actor, JSON.parse(entry.details)]).toEqual(["command", { role: "admin" }]);
  expect((await visitor.open("/admin")).headers.get("location")).toBe("/account/security?notice=operators-need-app");
  const { visitor: safe } = await addApp(server, who);
  expect(mainOf((await safe.open("/admin?notice=role-claimed")).html)).toContain("You now look after the accounts");
  expect((await safe.open("/account")).html).toContain('<a href="/admin">Console</a>');
});

test("a link that was used, is too old, was made up or is cut off gives nothing", async ({ server, newMember }) => {
  const [first, second] = [await newMember(), await newMember()];
  const used = await linkFor(server, "support");
  const [one, other] = [visitorOf(server), visitorOf(server)];
  await one.submit("/login", "Log in", first);
  await other.submit("/login", "Log in", second);
  const form = await other.form(used, "Become a supporter");
  await one.submit(used, "Become a supporter");
  expect(await roleOf(server, first.email)).toBe("support");
  const late = await other.post(used, form);
  expect(late.headers.get("location")).toBe(used);
  for (const link of [used, await linkFor(server, "admin", -1), "/admin/claim?authToken=nonsense", "/admin/claim"])
    expect(mainOf((await other.open(link)).html), link).toContain("This link does not work");
  expect(await roleOf(server, second.email)).toBeUndefined();
});

test("of fifty people who use one link at once, one becomes an admin", async ({ startServer }) => {
  test.slow();
  const server = await startServer({ BCRYPT_COST: "4" });
  const link = await linkFor(server, "admin");
  const people: { visitor: Visitor; form: Record<string, string> }[] = [];
  // Five at a time get ready: more than a few who log in at once are told that the server is busy.
  for (let n = 0; n < 10; n++)
    people.push(
      ...(await Promise.all(
        Array.from({ length: 5 }, async () => {
          const visitor = visitorOf(server);
          await visitor.submit("/login", "Log in", await memberOf(server));
          return { visitor, form: await visitor.form(link, "Become an admin") };
        }),
      )),
    );
  const answers = await Promise.all(people.map(({ visitor, form }) => visitor.post(link, form)));
  expect(answers.filter(({ headers }) => headers.get("location") === "/admin?notice=role-claimed")).toHaveLength(1);
  expect(answers.filter(({ headers }) => headers.get("location") === link)).toHaveLength(49);
  expect(await rows(server, "select role from operators")).toEqual([{ role: "admin" }]);
});

test("the last admin who takes a link for support stays an admin, and is told why", async ({ startServer }) => {
  const server = await startServer();
  const { visitor, email } = await operatorAt(server, "admin");
  const link = await linkFor(server, "support");
  const { headers } = await visitor.submit(link, "Become a supporter");
  expect(mainOf((await visitor.open(headers.get("location") ?? "")).html)).toContain("This is the last admin.");
  expect(await roleOf(server, email)).toBe("admin");
});

test("on a new server there is no page on which a stranger could make themselves an admin", async ({ startServer }) => {
  const server = await startServer();
  const visitor = visitorOf(server);
  for (const path of ["/admin", "/admin/claim", "/admin/operators", "/admin/people/1/role", "/setup", "/install"]) {
    const { status, headers } = await visitor.open(path);
    expect([path, status === 404 || headers.get("location")?.startsWith("/login?next=")]).toEqual([path, true]);
  }
});
