import type Database from "better-sqlite3";
import { normalizeEmail } from "#lib/identifiers.ts";

/** Where addresses lie, and what a second row with the same one would be. */
const COLUMNS = [
  ["accounts", "email"],
  ["mail_refusals", "email"],
  ["invitations", "email"],
  ["outbox", "to_email"],
] as const;

/**
 * Brings addresses that an older version stored with their domain in Unicode into today's normal form, so that they are
 * found, limited and refused as what they are. SQL cannot say it, so it is done at the start, and once: with ten million accounts it
 * takes two seconds, and no version since has stored such a one. Where both spellings have a row, both stay.
 */
export function normalizeStoredAddresses(raw: Database.Database): void {
  if (raw.pragma("application_id", { simple: true }) === DONE) return;
  raw.transaction(() => {
    normalizeAll(raw);
    raw.pragma(`application_id = ${DONE}`);
  })();
}

/** In the place that SQLite keeps in a file for its users: of the file itself, so a backup from before has none. */
const DONE = 1;

function normalizeAll(raw: Database.Database): void {
  for (const [table, column] of COLUMNS) {
    const old = raw.prepare(`select rowid as id, ${column} as address from ${table} where ${column} glob '*@*[^ -~]*'`);
    const set = raw.prepare(`update or ignore ${table} set ${column} = ? where rowid = ?`);
    for (const { id, address } of old.all() as { id: number; address: string }[]) {
      const normal = normalizeEmail(address);
      if (normal !== address) set.run(normal, id);
    }
  }
}
