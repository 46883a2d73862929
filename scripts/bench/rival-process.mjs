/**
 * better-auth on plain Node, as its documentation sets it up, with the SQLite settings of ours. Run in a folder of its own by
 * rival.ts, where npm has put it: it is no dependency of this project. Sends its URL, and serves until it is ended.
 */
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import Database from "better-sqlite3";

const server = createServer((request, response) => handler(request, response));
await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
const url = `http://127.0.0.1:${port}`;

const database = new Database("rival.db");
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL");
const options = {
  database,
  baseURL: url,
  secret: randomBytes(32).toString("base64url"),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  logger: { disabled: true },
  telemetry: { enabled: false },
};
await (await getMigrations(options)).runMigrations();
const handler = toNodeHandler(betterAuth(options));
process.send?.(url);
process.once("disconnect", () => process.exit(0));
