import { and, asc, gte, inArray, lt, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { dailyCounts } from "./schema.ts";

/** How often what happened on a day, kept apart from what is counted: so thirty days are a few dozen rows, however many people there are. */

const DAY = 24 * 60 * 60_000;

/** When the day (UTC) of this moment began, in ms. */
export const dayOf = (at: number): number => Math.floor(at / DAY) * DAY;

export type DailyCount = typeof dailyCounts.$inferSelect;

/** For `atomically`: so many more. */
export const countMore = ({ day, kind, count }: DailyCount) =>
  db()
    .insert(dailyCounts)
    .values({ day, kind, count })
    .onConflictDoUpdate({
      target: [dailyCounts.day, dailyCounts.kind],
      set: { count: sql`${dailyCounts.count} + ${count}` },
    });

/** Those of these kinds since that day, the oldest first. */
export const listDailyCounts = (since: number, kinds: readonly string[]): PromiseLike<DailyCount[]> =>
  db()
    .select()
    .from(dailyCounts)
    .where(and(gte(dailyCounts.day, since), inArray(dailyCounts.kind, [...kinds])))
    .orderBy(asc(dailyCounts.day));

/** A few dozen rows a day. */
export const purgeDailyCounts = (before: number) => db().delete(dailyCounts).where(lt(dailyCounts.day, before));
