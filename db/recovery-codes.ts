import { and, count, eq, isNull } from "drizzle-orm";
import { db } from "./client.ts";
import { recoveryCodes } from "./schema.ts";

export function insertRecoveryCodes(accountId: number, hashes: readonly string[], now: number) {
  return db()
    .insert(recoveryCodes)
    .values(hashes.map((codeHash) => ({ accountId, codeHash, createdAt: now })));
}

/** Uses one up: of parallel callers one gets the row. */
export function takeRecoveryCode(accountId: number, codeHash: string, now: number) {
  return db()
    .update(recoveryCodes)
    .set({ usedAt: now })
    .where(
      and(eq(recoveryCodes.accountId, accountId), eq(recoveryCodes.codeHash, codeHash), isNull(recoveryCodes.usedAt)),
    )
    .returning({ codeHash: recoveryCodes.codeHash });
}

/** How many are left to use. */
export async function countRecoveryCodes(accountId: number): Promise<number> {
  const [row] = await db()
    .select({ left: count() })
    .from(recoveryCodes)
    .where(and(eq(recoveryCodes.accountId, accountId), isNull(recoveryCodes.usedAt)));
  return row?.left ?? 0;
}

export function deleteRecoveryCodes(accountId: number) {
  return db().delete(recoveryCodes).where(eq(recoveryCodes.accountId, accountId));
}
