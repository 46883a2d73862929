import { existsSync } from "node:fs";
import { closeDatabase, openStore } from "#db/client.ts";
import { databaseFile } from "#db/place.ts";
import { rotateSigningKeys } from "#lib/auth/tokens/signing-keys.ts";
import { storeEngine } from "#lib/env.ts";

/** `npm run keys:rotate`: new tokens are signed with a fresh key; those that were signed before stay good until they expire. */

// A misspelt DATABASE_URL would have a new store made, and its key rotated instead.
if (storeEngine() === "sqlite" && !existsSync(databaseFile()))
  throw new Error(`There is no database at ${databaseFile()}. Set DATABASE_URL to the one the server uses.`);

await openStore();
const { from, to } = await rotateSigningKeys();
await closeDatabase();
console.log(`
  Key ${to} signs from now on; a running server takes it up within a minute.
  Key ${from} signs nothing more, and stays published until the last token it signed has expired.
`);
