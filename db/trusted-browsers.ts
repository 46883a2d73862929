import { and, desc, eq, gt, inArray, lt } from "drizzle-orm";
import { db } from "./client.ts";
import { type TrustedBrowser, trustedBrowsers } from "./schema.ts";

type Owner = { accountId: number; passwordEpoch: number };

const stillTrusted = ({ accountId, passwordEpoch }: Owner, now: number) =>
  and(
    eq(trustedBrowsers.accountId, accountId),
    eq(trustedBrowsers.passwordEpoch, passwordEpoch),
    gt(trustedBrowsers.expiresAt, now),
  );

export async function isTrusted(owner: Owner, deviceId: string, now: number): Promise<boolean> {
  const found = await db()
    .select({ deviceId: trustedBrowsers.deviceId })
    .from(trustedBrowsers)
    .where(and(stillTrusted(owner, now), eq(trustedBrowsers.deviceId, deviceId)))
    .limit(1);
  return found.length > 0;
}

/** Those of the account, the newest first. */
export function listTrusted(owner: Owner, now: number): PromiseLike<TrustedBrowser[]> {
  return db()
    .select()
    .from(trustedBrowsers)
    .where(stillTrusted(owner, now))
    .orderBy(desc(trustedBrowsers.createdAt), desc(trustedBrowsers.deviceId));
}

export function insertTrusted(browser: TrustedBrowser) {
  const { passwordEpoch, userAgent, createdAt, expiresAt } = browser;
  return db()
    .insert(trustedBrowsers)
    .values(browser)
    .onConflictDoUpdate({
      target: [trustedBrowsers.accountId, trustedBrowsers.deviceId],
      set: { passwordEpoch, userAgent, createdAt, expiresAt },
    });
}

export function deleteTrusted(accountId: number, deviceId: string) {
  return db()
    .delete(trustedBrowsers)
    .where(and(eq(trustedBrowsers.accountId, accountId), eq(trustedBrowsers.deviceId, deviceId)))
    .returning({ deviceId: trustedBrowsers.deviceId });
}

export function deleteAllTrusted(accountId: number) {
  return db().delete(trustedBrowsers).where(eq(trustedBrowsers.accountId, accountId));
}

/** Removes at most so many, and returns which. */
export function purgeTrusted(expiredBefore: number, most: number) {
  const old = db()
    .select({ deviceId: trustedBrowsers.deviceId })
    .from(trustedBrowsers)
    .where(lt(trustedBrowsers.expiresAt, expiredBefore))
    .limit(most);
  return db()
    .delete(trustedBrowsers)
    .where(and(lt(trustedBrowsers.expiresAt, expiredBefore), inArray(trustedBrowsers.deviceId, old)))
    .returning({ deviceId: trustedBrowsers.deviceId });
}
