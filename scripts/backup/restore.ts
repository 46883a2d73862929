import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import Database from "better-sqlite3";
import { claimStore, releaseStore } from "#db/one-server.ts";
import { databaseFile, dataFolder } from "#db/place.ts";
import { env, storeEngine } from "#lib/env.ts";
import { runAsCommand, sentence } from "../command.ts";
import { DATABASE, inspect, SECRET } from "./contents.ts";
import { copyToDisk, toDisk } from "./copy-to-disk.ts";

/**
 * `npm run restore -- <folder>`: puts a backup in place of the database, and its secret in place of the secret. What was there
 * is kept beside it. A backup that is damaged, or a server that runs, and nothing is touched; and whenever this is
 * interrupted, either the one database or the other is in place, whole.
 */

await runAsCommand({}, async (_, [from]) => {
  if (storeEngine() !== "sqlite") throw sentence("The database is in PostgreSQL. Restore it with pg_restore");
  if (!from) throw sentence("Name the folder of a backup: npm run restore -- data/backups/2026-11-24T09-30-00");
  const backup = resolve(from);
  const { accounts } = inspect(join(backup, DATABASE));
  const target = databaseFile();
  // A server that starts in the middle would open what is neither.
  try {
    claimStore(target, env().PORT);
  } catch (error) {
    throw sentence(`The database ${target} cannot be replaced: ${(error as Error).message}`);
  }
  try {
    const kept = setAside(target);
    putInPlace(join(backup, DATABASE), target);
    const hasSecret = restoreSecret(join(backup, SECRET), kept);
    toDisk(dirname(target));
    report({ target, accounts, kept: holdsAnything(kept) ? kept : undefined, hasSecret });
  } finally {
    releaseStore();
  }
});

/**
 * Makes the folder for what is replaced, and moves the log of the old database there: played into another one, it would ruin
 * it. What the log holds is put into the old database before, so that this is whole should we be stopped here.
 */
function setAside(target: string): string {
  const kept = join(dirname(target), `before-restore-${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}`);
  mkdirSync(kept, { mode: 0o700 });
  if (!existsSync(target)) return kept;
  emptyLog(target);
  linkSync(target, join(kept, DATABASE));
  for (const part of ["-wal", "-shm"])
    if (existsSync(target + part)) renameSync(target + part, join(kept, DATABASE + part));
  toDisk(kept);
  return kept;
}

function emptyLog(file: string): void {
  let db: Database.Database | undefined;
  try {
    db = new Database(file);
    db.pragma("wal_checkpoint(TRUNCATE)");
  } catch {
    // It is damaged, which may be why a backup is put in its place. All its parts are kept.
  } finally {
    db?.close();
  }
}

/** One rename: there is no moment without a database, in which a server would make a new one. */
function putInPlace(from: string, to: string): void {
  const draft = `${to}.restoring`;
  rmSync(draft, { force: true });
  copyToDisk(from, draft);
  chmodSync(draft, 0o600);
  // Restored by root, it must still be the server's to write.
  const { uid, gid } = statSync(dirname(to));
  if (process.getuid?.() === 0) chownSync(draft, uid, gid);
  renameSync(draft, to);
}

/** Whether the backup has one that is to be used. */
function restoreSecret(from: string, kept: string): boolean {
  if (env().AUTH_SECRET !== undefined || !existsSync(from)) return false;
  // The server would not start with one that was cut short; what is in place is better than that.
  if (Buffer.byteLength(readFileSync(from, "utf8").trim()) < 32) return false;
  const secret = join(dataFolder(), SECRET);
  if (existsSync(secret)) copyToDisk(secret, join(kept, SECRET));
  putInPlace(from, secret);
  return true;
}

function holdsAnything(kept: string): boolean {
  const isEmpty = readdirSync(kept).length === 0;
  if (isEmpty) rmdirSync(kept);
  return !isEmpty;
}

function report(done: { target: string; accounts: number; kept: string | undefined; hasSecret: boolean }): void {
  const secret = done.hasSecret
    ? "Its secret is in place too: sessions and mailed links of its time are good again."
    : "It has no whole secret with it, or yours is in AUTH_SECRET: only with the secret of its time are its sessions and links good.";
  console.log(`
  ${done.target} is the backup now, with ${done.accounts} account${done.accounts === 1 ? "" : "s"}.
  ${secret}
  ${done.kept ? `What was there before is in ${done.kept}` : "There was none before."}

  Whatever came after the backup is undone: a password changed since is the old one again, a session ended since lives again.
`);
}
