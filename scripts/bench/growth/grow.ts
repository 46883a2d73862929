import { rmSync } from "node:fs";
import Database from "better-sqlite3";
import pg from "pg";
import { api } from "#e2e/fixtures/api.ts";
import { clientAddress, person } from "#e2e/fixtures/person.ts";
import { dropDatabase, newDatabase } from "#e2e/fixtures/postgres/databases.ts";
import { type PostgresServer, startPostgres } from "#e2e/fixtures/postgres/server.ts";
import { launchServer, type RunningServer } from "#e2e/fixtures/server.ts";
import { accountOf } from "#e2e/fixtures/store.ts";

/** Stores full of people, made within the database: each with an account, a session and a used challenge. */

export const SIZES = [1_000, 100_000, 1_000_000, 10_000_000];

export type GrownStore = {
  DATABASE_URL: string;
  size: number;
  /** The password of them all. */
  password: string;
  remove(): Promise<void>;
};

/** The address of one of them. */
export const grown = (n: number): string => `grown-${n}@example.com`;

export async function grow(engine: "sqlite" | "postgres", size: number): Promise<GrownStore> {
  const began = performance.now();
  const { server, hash, password } = await emptyStore(engine);
  const DATABASE_URL = server.env.DATABASE_URL ?? "";
  if (engine === "sqlite") growFile(DATABASE_URL.replace(/^file:/, ""), size, hash);
  else await growDatabase(DATABASE_URL, size, hash);
  console.log(`  ${engine}: ${size} accounts made in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  const remove = async () => {
    if (server.ownFolder) rmSync(server.ownFolder, { recursive: true });
    else await dropDatabase(DATABASE_URL);
  };
  return { DATABASE_URL, size, password, remove };
}

let postgres: Promise<PostgresServer> | undefined;

/** A store with its tables and one person, whose hash all the others get. */
async function emptyStore(
  engine: "sqlite" | "postgres",
): Promise<{ server: RunningServer; hash: string; password: string }> {
  // As much as a machine for such a store would give it; the rest is the system's to hold.
  postgres ??= engine === "postgres" ? startPostgres(LARGE) : undefined;
  const server = await launchServer(postgres ? { DATABASE_URL: await newDatabase(postgres) } : {});
  const { email, password } = person();
  await api(server.url, { "x-forwarded-for": clientAddress() }).post("/auth/signup", { email, password });
  const hash = (await accountOf(server, email)).password_hash;
  await server.stop();
  return { server, hash, password };
}

const LARGE = {
  shared_buffers: "2GB",
  maintenance_work_mem: "1GB",
  max_wal_size: "16GB",
  work_mem: "64MB",
  fsync: "on",
};

const DAY = 24 * 60 * 60_000;

/** Of the digits `r`, in the shape of a random UUID (RFC 9562, 5.4). */
const UUID = `substr(r, 1, 8) || '-' || substr(r, 9, 4) || '-4' || substr(r, 14, 3) || '-8' || substr(r, 18, 3) || '-' || substr(r, 21)`;

type Words = { numbers: string; random: string };

/** `numbers` gives i from 1 on; `random` a text of 32 hexadecimal digits that no other row has. */
function inserts({ numbers, random }: Words, hash: string): string[] {
  const [now, then, end] = [Date.now(), Date.now() - DAY, Date.now() + 30 * DAY];
  const address = `'grown-' || i || '@example.com'`;
  return [
    `insert into accounts (sub, email, password_hash, status, created_at, updated_at)
      select ${UUID}, ${address}, '${hash}', 1, ${then}, ${then} from (select i, ${random} as r from ${numbers}) as drawn`,
    `insert into sessions (id, account_id, kind, rotated_at, delivered, user_agent, created_at, updated_at, expires_at)
      select ${random}, id, 'auth', ${now}, 0, 'Mozilla/5.0', ${then}, ${now}, ${end} from accounts`,
    `insert into challenges (id, account_id, purpose, nonce, tries_left, created_at, sent_at, link_expires_at, code_expires_at, used_at)
      select ${random}, id, 'verify-email', ${random}, 5, ${then}, ${then}, ${then}, ${then}, ${then} from accounts`,
  ];
}

function growFile(file: string, size: number, hash: string): void {
  const db = new Database(file);
  db.pragma("cache_size = -4000000");
  db.pragma("synchronous = off");
  db.pragma("foreign_keys = off");
  // Made anew afterwards, which is ten times as fast as to keep them while rows come.
  const indexes = db.prepare("select name, sql from sqlite_master where type = 'index' and sql is not null").all() as {
    name: string;
    sql: string;
  }[];
  for (const { name } of indexes) db.exec(`drop index "${name}"`);
  const numbers = `(with recursive n (i) as (select 1 union all select i + 1 from n where i < ${size}) select i from n)`;
  for (const insert of inserts({ numbers, random: "lower(hex(randomblob(16)))" }, hash)) db.exec(insert);
  for (const { sql } of indexes) db.exec(sql);
  db.exec("analyze");
  db.pragma("wal_checkpoint(truncate)");
  db.close();
}

async function growDatabase(url: string, size: number, hash: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query("set synchronous_commit = off");
  const { rows: constraints } = await client.query(
    `select conname as name, conrelid::regclass as table, pg_get_constraintdef(oid) as definition from pg_constraint
      where contype = 'u' and conrelid::regclass::text in ('accounts', 'sessions', 'challenges')`,
  );
  const { rows: indexes } = await client.query(
    `select indexname as name, indexdef as sql from pg_indexes where tablename in ('accounts', 'sessions', 'challenges')
      and indexname not in (select conname from pg_constraint)`,
  );
  for (const { table, name } of constraints) await client.query(`alter table ${table} drop constraint "${name}"`);
  for (const { name } of indexes) await client.query(`drop index "${name}"`);
  const words = {
    numbers: `generate_series(1, ${size}) as i`,
    random: "replace(gen_random_uuid()::text, '-', '')",
  };
  for (const insert of inserts(words, hash)) await client.query(insert);
  for (const { table, name, definition } of constraints)
    await client.query(`alter table ${table} add constraint "${name}" ${definition}`);
  for (const { sql } of indexes) await client.query(sql);
  await client.query("vacuum analyze");
  await client.query("checkpoint");
  await client.end();
}
