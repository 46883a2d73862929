import { createHmac, timingSafeEqual } from "node:crypto";
import type { TrailEntry } from "#db/schema.ts";
import type { Head } from "#db/trail.ts";
import { secretKey } from "#lib/auth/secret.ts";

/**
 * The chain of the audit trail: each row's hash is taken over the row and the hash before it, with a key drawn from AUTH_SECRET. Who can
 * write to the database and does not have the secret can change, add or remove no row unnoticed, but for the newest ones: those are
 * missed by whoever kept the head of the chain somewhere else.
 */

/** Before the first row. */
export const BEGINNING: Head = { seq: 0, hash: "" };

/** The entry's place after this one, as it is to be stored. */
export function chained(entry: TrailEntry, after: Head): Pick<TrailEntry, "id" | "addressMark"> & Head {
  const addressMark = entry.address === null ? null : markOf(entry.address);
  const seq = after.seq + 1;
  return { id: entry.id, addressMark, seq, hash: hashOf({ ...entry, addressMark, seq }, after.hash) };
}

/** Whether a row that has its place stands after this one, as it was written. */
export function isChained(entry: TrailEntry, after: Head): boolean {
  return (
    entry.seq === after.seq + 1 &&
    isSame(entry.hash ?? "", hashOf(entry, after.hash)) &&
    // The chain knows the mark alone, so that the address can be taken out.
    (entry.address === null || isSame(entry.addressMark ?? "", markOf(entry.address)))
  );
}

/** Stands for an address when it is gone: the same for each row of it, and without AUTH_SECRET nobody gets it back. */
const markOf = (address: string): string => hmac("audit trail addresses", address).slice(0, 22);

function hashOf(entry: TrailEntry, before: string): string {
  const {
    seq,
    id,
    at,
    kind,
    accountId,
    sub,
    addressMark,
    actor,
    door,
    browser,
    network,
    sessionId,
    requestId,
    details,
  } = entry;
  const told = [
    before,
    seq,
    id,
    at,
    kind,
    accountId,
    sub,
    addressMark,
    actor,
    door,
    browser,
    network,
    sessionId,
    requestId,
  ];
  return hmac("audit trail", JSON.stringify([...told, details]));
}

const hmac = (use: string, of: string): string => createHmac("sha256", secretKey(use)).update(of).digest("base64url");

/** In constant time, although nobody outside can ask: a hash here is a secret to whoever may only write. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
