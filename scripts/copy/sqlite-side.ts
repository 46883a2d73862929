import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import Database from "better-sqlite3";
import { COPY_MARK } from "#db/copy-mark.ts";
import { claimStore, releaseStore } from "#db/one-server.ts";
import { fileOf } from "#db/place.ts";
import { openFile, refuseNewer } from "#db/sqlite.ts";
import type { TableShape } from "#db/table-shapes.ts";
import { env } from "#lib/env.ts";
import { sentence } from "../command.ts";
import { columnList, quoted, type Range, type Row, rangeSql, type Side, type Source, type Target } from "./side.ts";

/** A SQLite file to copy from. A server may be using it. */
export function sqliteSource(url: string): Source {
  const file = fileOf(url);
  if (!existsSync(file)) throw sentence(`There is no database at ${file}`);
  const raw = new Database(file, { timeout: 10_000 });
  refuseNewer(raw);
  if (migrationsIn(raw) < migrationsKnown())
    throw sentence(`${file} is of an older version. Start this version of the server on it once, then copy`);
  if (hasTable(raw, COPY_MARK)) throw sentence(`${file} is a copy itself that no server has used yet`);
  const begin = (how: string) => {
    if (raw.inTransaction) raw.exec("commit");
    raw.exec(how);
    // Only with the first look a transaction's moment is settled.
    raw.prepare("select count(*) from __drizzle_migrations").get();
  };
  return {
    ...sideOf(raw, file),
    look: async () => begin("begin"),
    // In WAL mode whoever reads goes on beside it.
    hold: async () => begin("begin immediate"),
  };
}

/** A SQLite file to copy to: a new one, or one that an earlier copy was begun in. No server can start on it meanwhile. */
export function sqliteTarget(url: string): Target {
  const file = fileOf(url);
  claimStore(file, env().PORT);
  const raw = openFile(file);
  const isCopy = hasTable(raw, COPY_MARK);
  if (!isCopy && raw.prepare("select 1 from accounts limit 1").get())
    throw sentence(`${file} has accounts of its own already. Name an empty database with --to`);
  raw.exec(`create table if not exists ${COPY_MARK} (is_whole integer not null); delete from ${COPY_MARK}`);
  raw.exec(`insert into ${COPY_MARK} values (0)`);
  const { close, ...side } = sideOf(raw, file);
  return {
    ...side,
    remove: async ({ name, key }, keys) => {
      const statement = raw.prepare(
        `delete from ${name} where ${key.map((one) => `${quoted(one)} = ?`).join(" and ")}`,
      );
      runEach(raw, statement, keys);
    },
    insert: async (table, rows) => {
      const places = table.columns.map(() => "?").join(", ");
      const statement = raw.prepare(`insert into ${table.name} (${columnList(table)}) values (${places})`);
      runEach(raw, statement, rows);
    },
    goOnFrom: async ({ name }, number) => {
      raw.transaction(() => {
        raw.prepare("delete from sqlite_sequence where name = ?").run(name);
        raw.prepare("insert into sqlite_sequence (name, seq) values (?, ?)").run(name, number);
      })();
    },
    finish: async () => {
      if ((raw.pragma("foreign_key_check") as unknown[]).length > 0)
        throw sentence("The copy has rows that belong to none. Run the same command again");
      raw.exec(`update ${COPY_MARK} set is_whole = 1`);
    },
    close: async () => {
      await close();
      releaseStore();
    },
  };
}

function runEach(raw: Database.Database, statement: Database.Statement, values: Row[]): void {
  raw.transaction(() => {
    for (const one of values) statement.run(...one);
  })();
}

function sideOf(raw: Database.Database, name: string): Side {
  return {
    name,
    read: async (table, range) => readRows(raw, table, range),
    count: async ({ name }) => raw.prepare(`select count(*) from ${name}`).pluck().get() as number,
    lastNumber: async ({ name }) =>
      (raw.prepare("select seq from sqlite_sequence where name = ?").pluck().get(name) as number | undefined) ?? 0,
    close: async () => void raw.close(),
  };
}

function readRows(raw: Database.Database, table: TableShape, range: Range): Row[] {
  const values: Row = [];
  const rest = rangeSql(table, range, (value) => {
    values.push(value);
    return "?";
  });
  return raw
    .prepare(`select ${columnList(table)} from ${table.name}${rest}`)
    .raw()
    .all(...values) as Row[];
}

const hasTable = (raw: Database.Database, name: string): boolean =>
  raw.prepare("select 1 from sqlite_schema where type = 'table' and name = ?").get(name) !== undefined;

const migrationsIn = (raw: Database.Database): number =>
  hasTable(raw, "__drizzle_migrations")
    ? Number(raw.prepare("select max(created_at) from __drizzle_migrations").pluck().get() ?? 0)
    : 0;

function migrationsKnown(): number {
  const journal = JSON.parse(readFileSync(resolve("db/migrations/meta/_journal.json"), "utf8"));
  return Math.max(...(journal as { entries: { when: number }[] }).entries.map(({ when }) => when));
}
