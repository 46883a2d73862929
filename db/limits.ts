import { and, desc, eq, gt, gte, inArray, lt, lte, or, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { limits } from "./schema.ts";

export type Take = {
  key: string;
  /** How many in the window before it is shut. */
  max: number;
  /** Milliseconds. */
  window: number;
  /** Shut for `first` ms at `max`, doubling with each further one up to `most`; without it, shut to the window's end. */
  penalty?: { first: number; most: number };
  now: number;
};

/** Somebody who came a moment later, or by another server's clock, may have counted first. */
const SLACK = 10_000;

/** How far ahead a counter can be shut at most, in ms. */
export const longestPause = ({ window, penalty }: Pick<Take, "window" | "penalty">): number =>
  (penalty?.most ?? window) + SLACK;

/**
 * Counts one, unless the counter is shut: returns a row exactly when it was counted. One statement, so that of a hundred
 * parallel callers no more than `max` get through.
 */
export function takeOne({ key, max, window, penalty, now }: Take) {
  const longest = longestPause({ window, penalty });
  // Further ahead than it can have been set: the clock was set back since, and nobody shall wait for that hour again.
  const over = sql`(${limits.resetsAt} <= ${now} or ${limits.resetsAt} > ${now + window + longest} or ${limits.blockedUntil} > ${now + longest})`;
  const count = sql`(case when ${over} then 1 else ${limits.count} + 1 end)`;
  const windowEnd = sql`(case when ${over} then ${now + window} else ${limits.resetsAt} end)`;
  const shut = sql`${count} >= ${max}`;
  // 1 << n doubles; past 20 it is at its most anyway, and shifting further would overflow.
  const steps = sql`(case when ${count} - ${max} > 20 then 20 else ${count} - ${max} end)`;
  const pause = penalty ? sql`(${penalty.first} * (cast(1 as bigint) << cast(${steps} as integer)))` : null;
  const until = pause
    ? sql`(${now} + case when ${pause} > ${penalty?.most} then ${penalty?.most} else ${pause} end)`
    : windowEnd;
  return db()
    .insert(limits)
    .values({
      key,
      count: 1,
      resetsAt: now + window,
      blockedUntil: max > 1 ? 0 : now + (penalty ? penalty.first : window),
    })
    .onConflictDoUpdate({
      target: limits.key,
      set: {
        count,
        // A penalty outlives its window, or waiting it out would start the count anew.
        resetsAt: penalty ? sql`case when ${shut} then ${until} + ${window} else ${windowEnd} end` : windowEnd,
        blockedUntil: sql`case when ${shut} then ${until} else 0 end`,
      },
      setWhere: or(lte(limits.blockedUntil, now), gt(limits.blockedUntil, now + longest)),
    })
    .returning({ count: limits.count });
}

/** Those of these counters that are shut, and until when in ms; the longest shut first. */
export async function findShut(keys: string[], now: number): Promise<{ key: string; until: number }[]> {
  return db()
    .select({ key: limits.key, until: limits.blockedUntil })
    .from(limits)
    .where(and(inArray(limits.key, keys), gt(limits.blockedUntil, now)))
    .orderBy(desc(limits.blockedUntil));
}

/** Takes one back that turned out not to count (a right password). */
export function giveOneBack(key: string) {
  return db()
    .update(limits)
    .set({ count: sql`${limits.count} - 1`, blockedUntil: 0 })
    .where(and(eq(limits.key, key), gt(limits.count, 0)));
}

/** Forgets a counter. */
export function clearCounter(key: string) {
  return db().delete(limits).where(eq(limits.key, key));
}

/** Forgets a counter and those under it (`key:...`). */
export function clearCountersUnder(key: string) {
  // A range and not LIKE, which would read the whole table: `;` comes right after `:`, since text is compared byte by byte.
  return db()
    .delete(limits)
    .where(or(eq(limits.key, key), and(gte(limits.key, `${key}:`), lt(limits.key, `${key};`))));
}

/** Removes at most so many that count nothing any more, and returns which. */
export function purgeCounters(now: number, most: number) {
  const old = db()
    .select({ key: limits.key })
    .from(limits)
    .where(and(lt(limits.resetsAt, now), lt(limits.blockedUntil, now)))
    .limit(most);
  return db().delete(limits).where(inArray(limits.key, old)).returning({ key: limits.key });
}
