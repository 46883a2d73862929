import { randomBytes } from "node:crypto";
import pg from "pg";
import { memberOf } from "#e2e/fixtures/member.ts";
import { newDatabase, queryDatabase } from "#e2e/fixtures/postgres/databases.ts";
import { type PostgresServer, startPostgres } from "#e2e/fixtures/postgres/server.ts";
import { freePort, launchServer, spawnServer } from "#e2e/fixtures/server.ts";
import { rows } from "#e2e/fixtures/store.ts";
import { api, clientAddress, expect, person, poll, type RunningServer, test } from "#e2e/fixtures/test.ts";
import { ACCESS, Visitor } from "#e2e/fixtures/visitor.ts";

/** PostgreSQL away, locked or only read: answered with 503, never with 500, and over as soon as it is over. */

test.describe.configure({ timeout: 90_000 });

let postgres: PostgresServer;
test.beforeAll(async () => {
  postgres = await startPostgres();
});
test.afterAll(() => postgres?.stop("SIGINT"));

const PASSWORD = "a-password-of-the-database";
/** The server lets everybody in; the password is there to see whether it gets out. */
const withPassword = (url: string): string => Object.assign(new URL(url), { password: PASSWORD }).href;
const database = async (): Promise<string> => withPassword(await newDatabase(Promise.resolve(postgres)));

const call = ({ url }: RunningServer) => api(url, { "x-forwarded-for": clientAddress() });
const signUp = (server: RunningServer) => {
  const { email, password } = person();
  return call(server).post("/auth/signup", { email, password });
};
const isReady = async ({ url }: RunningServer) => (await fetch(`${url}/health/ready`)).ok;

async function expectBusy(server: RunningServer): Promise<void> {
  const began = performance.now();
  const answer = await signUp(server);
  expect([answer.status, answer.body]).toEqual([503, { message: "The server is busy. Try again in a moment" }]);
  expect(answer.headers.get("retry-after")).toBe("2");
  expect(performance.now() - began).toBeLessThan(6_000);
}

/** Nothing was a fault of the code's, and nothing printed tells what must not be told. */
function expectClean(server: RunningServer): void {
  expect(server.log().filter(({ status }) => status === 500)).toEqual([]);
  expect(server.output()).not.toContain(PASSWORD);
  expect(server.output()).not.toMatch(/params|Failed query/);
}

test("stopped and started again: 503 meanwhile, keys still there, and healed by itself", async ({ startServer }) => {
  const server = await startServer({ DATABASE_URL: await database() });
  expect((await signUp(server)).status).toBe(200);
  await postgres.stop("SIGQUIT");
  await expectBusy(server);
  await poll(async () => !(await isReady(server)), { what: "ready to say 503" });
  expect((await fetch(`${server.url}/.well-known/jwks.json`)).status).toBe(200);
  await postgres.startAgain();
  await poll(() => isReady(server), { what: "ready to say 200", within: 5_000 });
  expect((await signUp(server)).status).toBe(200);
  expectClean(server);
});

test("a page that first renews its session says so in words, and the log has what was answered", async ({
  startServer,
}) => {
  const server = await startServer({ DATABASE_URL: await database() });
  const who = await memberOf(server);
  const visitor = new Visitor(server.url, { "x-forwarded-for": clientAddress() });
  await visitor.submit("/login", "Log in", { email: who.email, password: who.password });
  visitor.cookies.delete(ACCESS);
  await postgres.stop("SIGQUIT");
  const { status, headers, html } = await visitor.open("/account");
  await postgres.startAgain();
  expect([status, headers.get("retry-after")]).toEqual([503, "2"]);
  expect(html).toContain("The server is busy");
  const line = await poll(() => server.log().find(({ path, method }) => path === "/account" && method === "GET"), {
    what: "the request in the log",
  });
  expect(line.status).toBe(503);
  await poll(() => isReady(server), { what: "ready to say 200", within: 5_000 });
  expect((await visitor.open("/account")).status).toBe(200);
});

test("every connection ended by the server: no 500, and the next caller has a new one", async ({ startServer }) => {
  const DATABASE_URL = await database();
  const server = await startServer({ DATABASE_URL });
  expect((await signUp(server)).status).toBe(200);
  const name = new URL(DATABASE_URL).pathname.slice(1);
  await queryDatabase(
    postgres.url,
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = ? and application_name = 'latchkey'",
    [name],
  );
  expect([200, 503]).toContain((await signUp(server)).status);
  expect((await signUp(server)).status).toBe(200);
  expectClean(server);
});

test("a locked table is not waited for without end", async ({ startServer }) => {
  const server = await startServer({ DATABASE_URL: await database() });
  const other = new pg.Client(server.env.DATABASE_URL);
  await other.connect();
  await other.query("begin; lock table accounts in access exclusive mode");
  await expectBusy(server);
  await other.query("rollback");
  await other.end();
  expect((await signUp(server)).status).toBe(200);
  expectClean(server);
});

test("a primary that became a copy takes no writes: 503 until there is one that does", async ({ startServer }) => {
  const DATABASE_URL = await database();
  const server = await startServer({ DATABASE_URL });
  const name = new URL(DATABASE_URL).pathname.slice(1);
  const makeReadOnly = async (value: "on" | "off") => {
    await queryDatabase(postgres.url, `alter database ${name} set default_transaction_read_only = ${value}`, []);
    await queryDatabase(
      postgres.url,
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = ? and application_name = 'latchkey'",
      [name],
    );
  };
  await makeReadOnly("on");
  await poll(async () => !(await isReady(server)), { what: "ready to say 503" });
  await expectBusy(server);
  await makeReadOnly("off");
  await poll(() => isReady(server), { what: "ready to say 200", within: 5_000 });
  expect((await signUp(server)).status).toBe(200);
  expectClean(server);
});

test("a commit that no longer waits for its standby is not told as done", async ({ startServer }) => {
  const DATABASE_URL = await database();
  const server = await startServer({ DATABASE_URL });
  const name = new URL(DATABASE_URL).pathname.slice(1);
  const waitFor = async (standby: string) => {
    await queryDatabase(postgres.url, `alter system set synchronous_standby_names = '${standby}'`, []);
    await queryDatabase(postgres.url, "select pg_reload_conf()", []);
  };
  await waitFor("away");
  try {
    let [isDone, cancelled] = [false, 0];
    const answer = signUp(server).finally(() => {
      isDone = true;
    });
    while (!isDone) {
      const { rows: waiting } = await queryDatabase(
        postgres.url,
        "select pg_cancel_backend(pid) from pg_stat_activity where datname = ? and wait_event = 'SyncRep'",
        [name],
      );
      cancelled += waiting.length;
    }
    expect((await answer).status).toBe(503);
    expect(cancelled).toBeGreaterThan(0);
  } finally {
    await waitFor("");
  }
  await poll(() => isReady(server), { what: "ready to say 200", within: 10_000 });
  expect((await signUp(server)).status).toBe(200);
  expectClean(server);
});

test("three that start at once on an empty database come up, also where there are no advisory locks", async ({
  startServer,
}) => {
  const user = `app_${randomBytes(4).toString("hex")}`;
  const url = await newDatabase(Promise.resolve(postgres));
  const name = new URL(url).pathname.slice(1);
  await queryDatabase(postgres.url, `create role ${user} login`, []);
  await queryDatabase(postgres.url, `alter database ${name} owner to ${user}`, []);
  await queryDatabase(url, "revoke execute on function pg_advisory_xact_lock(bigint) from public", []);
  const DATABASE_URL = Object.assign(new URL(url), { username: user }).href;
  const servers = await Promise.all(Array.from({ length: 3 }, () => startServer({ DATABASE_URL })));
  for (const server of servers) expect((await signUp(server)).status).toBe(200);
  expect(await rows(servers[0] as RunningServer, "select kid from signing_keys where retired_at is null")).toHaveLength(
    1,
  );
});

test("the warm-up leaves nothing behind", async ({ startServer }) => {
  const server = await startServer({ DATABASE_URL: await database(), SKIP_WARM_UP: undefined });
  for (const table of ["accounts", "challenges", "sessions", "outbox", "limits"])
    expect(await rows(server, `select * from ${table}`), table).toEqual([]);
  expect(server.output()).not.toContain("warm_up_failed");
  expect((await signUp(server)).status).toBe(200);
  expectClean(server);
});

test("a start is refused with a sentence where the database is not there, or a newer version wrote it", async () => {
  const refusal = async (DATABASE_URL: string) => {
    const server = spawnServer(await freePort(), { DATABASE_URL });
    expect((await server.ended).code).toBe(1);
    expect(server.output()).not.toContain(PASSWORD);
    return server.output().trim();
  };
  const missing = Object.assign(new URL(withPassword(postgres.url)), { pathname: "/nowhere" }).href;
  expect(await refusal(missing)).toMatch(
    /^The database postgres:\/\/127\.0\.0\.1:\d+\/nowhere cannot be used: there is no database of this name/,
  );
  const newer = await database();
  const first = await launchServer({ DATABASE_URL: newer });
  await first.stop();
  await queryDatabase(newer, "insert into __drizzle_migrations (hash, created_at) values ('later', 9000000000000)", []);
  expect(await refusal(newer)).toContain("it was written by a newer version of Latchkey");
});
