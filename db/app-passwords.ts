import { and, desc, eq } from "drizzle-orm";
import { db } from "./client.ts";
import { ifRoom } from "./room.ts";
import { type AppPassword, appPasswords } from "./schema.ts";

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

/** As `ifRoom`, of its app passwords. */
export const ifRoomForAppPassword = (accountId: number, most: number) =>
  ifRoom(accountId, appPasswords.accountId, most);

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
