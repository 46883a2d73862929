import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import Database from "better-sqlite3";
import { databaseFile, dataFolder } from "#db/place.ts";
import { env, storeEngine } from "#lib/env.ts";
import { runAsCommand, sentence } from "../command.ts";
import { DATABASE, type Found, inspect, SECRET } from "./contents.ts";
import { copyToDisk, toDisk } from "./copy-to-disk.ts";

/**
 * `npm run backup [-- --to <folder>]`: a copy of the database and of the secret beside it, in a folder of its own, while the
 * server goes on. Whoever finds the folder under its name finds it whole: it has been checked, and is on the disk.
 */

await runAsCommand({ to: { type: "string" } }, async ({ to }) => {
  if (storeEngine() !== "sqlite") throw sentence("The database is in PostgreSQL. Back it up with pg_dump");
  const source = databaseFile();
  if (!existsSync(source)) throw sentence(`There is no database at ${source}. Set DATABASE_URL to the server's`);
  const folder = to ? resolve(to) : join(dataFolder(), "backups", nameOf(new Date()));
  if (existsSync(folder)) throw sentence(`${folder} is there already. Name another folder with --to`);
  const draft = `${folder}.unfinished`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  try {
    await copyDatabase(source, join(draft, DATABASE));
    const found = inspect(join(draft, DATABASE));
    const hasSecret = copySecret(join(draft, SECRET));
    toDisk(draft);
    renameSync(draft, folder);
    toDisk(resolve(folder, ".."));
    report(folder, found, hasSecret);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
});

function nameOf(now: Date): string {
  return now.toISOString().slice(0, 19).replaceAll(":", "-");
}

/**
 * By SQLite's online backup. Another process that writes between two steps of it has it begin again, so that on a busy
 * server it would never end: after the first step, which is small, all the rest is one.
 */
async function copyDatabase(from: string, to: string): Promise<void> {
  const source = new Database(from, { readonly: true, timeout: 10_000 });
  try {
    await source.backup(to, { progress: ({ totalPages }) => Math.max(totalPages, 1) });
  } finally {
    source.close();
  }
  const copy = new Database(to);
  // Into one file: what belongs to it must not be forgotten when somebody carries it elsewhere.
  copy.pragma("journal_mode = DELETE");
  copy.close();
  chmodSync(to, 0o600);
  toDisk(to);
}

/** Whether there is one in a file; a secret in the settings is backed up with them. */
function copySecret(to: string): boolean {
  const secret = join(dataFolder(), SECRET);
  if (env().AUTH_SECRET !== undefined || !existsSync(secret)) return false;
  copyToDisk(secret, to);
  chmodSync(to, 0o600);
  return true;
}

function report(folder: string, { accounts, integrity }: Found, hasSecret: boolean): void {
  const megabytes = (statSync(join(folder, DATABASE)).size / 1e6).toFixed(1);
  console.log(`
  ${folder}
  ${DATABASE}   ${megabytes} MB, ${accounts} account${accounts === 1 ? "" : "s"}; checked: ${integrity}
  ${hasSecret ? `${SECRET}   with it; keep both where nobody else reads them` : "The secret is AUTH_SECRET in your settings: keep that too"}
`);
}
