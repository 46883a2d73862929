import { existsSync } from "node:fs";
import { closeDatabase, openStore } from "#db/client.ts";
import { databaseFile } from "#db/place.ts";
import { sealTrail } from "#lib/auth/trail/seal.ts";
import { type Verdict, verifyTrail } from "#lib/auth/trail/verify.ts";
import { storeEngine } from "#lib/env.ts";
import { runAsCommand, sentence } from "./command.ts";

/**
 * `npm run audit:verify [-- --head <place>:<hash>] [--json]`: whether each row of the audit trail stands as it was written, and none is missing.
 * The server may run meanwhile. Ends with 1 where something is wrong.
 */

await runAsCommand({ head: { type: "string" }, json: { type: "boolean" } }, async ({ head, json }) => {
  if (storeEngine() === "sqlite" && !existsSync(databaseFile()))
    throw sentence(`There is no database at ${databaseFile()}. Set DATABASE_URL to the server's`);
  const kept = head === undefined ? undefined : headIn(head);
  await openStore();
  try {
    // The last second's rows wait for their place; of a server that was killed there may be more.
    await sealTrail();
    const verdict = await verifyTrail(kept);
    console.log(json ? JSON.stringify(verdict) : inWords(verdict));
    if (verdict.brokenAt !== undefined || verdict.hasKept === false) process.exitCode = 1;
  } finally {
    await closeDatabase();
  }
});

function headIn(text: string): Verdict["head"] {
  const [, seq, hash] = /^(\d{1,15}):([\w-]{43})$/.exec(text) ?? [];
  if (!seq || !hash) throw sentence("--head takes what an earlier run printed: a place, a colon, and a hash");
  return { seq: Number(seq), hash };
}

function inWords({ sound, brokenAt, head, hasKept, trimmedThrough, loose }: Verdict): string {
  const lines = [
    brokenAt === undefined
      ? `The audit trail is whole: ${sound} entries.`
      : `The audit trail is broken. ${sound} entries are sound; entry ${brokenAt} was changed or is missing.`,
    ...(brokenAt === undefined ? [] : ["Where all of it seems broken, AUTH_SECRET may be another than the server's."]),
    ...(trimmedThrough > 0
      ? [`Entries up to ${trimmedThrough} are older than AUDIT_TTL and were removed as they should be.`]
      : []),
    ...(loose > 0 ? [`${loose} entries wait for their place in the chain.`] : []),
    ...(hasKept === undefined
      ? []
      : [
          hasKept
            ? "The head you kept is part of it."
            : "The head you kept is not part of it: entries were cut off or exchanged.",
        ]),
    `Its head, to be kept elsewhere: ${head.seq}:${head.hash}`,
  ];
  return `\n${lines.map((line) => `  ${line}`).join("\n")}\n`;
}
