import "#e2e/fixtures/own-store.ts";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import Database from "better-sqlite3";
import { eq, sql } from "drizzle-orm";
import { atomically, db, must } from "#db/client.ts";
import { databaseFile } from "#db/place.ts";
import { limits } from "#db/schema.ts";
import { expect, test } from "#e2e/fixtures/test.ts";
import { storeEngine } from "#lib/env.ts";

/** What is written at the same moment, in this process and with a store of its own. */

test.skip(storeEngine() !== "sqlite", "PostgreSQL groups commits by itself");

const row = (key: string) => ({ key, count: 1, resetsAt: 1 });
const put = (key: string) => db().insert(limits).values(row(key)).returning();

test("what is written at one moment is one commit, and on the disk when anybody is told", async () => {
  const names = Array.from({ length: 40 }, () => randomUUID());
  const reader = new Database(databaseFile(), { readonly: true });
  const isThere = reader.prepare("select 1 from limits where key = ?");
  await put(randomUUID());
  const before = commits();
  await Promise.all(
    names.map(async (name, index) => {
      await (index % 2 ? put(name) : atomically(() => [put(name)]));
      expect(isThere.get(name)).toBeDefined();
    }),
  );
  expect(commits() - before).toBe(1);
  reader.close();
});

test("of what is written at one moment, what cannot be done takes nothing else with it", async () => {
  const names = Array.from({ length: 30 }, () => randomUUID());
  const taken = randomUUID();
  await put(taken);
  const nobody = () => db().update(limits).set({ count: 5 }).where(eq(limits.key, randomUUID())).returning();
  const done = await Promise.allSettled(
    names.map((name, index) => {
      if (index % 3 === 0) return put(name);
      // Half done, and then stopped: by a row that is there already, or by one that is not.
      return atomically(() => [put(name), index % 3 === 1 ? put(taken) : must(nobody())]);
    }),
  );
  expect(done.map(({ status }) => status)).toEqual(names.map((_, n) => (n % 3 === 1 ? "rejected" : "fulfilled")));
  expect(done.filter((_, n) => n % 3 === 2)).toEqual(Array(10).fill({ status: "fulfilled", value: null }));
  for (const [index, name] of names.entries())
    expect(await db().$count(limits, eq(limits.key, name)), `${index}`).toBe(index % 3 === 0 ? 1 : 0);
});

test("a change that builds on another of the same moment sees it", async () => {
  const key = randomUUID();
  await put(key);
  const grow = () =>
    db()
      .update(limits)
      .set({ count: sql`${limits.count} + 1` })
      .where(eq(limits.key, key))
      .returning();
  const counts = await Promise.all(Array.from({ length: 200 }, grow));
  expect(counts.map(([one]) => one?.count)).toEqual(Array.from({ length: 200 }, (_, n) => n + 2));
});

/** How many commits the write-ahead log holds: of each one's frames the last names the size of the database (SQLite's file format, 4.1). */
function commits(): number {
  const log = readFileSync(`${databaseFile()}-wal`);
  const [pageSize, salt] = [log.readUInt32BE(8), log.subarray(16, 24)];
  let found = 0;
  for (let at = 32; at + 24 <= log.length; at += 24 + pageSize)
    if (log.readUInt32BE(at + 4) > 0 && log.subarray(at + 8, at + 16).equals(salt)) found += 1;
  return found;
}
