import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import Database from "better-sqlite3";
import { type BetterSQLite3Database, drizzle } from "drizzle-orm/better-sqlite3";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { env } from "#lib/env.ts";
import { normalizeStoredAddresses } from "./normal-addresses.ts";

/**
 * The connection. Everything outside this file awaits drizzle queries and never names an engine: no `.get`, `.all` or
 * `.run`, no driver error codes, no row counts.
 */

type Db = BetterSQLite3Database;
type Opened = { db: Db; raw: Database.Database };

// Next bundles this file several times (routes, proxy, instrumentation); all of them share one connection.
const shared = globalThis as typeof globalThis & { latchkeyDatabase?: Opened };

/** The store, opened and migrated at first use. */
export function db(): Db {
  shared.latchkeyDatabase ??= open(databaseFile());
  return shared.latchkeyDatabase.db;
}

/** The database's file as an absolute path. */
export function databaseFile(): string {
  return resolve(env().DATABASE_URL.replace(/^file:(\/\/(?=\/))?/, ""));
}

function open(file: string): Opened {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const raw = new Database(file, { timeout: 250 });
  raw.pragma("journal_mode = WAL");
  // better-sqlite3's own default under WAL is NORMAL, which may lose an acknowledged write at power loss.
  raw.pragma("synchronous = FULL");
  raw.pragma("foreign_keys = ON");
  const db = drizzle({ client: raw });
  migrate(db, { migrationsFolder: resolve("db/migrations") });
  normalizeStoredAddresses(raw);
  return { db, raw };
}

export function closeDatabase(): void {
  shared.latchkeyDatabase?.raw.close();
  delete shared.latchkeyDatabase;
}

/** A drizzle query that was built and not yet awaited. */
type Statement = PromiseLike<unknown> & { [guarded]?: boolean };

const guarded = Symbol("guarded");

/** Marks a statement of `atomically` that must touch a row: if it returns none, everything is undone. */
export function must<S extends PromiseLike<unknown>>(statement: S): S {
  return Object.assign(statement, { [guarded]: true });
}

/**
 * Runs the statements in order in one transaction. Returns the rows of each (those of `.returning()`, else none), or null
 * when one marked with `must` returned no row, in which case nothing has changed.
 */
export async function atomically<const S extends readonly PromiseLike<unknown>[]>(
  statements: (tx: Db) => S,
): Promise<{ -readonly [K in keyof S]: Awaited<S[K]> } | null> {
  const tx = db();
  const { raw } = shared.latchkeyDatabase as Opened;
  const list = statements(tx);
  try {
    // better-sqlite3 cannot hold a transaction across an await, so the list runs within one synchronous call.
    return raw.transaction(() => list.map(run)).immediate() as { -readonly [K in keyof S]: Awaited<S[K]> };
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
