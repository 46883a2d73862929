import { and, count, eq, lt, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { db } from "./client.ts";
import { accounts } from "./schema.ts";

/**
 * For an `atomically` that holds the account already: returns its row while fewer than `most` rows are its own, in the table whose
 * column `owner` names whose a row is. Not in the statement that adds one: that had to wait for the account perhaps, and would count
 * what was there before it waited.
 */
export function ifRoom(accountId: number, owner: SQLiteColumn, most: number) {
  const there = db().select({ n: count() }).from(owner.table).where(eq(owner, accountId));
  return db()
    .update(accounts)
    .set({ updatedAt: accounts.updatedAt })
    .where(and(eq(accounts.id, accountId), lt(sql`(${there})`, most)))
    .returning({ id: accounts.id });
}
