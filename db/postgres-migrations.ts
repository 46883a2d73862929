import { resolve } from "node:path";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { StoreRefused, WRITTEN_BY_NEWER } from "./engine.ts";
import type { Connection, Pool } from "./postgres-pool.ts";

/** Any number; the same in every version. */
const TURN = 4_205_517_031;
const PATIENCE_MS = 120_000;
const BEGIN = `begin; set local lock_timeout = ${PATIENCE_MS}; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0`;
const TRIES = 20;

/**
 * Brings the database up to date in one transaction. Of processes that start at once one does it and the others wait: by an
 * advisory lock where there is such a thing, and in any case by the row of `latchkey_turns` that each of them writes first.
 */
export async function migrateInTurn(pool: Pool): Promise<void> {
  for (let n = 1; ; n += 1) {
    try {
      await pool.transaction(migrate, BEGIN);
      return;
    } catch (error) {
      // Without an advisory lock two may make the very first tables at once, and one of them is told so.
      if (n === TRIES || !/^(23505|42P07|42710|40001|40P01)$/.test((error as { code?: string }).code ?? ""))
        throw error;
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 200));
    }
  }
}

async function migrate(connection: Connection): Promise<true> {
  const ask = async (text: string) => (await connection.query({ text, query_timeout: PATIENCE_MS })).rows;
  await tryAdvisoryLock(ask);
  await ask("create table if not exists latchkey_turns (name text primary key, taken_at bigint not null)");
  await ask("create table if not exists __drizzle_migrations (hash text not null, created_at bigint not null)");
  await ask("insert into latchkey_turns values ('ready', 0), ('tidy-up', 0) on conflict (name) do nothing");
  await ask("insert into latchkey_turns values ('migrations', 0) on conflict (name) do update set taken_at = 0");
  const known = readMigrationFiles({ migrationsFolder: resolve("db/migrations-postgres") });
  const [{ last }] = (await ask("select max(created_at) as last from __drizzle_migrations")) as [
    { last: number | null },
  ];
  if ((last ?? 0) > Math.max(...known.map(({ folderMillis }) => folderMillis)))
    throw new StoreRefused(WRITTEN_BY_NEWER);
  for (const { sql, folderMillis, hash } of known.filter(({ folderMillis }) => folderMillis > (last ?? 0))) {
    for (const statement of sql) await ask(statement);
    await ask(`insert into __drizzle_migrations (hash, created_at) values ('${hash}', ${folderMillis})`);
  }
  return true;
}

async function tryAdvisoryLock(ask: (text: string) => Promise<unknown>): Promise<void> {
  await ask("savepoint locking");
  await ask(`select pg_advisory_xact_lock(${TURN})`).catch(() => ask("rollback to savepoint locking"));
}
