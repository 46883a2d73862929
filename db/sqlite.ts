import { mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import Database from "better-sqlite3";
import { is } from "drizzle-orm";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { QueryPromise } from "drizzle-orm/query-promise";
import { SQLiteDeleteBase, SQLiteInsertBase, SQLiteUpdateBase } from "drizzle-orm/sqlite-core";
import { COPY_MARK, UNFINISHED } from "./copy-mark.ts";
import { type Db, type Done, type Engine, StoreRefused, WRITTEN_BY_NEWER } from "./engine.ts";
import { normalizeStoredAddresses } from "./normal-addresses.ts";
import { type Commits, groupCommits } from "./sqlite-commits.ts";
import { keepingStatements } from "./sqlite-statements.ts";
import {
  alongside,
  announces,
  isGuarded,
  refuseStrangers,
  returnsRows,
  type Statement,
  worksAfter,
} from "./statements.ts";
import { patiently, StoreUnavailable } from "./trouble.ts";

/** The store in one file of this machine, for one process. */

type Opened = { raw: Database.Database; commits: Commits; file: string; inode: number; lookedAt: number };

export function openSqlite(file: string): Engine {
  const raw = openFile(file);
  settleCopy(raw);
  normalizeStoredAddresses(raw);
  // From here on the driver never waits for a lock, which would hold the event loop: `patiently` does.
  raw.pragma("busy_timeout = 0");
  const client = keepingStatements(raw);
  const db = drizzle({ client });
  const opened = { raw, commits: groupCommits(raw), file, inode: statSync(file).ino, lookedAt: performance.now() };
  waitPatiently(opened);
  const building = buildApart(drizzle({ client }));
  return {
    db: () => building.db ?? db,
    together: (statements) => together(opened, building.list(statements)),
    tellOthers: () => {},
    canWrite: () => canWrite(opened),
    // One server has the file (db/one-server.ts).
    takeTurn: async () => true,
    takenBack: (work) => takenBack(raw, work),
    close: async () => {
      opened.commits.flush();
      raw.close();
    },
  };
}

/** Opens the file, makes it where there is none, and brings it up to date. Throws where it cannot be relied on. */
export function openFile(file: string): Database.Database {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Here the driver may wait for a lock itself: at the start nobody else is kept waiting.
  const raw = new Database(file, { timeout: 2_000 });
  raw.pragma("journal_mode = WAL");
  // better-sqlite3's own default under WAL is NORMAL, which may lose an acknowledged write at power loss.
  raw.pragma("synchronous = FULL");
  raw.pragma("foreign_keys = ON");
  refuseDamaged(raw, file);
  refuseNewer(raw);
  migrate(drizzle({ client: raw }), { migrationsFolder: MIGRATIONS });
  tryToWrite(raw);
  return raw;
}

/** A whole copy becomes a database like any other; half a one is refused. */
function settleCopy(raw: Database.Database): void {
  if (!raw.prepare("select 1 from sqlite_schema where name = ?").get(COPY_MARK)) return;
  if (!raw.prepare(`select is_whole from ${COPY_MARK}`).pluck().get()) throw new StoreRefused(UNFINISHED);
  raw.exec(`drop table ${COPY_MARK}`);
}

const MIGRATIONS = resolve("db/migrations");
/** Up to here all of the file is read at the start, in a fraction of a second. */
const QUICK_CHECK_BYTES = 128 * 1024 * 1024;

function refuseDamaged(raw: Database.Database, file: string): void {
  // A larger file is only looked into: its table of contents, and the first page of each thing in it.
  const things = raw.prepare("select name from sqlite_schema where type = 'table' and rootpage > 0").pluck().all();
  for (const name of things) raw.prepare(`select 1 from "${name}" limit 1`).get();
  if (statSync(file).size > QUICK_CHECK_BYTES) return;
  const [found] = raw.pragma("quick_check(1)") as { quick_check: string }[];
  if (found?.quick_check !== "ok") throw Object.assign(new Error("quick check failed"), { code: "SQLITE_CORRUPT" });
}

/** Throws where the database is of a newer version: an older server does not know what a newer one's columns mean, and would write rows without them. */
export function refuseNewer(raw: Database.Database): void {
  const known = JSON.parse(readFileSync(resolve(MIGRATIONS, "meta/_journal.json"), "utf8")) as {
    entries: { when: number }[];
  };
  const table = raw.prepare("select 1 from sqlite_schema where name = '__drizzle_migrations'").get();
  if (!table) return;
  const applied = Number(raw.prepare("select max(created_at) from __drizzle_migrations").pluck().get() ?? 0);
  if (applied > Math.max(...known.entries.map(({ when }) => when))) throw new StoreRefused(WRITTEN_BY_NEWER);
}

function tryToWrite(raw: Database.Database): void {
  raw.exec("begin immediate; create table latchkey_trial (one integer); rollback");
}

/**
 * Has every awaited query wait for a lock as `together` does, and share its commit with others. Drizzle's queries run when
 * they are awaited, and may be run again; it has no setting for this.
 */
function waitPatiently(opened: Opened): void {
  const waiting = QueryPromise.prototype as unknown as { [OPENED]?: Opened };
  const isPatient = waiting[OPENED] !== undefined;
  waiting[OPENED] = opened;
  if (isPatient) return;
  Object.assign(QueryPromise.prototype, {
    // biome-ignore lint/suspicious/noThenProperty: it is the one method by which a query is awaited
    then(this: Query, done: (value: unknown) => unknown, failed: (error: unknown) => unknown) {
      const opened = waiting[OPENED] as Opened;
      return patiently(() => {
        refuseGone(opened);
        return isWriting(this) ? opened.commits.commit(() => run(this)) : this.execute();
      }).then(done, failed);
    },
  });
}

const OPENED = Symbol.for("latchkey.opened");
type Query = Statement & { execute(): Promise<unknown> };

const isWriting = (query: unknown): boolean =>
  is(query, SQLiteInsertBase) || is(query, SQLiteUpdateBase) || is(query, SQLiteDeleteBase);

/** A file that was removed or replaced under us takes writes, and loses every one of them. Looked at once a second. */
function refuseGone(opened: Opened): void {
  if (performance.now() - opened.lookedAt < 1_000) return;
  if (statSync(opened.file, { throwIfNoEntry: false })?.ino !== opened.inode) throw new StoreUnavailable("STORE_GONE");
  opened.lookedAt = performance.now();
}

/**
 * There is one connection, so a statement that was built outside its list would run all the same; not so in PostgreSQL. The
 * rule holds here too, where every test meets it.
 */
function buildApart(apart: Db) {
  return {
    db: undefined as Db | undefined,
    list(statements: () => readonly Statement[]): readonly Statement[] {
      this.db = apart;
      try {
        const list = statements();
        refuseStrangers(list, apart);
        return list;
      } finally {
        this.db = undefined;
      }
    },
  };
}

async function together(opened: Opened, list: readonly Statement[]): Promise<Done | null> {
  const { commits } = opened;
  try {
    // better-sqlite3 cannot hold a transaction across an await, so the list runs within one synchronous call. What a lock
    // or a full disk stopped is undone whole, so the same list may run anew.
    const rows = await patiently(() => {
      refuseGone(opened);
      return commits.commit(() => list.map(runWithOthers));
    });
    return { rows, announced: list.some(announces), afterwards: worksAfter(list) };
  } catch (error) {
    if (error instanceof NothingTouched) return null;
    throw error;
  }
}

class NothingTouched extends Error {}

function runWithOthers(statement: Statement): unknown[] {
  const rows = run(statement);
  for (const other of alongside(statement)) run(other);
  return rows;
}

function run(statement: Statement): unknown[] {
  const query = statement as unknown as { all(): unknown[]; run(): unknown };
  if (!returnsRows(statement)) {
    query.run();
    return [];
  }
  if (!isGuarded(statement)) return query.all();
  const rows = orNoneIfTaken(() => query.all());
  if (rows.length === 0) throw new NothingTouched();
  return rows;
}

function orNoneIfTaken(work: () => unknown[]): unknown[] {
  try {
    return work();
  } catch (error) {
    // Drizzle may wrap what the driver throws.
    const { code, cause } = error as { code?: string; cause?: { code?: string } };
    if ((code ?? cause?.code) === "SQLITE_CONSTRAINT_UNIQUE") return [];
    throw error;
  }
}

const PROBE_PATIENCE_MS = 400;

function canWrite(opened: Opened): Promise<boolean> {
  opened.lookedAt = Number.NEGATIVE_INFINITY;
  // SQLite keeps this number for its users, and nothing else here uses it; setting it writes a page.
  const version = ((opened.raw.pragma("user_version", { simple: true }) as number) + 1) % 1_000_000;
  return patiently(() => {
    refuseGone(opened);
    opened.raw.pragma(`user_version = ${version}`);
  }, PROBE_PATIENCE_MS).then(
    () => true,
    () => false,
  );
}

/** There is one connection, so all that anybody writes meanwhile is in its transaction. */
async function takenBack(raw: Database.Database, work: (isOpen: () => boolean) => Promise<void>): Promise<void> {
  raw.exec("begin immediate");
  try {
    await work(() => raw.inTransaction);
  } finally {
    if (raw.inTransaction) raw.exec("rollback");
  }
}
