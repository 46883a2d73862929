import { and, eq, gt, inArray, isNotNull, isNull, lt } from "drizzle-orm";
import { db } from "./client.ts";
import { type CodeToken, codeTokens } from "./schema.ts";

export function insertCodeToken(
  token: Pick<CodeToken, "tokenHash" | "accountId" | "purpose" | "createdAt" | "expiresAt">,
) {
  return db().insert(codeTokens).values(token).returning({ tokenHash: codeTokens.tokenHash });
}

/** The token's row, while it is neither used nor expired. */
export async function findCodeToken(tokenHash: string, now: number): Promise<CodeToken | undefined> {
  const [row] = await db()
    .select()
    .from(codeTokens)
    .where(and(eq(codeTokens.tokenHash, tokenHash), isNull(codeTokens.usedAt), gt(codeTokens.expiresAt, now)))
    .limit(1);
  return row;
}

/** Notes that the mailed code was given with it. */
export function awakenCodeToken(tokenHash: string, now: number) {
  return db()
    .update(codeTokens)
    .set({ awakenedAt: now })
    .where(and(eq(codeTokens.tokenHash, tokenHash), isNull(codeTokens.usedAt), gt(codeTokens.expiresAt, now)))
    .returning();
}

/** Uses up an awakened token: of parallel callers one gets the row. */
export function useAwakenedToken(tokenHash: string, now: number) {
  return db()
    .update(codeTokens)
    .set({ usedAt: now })
    .where(
      and(
        eq(codeTokens.tokenHash, tokenHash),
        isNotNull(codeTokens.awakenedAt),
        isNull(codeTokens.usedAt),
        gt(codeTokens.expiresAt, now),
      ),
    )
    .returning();
}

/** Ends all of the account's: after a reset none of an older request may set the password once more. */
export function endCodeTokens(accountId: number, now: number) {
  return db()
    .update(codeTokens)
    .set({ usedAt: now })
    .where(and(eq(codeTokens.accountId, accountId), isNull(codeTokens.usedAt)));
}

/** Removes at most so many, and returns which. */
export function purgeCodeTokens(expiredBefore: number, most: number) {
  const old = db()
    .select({ hash: codeTokens.tokenHash })
    .from(codeTokens)
    .where(lt(codeTokens.expiresAt, expiredBefore))
    .limit(most);
  return db().delete(codeTokens).where(inArray(codeTokens.tokenHash, old)).returning({ hash: codeTokens.tokenHash });
}
