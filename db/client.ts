import { mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import Database from "better-sqlite3";
import { type BetterSQLite3Database, drizzle } from "drizzle-orm/better-sqlite3";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { QueryPromise } from "drizzle-orm/query-promise";
import { env } from "#lib/env.ts";
import { once } from "#lib/once.ts";
import { nudgeOutbox } from "./mail-nudge.ts";
import { normalizeStoredAddresses } from "./normal-addresses.ts";
import { hasMetTroubleSince, patiently, StoreUnavailable, troubleOf } from "./trouble.ts";

/**
 * The connection. Everything outside this file awaits drizzle queries and never names an engine: no `.get`, `.all` or
 * `.run`, no driver error codes, no row counts.
 */

type Db = BetterSQLite3Database;
type Opened = { db: Db; raw: Database.Database; file: string; inode: number; lookedAt: number };

const store = once("store", (): { opened?: Opened | undefined } => ({}));

/** The store, opened and migrated at first use. */
export function db(): Db {
  store.opened ??= open(databaseFile());
  return store.opened.db;
}

/** The database's file as an absolute path. */
export function databaseFile(): string {
  return resolve(env().DATABASE_URL.replace(/^file:(\/\/(?=\/))?/, ""));
}

function open(file: string): Opened {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Here the driver may wait for a lock itself: at the start nobody else is kept waiting.
  const raw = new Database(file, { timeout: 2_000 });
  raw.pragma("journal_mode = WAL");
  // better-sqlite3's own default under WAL is NORMAL, which may lose an acknowledged write at power loss.
  raw.pragma("synchronous = FULL");
  raw.pragma("foreign_keys = ON");
  refuseDamaged(raw, file);
  refuseNewer(raw);
  const db = drizzle({ client: raw });
  migrate(db, { migrationsFolder: MIGRATIONS });
  tryToWrite(raw);
  normalizeStoredAddresses(raw);
  // From here on the driver never waits for a lock, which would hold the event loop: `patiently` does.
  raw.pragma("busy_timeout = 0");
  waitPatiently();
  return { db, raw, file, inode: statSync(file).ino, lookedAt: performance.now() };
}

const MIGRATIONS = resolve("db/migrations");
/** Up to here all of the file is read at the start, in a fraction of a second. */
const QUICK_CHECK_BYTES = 128 * 1024 * 1024;

/** Why the store cannot be used, as a sentence for whoever starts it. */
export class StoreRefused extends Error {}

function refuseDamaged(raw: Database.Database, file: string): void {
  // A larger file is only looked into: its table of contents, and the first page of each thing in it.
  const things = raw.prepare("select name from sqlite_schema where type = 'table' and rootpage > 0").pluck().all();
  for (const name of things) raw.prepare(`select 1 from "${name}" limit 1`).get();
  if (statSync(file).size > QUICK_CHECK_BYTES) return;
  const [found] = raw.pragma("quick_check(1)") as { quick_check: string }[];
  if (found?.quick_check !== "ok") throw Object.assign(new Error("quick check failed"), { code: "SQLITE_CORRUPT" });
}

/** An older server does not know what a newer one's columns mean, and would write rows without them. */
function refuseNewer(raw: Database.Database): void {
  const known = JSON.parse(readFileSync(resolve(MIGRATIONS, "meta/_journal.json"), "utf8")) as {
    entries: { when: number }[];
  };
  const table = raw.prepare("select 1 from sqlite_schema where name = '__drizzle_migrations'").get();
  if (!table) return;
  const applied = Number(raw.prepare("select max(created_at) from __drizzle_migrations").pluck().get() ?? 0);
  if (applied > Math.max(...known.entries.map(({ when }) => when)))
    throw new StoreRefused("it was written by a newer version of Latchkey. Start that version, or restore a backup");
}

function tryToWrite(raw: Database.Database): void {
  raw.exec("begin immediate; create table latchkey_trial (one integer); rollback");
}

const SENTENCES: [RegExp, string][] = [
  [/CORRUPT|NOTADB/, "it is damaged or not a database. Restore a backup"],
  [/READONLY/, "the file or its folder cannot be written. Give this user write permission for both"],
  [/CANTOPEN/, "the file or its folder cannot be opened by this user"],
  [/FULL/, "the disk is full"],
  [/BUSY|LOCKED/, "another program has locked it. Stop that program first"],
];

/** Why the database cannot be opened, in words. */
export function whyNotOpened(error: unknown): string {
  const code = troubleOf(error) ?? "";
  return SENTENCES.find(([pattern]) => pattern.test(code))?.[1] ?? (error as Error).message;
}

/**
 * Has every awaited query wait for a lock as `atomically` does. Drizzle's queries run when they are awaited, and may be run
 * again; it has no setting for this.
 */
function waitPatiently(): void {
  if (Object.hasOwn(QueryPromise.prototype, patient)) return;
  Object.assign(QueryPromise.prototype, {
    [patient]: true,
    // biome-ignore lint/suspicious/noThenProperty: it is the one method by which a query is awaited
    then(
      this: { execute(): Promise<unknown> },
      done: (value: unknown) => unknown,
      failed: (error: unknown) => unknown,
    ) {
      return patiently(() => {
        refuseGone();
        return this.execute();
      }).then(done, failed);
    },
  });
}

const patient = Symbol.for("latchkey.patient");

/** A file that was removed or replaced under us takes writes, and loses every one of them. Looked at once a second. */
function refuseGone(): void {
  const opened = store.opened;
  if (!opened || performance.now() - opened.lookedAt < 1_000) return;
  if (statSync(opened.file, { throwIfNoEntry: false })?.ino !== opened.inode) throw new StoreUnavailable("STORE_GONE");
  opened.lookedAt = performance.now();
}

/**
 * Whether a row can be written and is on the disk afterwards: only a commit shows a full disk. Tried once a second at most,
 * and anew when the last try went well but a query has met with trouble since.
 */
export async function canWrite(): Promise<boolean> {
  const last = probe;
  const isNew = last && performance.now() - last.at <= 1_000;
  if (isNew && !((await last.answer) && hasMetTroubleSince(last.at))) return last.answer;
  probe = { at: performance.now(), answer: writeOne() };
  return probe.answer;
}

let probe: { at: number; answer: Promise<boolean> } | undefined;
const PROBE_PATIENCE_MS = 400;

async function writeOne(): Promise<boolean> {
  db();
  const opened = store.opened as Opened;
  opened.lookedAt = Number.NEGATIVE_INFINITY;
  // SQLite keeps this number for its users, and nothing else here uses it; setting it writes a page.
  const version = ((opened.raw.pragma("user_version", { simple: true }) as number) + 1) % 1_000_000;
  return patiently(() => {
    refuseGone();
    opened.raw.pragma(`user_version = ${version}`);
  }, PROBE_PATIENCE_MS).then(
    () => true,
    () => false,
  );
}

/**
 * Does the work in a transaction that is taken back afterwards. For the start, while nobody else is served: all that the
 * process writes meanwhile is taken back with it. `isOpen` says whether it still is: a full disk ends a transaction.
 */
export async function takenBack(work: (isOpen: () => boolean) => Promise<void>): Promise<void> {
  db();
  const { raw } = store.opened as Opened;
  raw.exec("begin immediate");
  try {
    await work(() => raw.inTransaction);
  } finally {
    if (raw.inTransaction) raw.exec("rollback");
  }
}

export function closeDatabase(): void {
  store.opened?.raw.close();
  store.opened = undefined;
}

/** A drizzle query that was built and not yet awaited. */
type Statement = PromiseLike<unknown> & { [guarded]?: boolean; [announces]?: boolean };

const guarded = Symbol("guarded");
const announces = Symbol("announces");

/** Marks a statement of `atomically` that must touch a row: if it returns none, everything is undone. */
export function must<S extends PromiseLike<unknown>>(statement: S): S {
  return Object.assign(statement, { [guarded]: true });
}

/** Marks a statement of `atomically` that queues a mail: the worker is told of it after the commit, once for all of them. */
export function announcing<S extends PromiseLike<unknown>>(statement: S): S {
  return Object.assign(statement, { [announces]: true });
}

/**
 * Runs the statements in order in one transaction. Returns the rows of each (those of `.returning()`, else none), or null
 * when one marked with `must` returned no row, in which case nothing has changed.
 */
export async function atomically<const S extends readonly PromiseLike<unknown>[]>(
  statements: () => S,
): Promise<{ -readonly [K in keyof S]: Awaited<S[K]> } | null> {
  db();
  const { raw } = store.opened as Opened;
  const list = statements();
  try {
    // better-sqlite3 cannot hold a transaction across an await, so the list runs within one synchronous call. What a lock
    // or a full disk stopped is undone whole, so the same list may run anew.
    const rows = await patiently(() => {
      refuseGone();
      return raw.transaction(() => list.map(run)).immediate() as { -readonly [K in keyof S]: Awaited<S[K]> };
    });
    if (list.some((statement: Statement) => statement[announces])) nudgeOutbox();
    return rows;
  } catch (error) {
    if (error instanceof NothingTouched) return null;
    throw error;
  }
}

class NothingTouched extends Error {}

function run(statement: Statement): unknown[] {
  const query = statement as unknown as { config: { returning?: unknown }; all(): unknown[]; run(): unknown };
  if (!query.config.returning) {
    query.run();
    return [];
  }
  const rows = query.all();
  if (statement[guarded] && rows.length === 0) throw new NothingTouched();
  return rows;
}
