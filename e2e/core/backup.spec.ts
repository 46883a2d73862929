import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { bearer, expect, memberOf, test } from "#e2e/fixtures/member.ts";
import { storeFile } from "#e2e/fixtures/store.ts";
import { api, type RunningServer } from "#e2e/fixtures/test.ts";

const command = (server: RunningServer, name: "backup" | "restore", ...line: string[]) =>
  spawnSync(process.execPath, [`scripts/backup/${name}.ts`, ...line], {
    env: { ...server.env, AUTH_SECRET: undefined } as unknown as NodeJS.ProcessEnv,
    encoding: "utf8",
  });
const folderOf = (server: RunningServer): string => dirname(storeFile(server));

test("the drill: what was backed up while people used the server is there again, with their sessions, and what came after is kept aside", async ({
  startServer,
}) => {
  const server = await startServer({ AUTH_SECRET: undefined });
  const member = await memberOf(server);
  const others = Array.from({ length: 8 }, () => memberOf(server));
  const backup = join(folderOf(server), "taken");
  const taken = command(server, "backup", "--to", backup);
  expect(taken.stderr).toBe("");
  expect(taken.stdout).toContain("checked: ok");
  await Promise.all(others);
  const later = await memberOf(server);
  await server.stop();

  const restored = command(server, "restore", backup);
  expect(restored.stderr).toBe("");
  expect(restored.stdout).toContain("What was there before is in");
  const [aside] = readdirSync(folderOf(server)).filter((name) => name.startsWith("before-restore-"));
  expect(readdirSync(join(folderOf(server), aside ?? ""))).toEqual(
    expect.arrayContaining(["latchkey.db", "auth-secret"]),
  );

  const { DATABASE_URL, APP_URL } = server.env;
  const again = await startServer({ DATABASE_URL, APP_URL, AUTH_SECRET: undefined });
  const caller = api(again.url);
  expect((await caller.get("/auth/me", bearer(member.accessToken))).status).toBe(200);
  const { email, password } = later;
  expect((await caller.post("/auth/login", { email, password })).status).toBe(404);
  expect((await caller.post("/auth/login", { email: member.email, password: member.password })).status).toBe(200);
});

test("a backup is whole or not there, readable by its owner alone, and never written over another", async ({
  startServer,
}) => {
  const server = await startServer({ AUTH_SECRET: undefined });
  await memberOf(server);
  const backup = join(folderOf(server), "taken");
  expect(command(server, "backup", "--to", backup).status).toBe(0);
  expect(readdirSync(backup).sort()).toEqual(["auth-secret", "latchkey.db"]);
  expect(statSync(backup).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(backup)) expect(statSync(join(backup, name)).mode & 0o777, name).toBe(0o600);
  expect(command(server, "backup").status).toBe(0);
  expect(readdirSync(join(folderOf(server), "backups"))).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d-]+$/)]);
  const second = command(server, "backup", "--to", backup);
  expect(second.status).toBe(1);
  expect(second.stderr).toContain("is there already");
  expect(readdirSync(folderOf(server)).filter((name) => name.endsWith(".unfinished"))).toEqual([]);
});

test("a restore is refused while a server runs, from a damaged backup and from one of a newer version, and touches nothing", async ({
  startServer,
}) => {
  const server = await startServer({ AUTH_SECRET: undefined });
  await memberOf(server);
  const backup = join(folderOf(server), "taken");
  command(server, "backup", "--to", backup);
  const running = command(server, "restore", backup);
  expect(running.status).toBe(1);
  expect(running.stderr).toContain(`another server (process ${server.pid}`);
  await server.stop();

  const before = readFileSync(storeFile(server));
  const copy = join(backup, "latchkey.db");
  const whole = readFileSync(copy);
  for (const [damage, says] of [
    [whole.subarray(0, whole.length / 2), "cannot be used"],
    [Buffer.from(whole).fill(7, 8192, 12_288), "cannot be used"],
    [Buffer.alloc(5000, "x"), "file is not a database"],
    [ofNewerVersion(whole, copy), "it was written by a newer version of Latchkey"],
  ] as const) {
    writeFileSync(copy, damage);
    const { status, stderr } = command(server, "restore", backup);
    expect(status).toBe(1);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain("    at ");
  }
  rmSync(copy);
  expect(command(server, "restore", backup).stderr).toContain("cannot be used");
  expect(command(server, "restore").stderr).toContain("Name the folder of a backup");
  expect(readFileSync(storeFile(server))).toEqual(before);
  expect(readdirSync(folderOf(server)).filter((name) => name.startsWith("before-restore-"))).toEqual([]);
});

function ofNewerVersion(whole: Buffer, file: string): Buffer {
  writeFileSync(file, whole);
  const db = new Database(file);
  db.exec("insert into __drizzle_migrations (hash, created_at) values ('later', 9999999999999)");
  db.close();
  return readFileSync(file);
}
