import { and, desc, eq, gt, lt, ne, notInArray } from "drizzle-orm";
import { db } from "./client.ts";
import { knownBrowsers } from "./schema.ts";

/** Whether somebody has logged in to the account from this browser since then. */
export async function isKnown(accountId: number, deviceId: string, since: number): Promise<boolean> {
  const found = await db()
    .select({ deviceId: knownBrowsers.deviceId })
    .from(knownBrowsers)
    .where(
      and(
        eq(knownBrowsers.accountId, accountId),
        eq(knownBrowsers.deviceId, deviceId),
        gt(knownBrowsers.lastSeenAt, since),
      ),
    );
  return found.length > 0;
}

export function noteBrowser(accountId: number, deviceId: string, now: number) {
  return db()
    .insert(knownBrowsers)
    .values({ accountId, deviceId, createdAt: now, lastSeenAt: now })
    .onConflictDoUpdate({ target: [knownBrowsers.accountId, knownBrowsers.deviceId], set: { lastSeenAt: now } });
}

/** Forgets all browsers of the account but `present` and the `keep` others that were seen last. */
export function forgetOldestBrowsers(accountId: number, present: string, keep: number) {
  const others = and(eq(knownBrowsers.accountId, accountId), ne(knownBrowsers.deviceId, present));
  const newest = db()
    .select({ deviceId: knownBrowsers.deviceId })
    .from(knownBrowsers)
    .where(others)
    .orderBy(desc(knownBrowsers.lastSeenAt), desc(knownBrowsers.deviceId))
    .limit(keep);
  return db()
    .delete(knownBrowsers)
    .where(and(others, notInArray(knownBrowsers.deviceId, newest)));
}

export async function purgeBrowsers(seenBefore: number): Promise<void> {
  await db().delete(knownBrowsers).where(lt(knownBrowsers.lastSeenAt, seenBefore));
}
