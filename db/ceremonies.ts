import { and, eq, gt, inArray, lte } from "drizzle-orm";
import { db } from "./client.ts";
import { type Ceremony, ceremonies } from "./schema.ts";

export const insertCeremony = (ceremony: Ceremony) => db().insert(ceremonies).values(ceremony);

/** Uses the challenge up, and returns its row: of any number of parallel callers one gets it, and only in its own browser. */
export function takeCeremony(
  { challenge, purpose, browserHash }: Pick<Ceremony, "challenge" | "purpose" | "browserHash">,
  now: number,
): PromiseLike<Ceremony[]> {
  return db()
    .delete(ceremonies)
    .where(
      and(
        eq(ceremonies.challenge, challenge),
        eq(ceremonies.purpose, purpose),
        eq(ceremonies.browserHash, browserHash),
        gt(ceremonies.expiresAt, now),
      ),
    )
    .returning();
}

/** Removes at most so many that are over, and returns which. */
export function purgeCeremonies(now: number, most: number) {
  const old = db()
    .select({ id: ceremonies.challenge })
    .from(ceremonies)
    .where(lte(ceremonies.expiresAt, now))
    .limit(most);
  return db().delete(ceremonies).where(inArray(ceremonies.challenge, old)).returning({ id: ceremonies.challenge });
}
