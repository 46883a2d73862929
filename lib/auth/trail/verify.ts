import type { Head } from "#db/trail.ts";
import { listChained, listLoose, readHead } from "#db/trail.ts";
import { BEGINNING, isChained } from "./chain.ts";
import { newestTrim } from "./trim.ts";

/** What a look through the whole trail found. */
export type Verdict = {
  /** Rows that stand as they were written. */
  sound: number;
  /** The place of the first row that does not, or that is missing; undefined where all do. */
  brokenAt?: number;
  /** The end of what is sound, to be kept elsewhere: whoever has it hears of it when the newest rows are cut off. */
  head: Head;
  /** Whether a head that was kept is part of the trail; undefined where none was given. */
  hasKept?: boolean;
  /** Up to where the old end was removed as it should be; 0 where nothing was. */
  trimmedThrough: number;
  /** Rows that wait for their place in the chain, the last second's as a rule. */
  loose: number;
};

const CHUNK = 1_000;

/**
 * Reads the trail from its old end to its new one. `kept` is a head from an earlier verdict. Rows that are added meanwhile are looked at too,
 * and those removed from the old end meanwhile were looked at before.
 */
export async function verifyTrail(kept?: Head): Promise<Verdict> {
  const start = (await newestTrim()) ?? BEGINNING;
  let head = start;
  let sound = 0;
  // What was trimmed since it was kept can no longer be looked at.
  let hasKept = kept && kept.seq <= start.seq ? kept.seq < start.seq || kept.hash === start.hash : undefined;
  const verdict = () => ({ sound, head, trimmedThrough: start.seq, ...(kept && { hasKept: hasKept ?? false }) });
  for (;;) {
    // Before the rows: those up to there are in what is read next, whoever chains more meanwhile.
    const known = (await readHead()) ?? BEGINNING;
    const entries = await listChained(head.seq, CHUNK);
    for (const entry of entries) {
      if (!isChained(entry, head)) return { ...verdict(), brokenAt: head.seq + 1, loose: 0 };
      head = { seq: head.seq + 1, hash: entry.hash ?? "" };
      sound += 1;
      if (kept?.seq === head.seq) hasKept = kept.hash === head.hash;
    }
    if (entries.length === CHUNK) continue;
    const loose = (await listLoose(CHUNK)).length;
    // Rows were cut off the new end, and the row that says how far it goes was left as it was.
    return known.seq > head.seq ? { ...verdict(), brokenAt: head.seq + 1, loose } : { ...verdict(), loose };
  }
}
