import { atomically, must } from "#db/client.ts";
import { countMore, type DailyCount, dayOf } from "#db/daily-counts.ts";
import type { TrailEntry } from "#db/schema.ts";
import { chainEntry, listLoose, moveHead, readHead } from "#db/trail.ts";
import { onStop } from "#lib/lifecycle.ts";
import { describeError, log } from "#lib/log.ts";
import { once } from "#lib/once.ts";
import { BEGINNING, chained } from "./chain.ts";

/**
 * Chains the rows of the audit trail, a second after they were written. Not with the act itself: each would have to wait for the one
 * before it to be on the disk, and PostgreSQL writes many at once (docs/decisions/2026-11-27-a-chained-trail.md).
 */

/** Rows in one transaction: a few milliseconds. */
const BATCH = 100;
const PAUSE_MS = 1_000;

/** Chains all there is. Where another process was faster it goes on after that one's, so afterwards every row from before is chained. */
export async function sealTrail(): Promise<void> {
  for (;;) {
    const [head = BEGINNING, loose] = [await readHead(), await listLoose(BATCH)];
    let last = head;
    const links = loose.map((entry) => {
      const link = chained(entry, last);
      last = link;
      return link;
    });
    if (links.length === 0) return;
    const to = { seq: last.seq, hash: last.hash };
    const done = await atomically(() => [
      must(moveHead(head, to)),
      ...links.map((link) => must(chainEntry(link))),
      // Each row gets its place once, and so is counted once.
      ...countedByDay(loose).map(countMore),
    ]);
    if (done && loose.length < BATCH) return;
  }
}

/** How many of each kind there are of each day, always in the same order: two processes lock the same rows. */
function countedByDay(entries: readonly TrailEntry[]): DailyCount[] {
  const counts = new Map<string, DailyCount>();
  for (const { at, kind } of entries) {
    const day = dayOf(at);
    const key = `${day} ${kind}`;
    counts.set(key, { day, kind, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}

/** The sealer lives in one bundle and those who write rows in others; they meet here. */
const sealer = once("trail-sealer", (): { wake?: (() => void) | undefined } => ({}));

/** Tells the sealer that there is a row. Where none runs, as in a command, whoever comes next chains it. */
export const nudgeSealer = (): void => sealer.wake?.();

/** Starts the sealer of this process: with what another one has left, and with what is still to be chained when it stops. */
export function startSealing(): void {
  let alarm: NodeJS.Timeout | undefined;
  let work = Promise.resolve();
  const seal = () => {
    alarm = undefined;
    work = work.then(sealTrail).catch((error: unknown) => log.error("trail_not_chained", describeError(error)));
    return work;
  };
  sealer.wake = () => {
    alarm ??= setTimeout(seal, PAUSE_MS).unref();
  };
  sealer.wake();
  onStop(async () => {
    sealer.wake = undefined;
    clearTimeout(alarm);
    await seal();
  });
}
