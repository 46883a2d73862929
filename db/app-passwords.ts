import { and, count, desc, eq, lt, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { type AppPassword, accounts, appPasswords } from "./schema.ts";

/** The one of this account and door with this hash. */
export async function findAppPassword(
  by: Pick<AppPassword, "accountId" | "door" | "hash">,
): Promise<AppPassword | undefined> {
  const [row] = await db()
    .select()
    .from(appPasswords)
    .where(
      and(eq(appPasswords.accountId, by.accountId), eq(appPasswords.door, by.door), eq(appPasswords.hash, by.hash)),
    )
    .limit(1);
  return row;
}

/** For the `atomically` that opens a session: returns the row while there is one, and notes that it was used. */
export function touchAppPassword(id: string, now: number) {
  return db()
    .update(appPasswords)
    .set({ lastUsedAt: now })
    .where(eq(appPasswords.id, id))
    .returning({ id: appPasswords.id });
}

/**
 * For an `atomically` that holds the account already: returns its row while it has fewer than so many. Not in the same statement: one
 * that had to wait for the row counts what was there before it waited.
 */
export function ifRoom(accountId: number, most: number) {
  const there = db().select({ n: count() }).from(appPasswords).where(eq(appPasswords.accountId, accountId));
  return db()
    .update(accounts)
    .set({ updatedAt: accounts.updatedAt })
    .where(and(eq(accounts.id, accountId), lt(sql`(${there})`, most)))
    .returning({ id: accounts.id });
}

export const insertAppPassword = (made: AppPassword) => db().insert(appPasswords).values(made);

/** Those of the account, the newest first. */
export function listAppPasswords(accountId: number): PromiseLike<AppPassword[]> {
  return db()
    .select()
    .from(appPasswords)
    .where(eq(appPasswords.accountId, accountId))
    .orderBy(desc(appPasswords.createdAt), desc(appPasswords.id));
}

export function deleteAppPassword(accountId: number, id: string) {
  return db()
    .delete(appPasswords)
    .where(and(eq(appPasswords.id, id), eq(appPasswords.accountId, accountId)))
    .returning();
}

export function deleteAppPasswords(accountId: number) {
  return db().delete(appPasswords).where(eq(appPasswords.accountId, accountId));
}
