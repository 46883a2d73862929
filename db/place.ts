import { dirname, resolve } from "node:path";
import { env, storeEngine } from "#lib/env.ts";

/** Where things lie. */

/** The SQLite file as an absolute path. */
export const databaseFile = (): string => fileOf(env().DATABASE_URL);

export function fileOf(url: string): string {
  if (storeEngine(url) !== "sqlite") throw new Error("The database is not a file");
  return resolve(url.replace(/^file:(\/\/(?=\/))?/, ""));
}

/** The folder for what is not in the database: the made secret and the local mailbox. */
export function dataFolder(): string {
  const { DATA_DIR, DATABASE_URL } = env();
  if (DATA_DIR) return resolve(DATA_DIR);
  return storeEngine(DATABASE_URL) === "sqlite" ? dirname(databaseFile()) : resolve("data");
}

/** The database as people may be told of it: its file, or its server and name, and never who logs in there. */
export const databaseName = (): string => nameOf(env().DATABASE_URL);

export function nameOf(url: string): string {
  if (storeEngine(url) === "sqlite") return fileOf(url);
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
