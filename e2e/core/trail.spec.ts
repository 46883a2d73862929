import { askToDelete, passSevenDays } from "#e2e/fixtures/deletion.ts";
import { housekeeping, tidyUpNow } from "#e2e/fixtures/housekeeping.ts";
import {
  api as apiOf,
  clientAddress,
  expect,
  logIn,
  mailboxOf,
  person,
  poll,
  type RunningServer,
  test,
} from "#e2e/fixtures/member.ts";
import { accountOf, allowSecondServer, change, row, rows } from "#e2e/fixtures/store.ts";
import { type Entry, trailOf, verdictOf, verify } from "#e2e/fixtures/trail.ts";

/** The audit trail: nothing is missing from it, and nobody changes it unnoticed. */

const DAY = 24 * 60 * 60_000;

/** Somebody with a proved address at a server of the test's own, who has logged in so often. */
async function memberAt(server: RunningServer, logIns: number) {
  const who = person();
  const caller = apiOf(server.url, { "x-forwarded-for": clientAddress() });
  await caller.post("/auth/signup", who);
  const { code } = await mailboxOf(server.url)(who.email);
  await caller.post("/api/auth_confirm", { username: who.email, confirm_code: code });
  for (let n = 0; n < logIns; n++) expect((await logIn(caller, who)).status).toBe(200);
  return who;
}

const all = (server: RunningServer): Promise<Entry[]> => rows<Entry>(server, "select * from trail order by seq");

test("it stands in one chain without a gap, names the address once it is proved, and is verified while the server runs", async ({
  startServer,
}) => {
  const server = await startServer();
  const who = await memberAt(server, 3);
  await poll(async () => (await all(server)).every(({ seq }) => seq !== null), { what: "the sealer" });
  const entries = await all(server);
  expect(entries.map(({ kind }) => kind)).toEqual(["sign_up", "address_verified", "log_in", "log_in", "log_in"]);
  expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  expect(entries.map(({ address }) => address)).toEqual([null, ...Array(4).fill(who.email)]);
  const { code, said } = await verify(server);
  expect([code, said]).toEqual([0, expect.stringContaining("The audit trail is whole: 5 entries.")]);
});

test.describe("whoever can write to the database and has no AUTH_SECRET", () => {
  const FORGERIES: Record<string, { forge: string; brokenAt: number }> = {
    "changes what a row says": { forge: "update trail set kind = 'log_in_refused' where seq = 3", brokenAt: 3 },
    "changes whose row it is": { forge: "update trail set sub = 'somebody else' where seq = 4", brokenAt: 4 },
    "changes an address": { forge: "update trail set address = 'mallory@example.com' where seq = 2", brokenAt: 2 },
    "removes a row": { forge: "delete from trail where seq = 2", brokenAt: 2 },
    "removes the first row": { forge: "delete from trail where seq = 1", brokenAt: 1 },
    "cuts off the newest": { forge: "delete from trail where seq > 3", brokenAt: 4 },
    "gives two rows each other's place": {
      forge:
        "update trail set seq = -3 where seq = 3; update trail set seq = 3 where seq = 4; update trail set seq = 4 where seq = -3",
      brokenAt: 3,
    },
    "removes the old end and says that it was trimmed": {
      forge: `insert into trail (at, kind, actor, details, seq, hash) select at, 'trail_trimmed', 'system',
        '{"through":2,"hash":"' || hash || '"}', 6, hash from trail where seq = 2; delete from trail where seq <= 2;
        update trail_head set seq = 6`,
      brokenAt: 6,
    },
  };
  for (const [what, { forge, brokenAt }] of Object.entries(FORGERIES))
    test(`${what}: it is found, and where`, async ({ startServer }) => {
      const server = await startServer();
      await memberAt(server, 3);
      expect(await verdictOf(server)).toMatchObject({ sound: 5 });
      for (const statement of forge.split(";")) await change(server, statement);
      expect(await verdictOf(server)).toMatchObject({ brokenAt });
      const { code, said } = await verify(server);
      expect([code, said]).toEqual([1, expect.stringContaining(`entry ${brokenAt} was changed or is missing`)]);
    });

  test("cuts off the newest and moves the head back: who kept a head hears of it", async ({ startServer }) => {
    const server = await startServer();
    await memberAt(server, 3);
    const { head } = await verdictOf(server);
    const kept = ["--head", `${head.seq}:${head.hash}`];
    expect(await verdictOf(server, ...kept)).toMatchObject({ hasKept: true });
    await change(server, "delete from trail where seq > 3");
    await change(server, "update trail_head set seq = 3, hash = (select hash from trail where seq = 3)");
    expect(await verdictOf(server)).not.toHaveProperty("brokenAt");
    expect(await verdictOf(server, ...kept)).toMatchObject({ hasKept: false });
    expect((await verify(server, ...kept)).code).toBe(1);
  });
});

test("a head that no run has printed, and a database that is not there, are said in a sentence", async ({
  startServer,
}) => {
  const server = await startServer();
  expect(await verify(server, "--head", "7")).toMatchObject({
    code: 1,
    errors: expect.stringContaining("--head takes"),
  });
  const elsewhere = { env: { ...server.env, DATABASE_URL: "file:/nowhere/at/all.db" } };
  expect(await verify(elsewhere)).toMatchObject({ code: 1, errors: expect.stringContaining("There is no database") });
});

test("what is older than AUDIT_TTL goes from the old end, a row says so, and the rest is still whole", async ({
  startServer,
}) => {
  const server = await startServer({ AUDIT_TTL: "30d" });
  const who = await memberAt(server, 1);
  await verdictOf(server);
  await server.stop();
  // A trail that is old, as it would have been written then.
  await change(server, "update trail set at = at - ?, seq = null, hash = null", 40 * DAY);
  await change(server, "delete from trail_head");
  const again = await startServer({ AUDIT_TTL: "30d", DATABASE_URL: server.env.DATABASE_URL });
  for (let n = 0; n < 2; n++) await logIn(apiOf(again.url), who);
  await poll(async () => (await all(again)).every(({ seq }) => seq !== null), { what: "the sealer" });
  await tidyUpNow(again);
  const left = await all(again);
  // On a slow machine the start's own tidy-up comes after the sealer, and trims before the log-ins.
  expect(left.map(({ kind }) => kind).sort()).toEqual(["log_in", "log_in", "trail_trimmed"]);
  expect(left.map(({ seq }) => seq)).toEqual([4, 5, 6]);
  expect(await verdictOf(again)).toMatchObject({ sound: 3, trimmedThrough: 3 });
  await tidyUpNow(again);
  expect(await all(again), "once a day at most").toHaveLength(3);
  await change(again, "delete from trail where seq = 5");
  expect(await verdictOf(again)).toMatchObject({ brokenAt: 5 });
});

test("a tidy-up that is killed while it trims leaves a trail that is whole", async ({ startServer }) => {
  const server = await startServer({ AUDIT_TTL: "30d" });
  const who = await memberAt(server, 0);
  await verdictOf(server);
  await change(server, "update trail set at = at - ?, seq = null, hash = null", 40 * DAY);
  await change(server, "delete from trail_head");
  const { sub } = await accountOf(server, who.email);
  for (let part = 0; part < 20; part++)
    await change(
      server,
      `insert into trail (at, kind, sub) values ${Array.from({ length: 500 }, () => `(${Date.now() - 40 * DAY}, 'log_in', '${sub}')`).join()}`,
    );
  await verdictOf(server);
  const killed = await housekeeping(server);
  const running = killed.run().catch(() => {});
  await poll(async () => (await rows(server, "select 1 from trail where seq = 1")).length === 0, { what: "the trim" });
  await killed.kill();
  await running;
  expect(await verdictOf(server)).not.toHaveProperty("brokenAt");
  await tidyUpNow(server);
  const verdict = await verdictOf(server);
  expect(verdict).not.toHaveProperty("brokenAt");
  expect(verdict.trimmedThrough).toBe(10_002);
  expect((await row<{ n: number }>(server, "select count(*) n from trail where seq <= 10002")).n).toBe(0);
});

test("with the account its address goes from the trail: a mark stands for it, the same in each row, and the chain is whole", async ({
  startServer,
}) => {
  const server = await startServer();
  const [gone, stays] = [await memberAt(server, 2), await memberAt(server, 1)];
  const { id, sub } = await accountOf(server, gone.email);
  await askToDelete(server, gone);
  await passSevenDays(server, gone.email);
  await tidyUpNow(server);
  const entries = await rows<Entry>(server, "select * from trail where account_id = ? order by id", id);
  expect(entries.map(({ kind }) => kind).slice(-2)).toEqual(["deletion_requested", "account_deleted"]);
  expect(entries.map(({ address }) => address)).toEqual(entries.map(() => null));
  expect(new Set(entries.map(({ sub }) => sub))).toEqual(new Set([sub]));
  // Neither the first row, when nobody had proved it, nor the last one, when it was gone, had any.
  const marks = new Set(entries.slice(1, -1).map(({ address_mark }) => address_mark));
  expect([...marks]).toEqual([expect.stringMatching(/^[\w-]{22}$/)]);
  expect(JSON.stringify(await all(server))).not.toContain(gone.email);
  expect((await trailOf(server, stays.email)).at(-1)?.address).toBe(stays.email);
  expect(await verdictOf(server)).not.toHaveProperty("brokenAt");
});

test("an address that nobody has proved never gets in", async ({ server, api }) => {
  const who = person();
  await api.post("/auth/signup", who);
  await logIn(api, who);
  const entries = await trailOf(server, who.email);
  expect(entries.length).toBeGreaterThan(1);
  expect(JSON.stringify(entries)).not.toContain(who.email);
});

test("of eight that chain at once each row gets one place", async ({ startServer }) => {
  const server = await startServer();
  const who = await memberAt(server, 1);
  const caller = () => logIn(apiOf(server.url, { "x-forwarded-for": clientAddress() }), who);
  const verdicts = Promise.all(Array.from({ length: 8 }, () => verdictOf(server)));
  for (let n = 0; n < 20; n++) await caller();
  for (const verdict of await verdicts) expect(verdict).not.toHaveProperty("brokenAt");
  const { sound } = await verdictOf(server);
  expect((await all(server)).map(({ seq }) => seq)).toEqual(Array.from({ length: sound }, (_, n) => n + 1));
  expect(sound).toBe(23);
});

test("a server that is killed right after an act has its row, and the next one chains it", async ({ startServer }) => {
  const server = await startServer();
  const who = await memberAt(server, 1);
  await server.stop("SIGKILL");
  expect((await trailOf(server, who.email)).map(({ kind }) => kind)).toEqual(["sign_up", "address_verified", "log_in"]);
  allowSecondServer(server);
  const again = await startServer({ DATABASE_URL: server.env.DATABASE_URL, APP_URL: server.env.APP_URL });
  await poll(async () => (await all(again)).every(({ seq }) => seq !== null), { what: "the sealer" });
  expect(await verdictOf(again)).toMatchObject({ sound: 3 });
});
