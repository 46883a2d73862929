import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { bearer, expect, type Member, memberOf, test } from "#e2e/fixtures/member.ts";
import { dropDatabase, newDatabase, queryDatabase } from "#e2e/fixtures/postgres/databases.ts";
import { inherited } from "#e2e/fixtures/server.ts";
import { accountOf, change, rows, runScript, storeFile } from "#e2e/fixtures/store.ts";
import { api, poll, type RunningServer } from "#e2e/fixtures/test.ts";

/** `npm run db:copy`, from one engine to the other and back. */

type Copying = {
  child: ChildProcess;
  /** What it has said so far. */
  said(): string;
  /** Resolves with its exit code, or with the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>;
};

function copying(from: string, to: string, ...line: string[]): Copying {
  const child = spawn(process.execPath, ["scripts/copy/copy.ts", "--from", from, "--to", to, ...line], {
    env: inherited() as NodeJS.ProcessEnv,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (part) => {
      said += part;
    });
  return {
    child,
    said: () => said,
    ended: new Promise((resolve) => child.once("close", (code, signal) => resolve(code ?? signal))),
  };
}

async function copy(from: string, to: string): Promise<string> {
  const run = copying(from, to);
  expect([await run.ended, run.said()]).toEqual([0, expect.stringContaining("is whole in")]);
  return run.said();
}

const urlOf = (server: RunningServer): string => server.env.DATABASE_URL as string;

const withDatabases = test.extend<{ newPostgres: () => Promise<string>; newFile: () => string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures needed from this pattern
  newPostgres: async ({}, use) => {
    const made: string[] = [];
    await use(async () => {
      const url = await newDatabase();
      made.push(url);
      return url;
    });
    for (const url of made) await dropDatabase(url);
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  newFile: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "latchkey-copy-"));
    let n = 0;
    await use(() => `file:${join(folder, `${++n}.db`)}`);
    rmSync(folder, { recursive: true });
  },
});

const SQLITE = { TEST_STORE: "sqlite", AUTH_SECRET: undefined };
const secretOf = (server: RunningServer): string =>
  readFileSync(join(dirname(storeFile(server)), "auth-secret"), "utf8").trim();

/** Signed in before the move, and still: the access token is good, the refresh token is exchanged, the password holds. */
async function goesOn(server: RunningServer, who: Member): Promise<Member> {
  const caller = api(server.url);
  expect((await caller.get("/auth/me", bearer(who.accessToken))).status).toBe(200);
  const renewed = await caller.post("/auth/refresh", { refreshToken: who.refreshToken });
  expect(renewed.status).toBe(200);
  expect((await caller.post("/auth/login", { email: who.email, password: who.password })).status).toBe(200);
  return { ...who, accessToken: renewed.body.accessToken, refreshToken: renewed.body.refreshToken };
}

withDatabases(
  "people stay signed in through a move to PostgreSQL and back, ids stay, and none is given twice",
  async ({ startServer, newPostgres, newFile }) => {
    const first = await startServer(SQLITE);
    const ada = await memberOf(first);
    const gone = await memberOf(first);
    const { id } = await accountOf(first, ada.email);
    const { id: lastId } = await accountOf(first, gone.email);
    await change(first, "delete from accounts where id = ?", lastId);
    const [postgres, file] = [await newPostgres(), newFile()];
    const said = await copy(urlOf(first), postgres);
    expect(said).toContain(`AUTH_SECRET="$(cat ${join(dirname(storeFile(first)), "auth-secret")})"`);
    const AUTH_SECRET = secretOf(first);
    await first.stop();

    const second = await startServer({ DATABASE_URL: postgres, APP_URL: first.env.APP_URL, AUTH_SECRET });
    const moved = await goesOn(second, ada);
    expect((await accountOf(second, ada.email)).id).toBe(id);
    const grace = await memberOf(second);
    expect((await accountOf(second, grace.email)).id).toBe(lastId + 1);
    await second.stop();

    await copy(postgres, file);
    const third = await startServer({ DATABASE_URL: file, APP_URL: first.env.APP_URL, AUTH_SECRET });
    await goesOn(third, moved);
    await goesOn(third, grace);
    const last = await memberOf(third);
    expect((await accountOf(third, last.email)).id).toBe(lastId + 2);
  },
);

for (const engine of ["sqlite", "postgres"])
  withDatabases(
    `with --hold everybody reads until the new server is there, and who writes is asked to come again (from ${engine})`,
    async ({ startServer, newPostgres, newFile }) => {
      const server = await startServer({ TEST_STORE: engine });
      const ada = await memberOf(server);
      const to = engine === "sqlite" ? await newPostgres() : newFile();
      const run = copying(urlOf(server), to, "--hold");
      await poll(async () => run.said().includes("press Enter"), { what: "the copy to be whole" });
      const mode = to.startsWith("file:") ? statSync(to.replace("file:", "")).mode & 0o777 : undefined;
      if (mode !== undefined) expect(mode, "for nobody else to read").toBe(0o600);
      const caller = api(server.url);
      expect((await caller.get("/auth/me", bearer(ada.accessToken))).status).toBe(200);
      const refused = await caller.post("/auth/login", { email: ada.email, password: ada.password });
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);
      run.child.stdin?.end("\n");
      expect(await run.ended).toBe(0);
      expect((await caller.post("/auth/login", { email: ada.email, password: ada.password })).status).toBe(200);
    },
  );

withDatabases(
  "killed at any moment it goes on with the same command, and no server starts on half a copy",
  async ({ startServer, newPostgres }) => {
    test.slow();
    const server = await startServer(SQLITE);
    await memberOf(server);
    await runScript(
      server,
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 30000)
       insert into accounts (sub, email, created_at, updated_at) select 'sub-' || i, i || '@example.com', 1, 1 from n`,
    );
    const postgres = await newPostgres();
    const peopleThere = async () =>
      Number(
        (await queryDatabase(postgres, "select count(*) as n from accounts", []).catch(() => ({ rows: [{ n: 0 }] })))
          .rows[0].n,
      );
    const killed = copying(urlOf(server), postgres);
    await poll(async () => (await peopleThere()) > 0, { what: "the first people to arrive" });
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(await peopleThere()).toBeLessThan(30_001);

    const early = await startServer({ DATABASE_URL: postgres }).catch((error: Error) => error.message);
    expect(early).toContain("a copy into it was begun and has not ended");

    await copy(urlOf(server), postgres);
    expect(await peopleThere()).toBe(30_001);
  },
);

withDatabases(
  "run again after more has happened, it brings what changed, what came and what went",
  async ({ startServer, newPostgres }) => {
    const server = await startServer(SQLITE);
    const [ada, bob, cid] = [await memberOf(server), await memberOf(server), await memberOf(server)];
    const postgres = await newPostgres();
    await copy(urlOf(server), postgres);
    // Bob is gone, and Cid has his address: neither row may be in the other's way.
    await change(server, "delete from accounts where email = ?", bob.email);
    await change(
      server,
      "update accounts set email = ?, first_name = ? where email = ?",
      bob.email,
      "C\0id",
      cid.email,
    );
    await api(server.url).post("/auth/logout", undefined, bearer(ada.accessToken));
    const late = await memberOf(server);
    await copy(urlOf(server), postgres);

    const names = (await queryDatabase(postgres, "select email, first_name from accounts order by id", [])).rows;
    expect(names).toEqual([
      { email: ada.email, first_name: "" },
      { email: bob.email, first_name: "C\uFFFDid" },
      { email: late.email, first_name: "" },
    ]);
    const live = "select count(*) as n from sessions where ended_at is null";
    expect((await queryDatabase(postgres, live, [])).rows).toEqual(await rows(server, live));
  },
);

withDatabases(
  "it refuses what it cannot do in a sentence, and tells nobody a password",
  async ({ startServer, newPostgres, newFile }) => {
    const server = await startServer(SQLITE);
    await memberOf(server);
    const refusal = async (from: string, to: string) => {
      const run = copying(from, to);
      expect(await run.ended).toBe(1);
      return run.said();
    };
    const nowhere = "postgres://latchkey:pass%20word@127.0.0.1:1/none";
    const said = [
      await refusal(urlOf(server), nowhere),
      await refusal(nowhere, newFile()),
      await refusal(urlOf(server), urlOf(server)),
      await refusal(newFile(), newFile()),
      await refusal("latchkey.db", newFile()),
    ];
    expect(said).toEqual([
      expect.stringContaining("postgres://127.0.0.1:1/none cannot be used: it does not answer"),
      expect.stringContaining("postgres://127.0.0.1:1/none cannot be used: it does not answer"),
      expect.stringContaining("the same database"),
      expect.stringContaining("There is no database at"),
      expect.stringContaining("file:data/latchkey.db"),
    ]);
    expect(said.join()).not.toMatch(/pass( |%20)word|at .*\.ts:/);

    const postgres = await newPostgres();
    const other = await startServer({ DATABASE_URL: postgres });
    await memberOf(other);
    expect(await refusal(urlOf(server), postgres)).toContain("has accounts of its own already");
    await memberOf(other);

    const file = newFile();
    await copy(urlOf(server), file);
    const older = new Database(file.replace("file:", ""));
    older.exec("drop table latchkey_copy; update __drizzle_migrations set created_at = 1");
    older.close();
    expect(await refusal(file, await newPostgres())).toContain("of an older version");
  },
);
