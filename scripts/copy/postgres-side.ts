import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import pg from "pg";
import { COPY_MARK } from "#db/copy-mark.ts";
import { nameOf } from "#db/place.ts";
import { explain } from "#db/postgres-errors.ts";
import { migrateInTurn } from "#db/postgres-migrations.ts";
import { openPool } from "#db/postgres-pool.ts";
import type { TableShape } from "#db/table-shapes.ts";
import { whyNotOpened } from "#db/why-not-opened.ts";
import { sentence } from "../command.ts";
import {
  columnList,
  quoted,
  type Range,
  type Row,
  rangeSql,
  type Side,
  type Source,
  type Target,
  type Value,
} from "./side.ts";

/** A PostgreSQL database to copy from. Servers may be using it. */
export async function postgresSource(url: string, tables: TableShape[]): Promise<Source> {
  const client = await connectUnless(url, whyNoSource);
  const { ask } = client;
  const begin = async (how: string) => {
    await ask("commit");
    await ask("begin isolation level repeatable read");
    await ask(how);
  };
  return {
    ...sideOf(client, url),
    look: () => begin("select 1"),
    // Exclusive keeps out whoever writes or locks a row, and nobody who reads. In the order in which the server takes them.
    hold: () => begin(`lock table ${tables.map(({ name }) => name).join(", ")} in exclusive mode`),
  };
}

/** A PostgreSQL database to copy to: an empty one, or one that an earlier copy was begun in. */
export async function postgresTarget(url: string): Promise<Target> {
  // A pool waits for a server that is only starting; a name that is misspelt is told at once.
  await (await connect(url)).end();
  const pool = await openPool(url);
  await migrateInTurn(pool).finally(() => pool.end());
  const client = await connectUnless(url, whyNoTarget);
  const { ask } = client;
  await ask(`create table if not exists ${COPY_MARK} (is_whole bigint not null)`);
  await ask(`delete from ${COPY_MARK}`);
  await ask(`insert into ${COPY_MARK} values (0)`);
  return {
    ...sideOf(client, url),
    remove: async ({ name, key }, keys) => {
      const columns = key.map(quoted).join(", ");
      await ask(`delete from ${name} where (${columns}) in (select ${columns} from ${fromJson(name)})`, [
        asJson(key, keys),
      ]);
    },
    insert: async (table, rows) => {
      const columns = columnList(table);
      await ask(`insert into ${table.name} (${columns}) select ${columns} from ${fromJson(table.name)}`, [
        asJson(table.columns, rows),
      ]);
    },
    goOnFrom: async ({ name, numbered }, number) => {
      // Before the first one is given, a sequence says the number to begin with.
      const [value, isGiven] = number === 0 ? [1, false] : [number, true];
      await ask(`select setval(pg_get_serial_sequence('${name}', '${numbered}'), ${value}, ${isGiven})`);
    },
    finish: async () => {
      await ask(`update ${COPY_MARK} set is_whole = 1`);
    },
  };
}

async function whyNoSource(ask: Ask): Promise<string | undefined> {
  const known = await ask("select 1 from information_schema.tables where table_name = '__drizzle_migrations'");
  const [newest] = known.length > 0 ? await ask("select max(created_at) from __drizzle_migrations") : [];
  if (newest?.[0] !== migrationsKnown())
    return "is of another version. Start this version of the server on it once, then copy";
  return (await isMarked(ask)) ? "is a copy itself that no server has used yet" : undefined;
}

async function whyNoTarget(ask: Ask): Promise<string | undefined> {
  const [anybody] = await ask("select 1 from accounts limit 1");
  if (!anybody || (await isMarked(ask))) return undefined;
  return "has accounts of its own already. Name an empty database with --to";
}

type Ask = (text: string, values?: Value[]) => Promise<Row[]>;
type Client = { ask: Ask; end(): Promise<void> };

async function connectUnless(url: string, why: (ask: Ask) => Promise<string | undefined>): Promise<Client> {
  const client = await connect(url);
  try {
    const refusal = await why(client.ask);
    if (refusal) throw sentence(`${nameOf(url)} ${refusal}`);
    return client;
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function connect(url: string): Promise<Client> {
  const client = new pg.Client({ connectionString: url, application_name: "latchkey copy", keepAlive: true });
  client.on("error", () => {});
  const ask: Ask = async (text, values) => {
    try {
      return (await client.query({ text, ...(values ? { values } : {}), rowMode: "array" })).rows;
    } catch (error) {
      throw explain(error);
    }
  };
  try {
    await client.connect();
  } catch (error) {
    throw sentence(`${nameOf(url)} cannot be used: ${whyNotOpened(explain(error))}`);
  }
  // A copy takes its time, and whoever holds what it needs is waited for.
  for (const setting of ["statement_timeout", "idle_in_transaction_session_timeout"]) await ask(`set ${setting} = 0`);
  await ask("set lock_timeout = '60s'");
  return { ask, end: () => client.end() };
}

function sideOf({ ask, end }: Client, url: string): Side {
  return {
    name: nameOf(url),
    read: (table, range) => readRows(ask, table, range),
    count: async ({ name }) => Number((await ask(`select count(*) from ${name}`))[0]?.[0]),
    lastNumber: async ({ name, numbered }) => {
      const [sequence] = (await ask(`select pg_get_serial_sequence('${name}', '${numbered}')`))[0] ?? [];
      const [[last, isGiven] = []] = await ask(`select last_value, is_called from ${sequence}`);
      return isGiven ? Number(last) : 0;
    },
    close: end,
  };
}

function readRows(ask: Ask, table: TableShape, range: Range): Promise<Row[]> {
  const values: Row = [];
  const rest = rangeSql(table, range, (value) => `$${values.push(value)}`);
  return ask(`select ${columnList(table)} from ${table.name}${rest}`, values);
}

/** Rows travel as one value: the columns' own types are then PostgreSQL's business. */
const fromJson = (table: string): string => `json_populate_recordset(null::${table}, $1::json)`;

const asJson = (columns: string[], rows: Row[]): string =>
  JSON.stringify(rows.map((row) => Object.fromEntries(columns.map((column, n) => [column, row[n]]))));

const isMarked = async (ask: Ask): Promise<boolean> =>
  (await ask(`select 1 from information_schema.tables where table_name = '${COPY_MARK}'`)).length > 0;

function migrationsKnown(): number {
  const journal = JSON.parse(readFileSync(resolve("db/migrations-postgres/meta/_journal.json"), "utf8"));
  return Math.max(...(journal as { entries: { when: number }[] }).entries.map(({ when }) => when));
}
