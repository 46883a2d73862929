import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import Database from "better-sqlite3";

/** Where builds lie, each in a folder of its own, so that none is written over while a server answers from it. */
export const BUILDS = ".builds";

/** Where one is made before it is whole; what Next keeps to build faster next time stays there. */
export const UNFINISHED = `${BUILDS}/unfinished`;

/** A file of each build that a server holds a lock on for as long as it answers from there. */
export const IN_USE = "in-use";

const CURRENT = `${BUILDS}/current`;

/** The folder of the last build that came out whole, which is what starts; undefined where nothing was built yet. */
export function currentBuild(): string | undefined {
  if (!existsSync(CURRENT)) return undefined;
  const folder = `${BUILDS}/${readFileSync(CURRENT, "utf8").trim()}`;
  return isWhole(folder) ? folder : undefined;
}

export const isWhole = (folder: string): boolean => existsSync(`${folder}/BUILD_ID`);

/** Makes this build the one that starts: in one step, so that a start at this moment finds one or the other. */
export function switchTo(name: string): void {
  const next = `${CURRENT}.${process.pid}`;
  writeFileSync(next, `${name}\n`);
  renameSync(next, CURRENT);
}

const held: Database.Database[] = [];

/**
 * Keeps this build from being removed for as long as this process lives, by a lock that the operating system releases
 * with it, however it ends. Any number of servers may hold the same one.
 */
export function holdBuild(folder: string): void {
  const file = new Database(`${folder}/${IN_USE}`, { readonly: true });
  file.exec("begin");
  file.prepare("select * from sqlite_schema").all();
  held.push(file);
}

/** Whether any server answers from a build of this tree. */
export const isAnyInUse = (): boolean => existsSync(BUILDS) && buildNames().some(isInUse);

/** Removes all builds but these and those that a server answers from. */
export function removeBuildsBut(kept: readonly string[]): void {
  for (const name of buildNames())
    if (!kept.includes(name) && !isInUse(name)) rmSync(`${BUILDS}/${name}`, { recursive: true, force: true });
}

function buildNames(): string[] {
  const folders = readdirSync(BUILDS, { withFileTypes: true }).filter((one) => one.isDirectory());
  return folders.map((one) => one.name).filter((name) => `${BUILDS}/${name}` !== UNFINISHED);
}

function isInUse(name: string): boolean {
  const file = `${BUILDS}/${name}/${IN_USE}`;
  if (!existsSync(file)) return false;
  const lock = tryToLock(file);
  lock?.close();
  return lock === undefined;
}

/** Locks a file against everybody; undefined where somebody else holds it. Closing gives it back. */
export function tryToLock(file: string): Database.Database | undefined {
  const lock = new Database(file, { timeout: 0 });
  try {
    lock.exec("begin exclusive");
    return lock;
  } catch (error) {
    lock.close();
    if (/^SQLITE_BUSY/.test((error as { code?: string }).code ?? "")) return undefined;
    throw error;
  }
}
