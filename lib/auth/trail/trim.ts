import type { TrailEntry } from "#db/schema.ts";
import type { Head } from "#db/trail.ts";
import { insertEntry, lastChainedBefore, newestOfKind, purgeEntries } from "#db/trail.ts";
import { env } from "#lib/env.ts";
import { sealTrail } from "./seal.ts";

/** The trail's old end goes after AUDIT_TTL, a whole day (UTC) at a time; what is gone is told by a row at the new end. */

export const TRIMMED = "trail_trimmed" as const;

const DAY = 24 * 60 * 60_000;

export async function trimTrail(
  now: number,
  inBatches: (some: (most: number) => PromiseLike<unknown[]>) => Promise<void>,
): Promise<void> {
  const before = Math.floor((now - env().AUDIT_TTL) / DAY) * DAY;
  const last = await lastChainedBefore(before);
  if (last && last.seq > ((await newestTrim())?.seq ?? 0)) {
    await insertEntry(entryOf(last, now));
    // The row that says so has its place before anything goes: ended in between, the next run removes the rest.
    await sealTrail();
  }
  const gone = await newestTrim();
  if (gone) await inBatches((most) => purgeEntries(gone.seq, most));
}

/** Up to which place the trail has been removed, and that row's hash; undefined where it is whole. */
export async function newestTrim(): Promise<Head | undefined> {
  const row = await newestOfKind(TRIMMED);
  return row && trimOf(row);
}

export function trimOf({ details }: TrailEntry): Head {
  const { through, hash } = JSON.parse(details ?? "{}");
  return { seq: Number(through), hash: String(hash) };
}

const entryOf = ({ seq, hash }: Head, now: number) => ({
  at: now,
  kind: TRIMMED,
  accountId: null,
  sub: null,
  actor: "system",
  door: null,
  browser: null,
  network: null,
  sessionId: null,
  requestId: null,
  details: JSON.stringify({ through: seq, hash }),
});
