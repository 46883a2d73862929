import { and, desc, eq, gt, inArray, like, lt, lte, or, sql } from "drizzle-orm";
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

/**
 * Counts one, unless the counter is shut: returns a row exactly when it was counted. One statement, so that of a hundred
 * parallel callers no more than `max` get through.
 */
export function takeOne({ key, max, window, penalty, now }: Take) {
  const count = sql`(case when ${limits.resetsAt} <= ${now} then 1 else ${limits.count} + 1 end)`;
  const windowEnd = sql`(case when ${limits.resetsAt} <= ${now} then ${now + window} else ${limits.resetsAt} end)`;
  const shut = sql`${count} >= ${max}`;
  // 1 << n doubles; past 20 it is at its most anyway, and shifting further would overflow.
  const steps = sql`(case when ${count} - ${max} > 20 then 20 else ${count} - ${max} end)`;
  const pause = penalty ? sql`(${penalty.first} * (1 << ${steps}))` : null;
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
      setWhere: lte(limits.blockedUntil, now),
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
  return db()
    .delete(limits)
    .where(or(eq(limits.key, key), like(limits.key, `${key}:%`)));
}

export async function purgeCounters(now: number): Promise<void> {
  await db()
    .delete(limits)
    .where(and(lt(limits.resetsAt, now), lt(limits.blockedUntil, now)));
}
