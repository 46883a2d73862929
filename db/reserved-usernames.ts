import { and, desc, eq, gt, inArray, lt, ne, notExists } from "drizzle-orm";
import { db } from "./client.ts";
import { accounts, type ReservedUsername, reservedUsernames } from "./schema.ts";

/** For `atomically`: keeps a name for whoever has just given it up. What is left of an older reservation makes way. */
export function reserveUsername(reservation: ReservedUsername) {
  return db()
    .insert(reservedUsernames)
    .values(reservation)
    .onConflictDoUpdate({ target: reservedUsernames.usernameKey, set: reservation });
}

/** The reservation of this name, while there is one. */
export async function findReservation(usernameKey: string, now: number): Promise<ReservedUsername | undefined> {
  const [found] = await db()
    .select()
    .from(reservedUsernames)
    .where(and(eq(reservedUsernames.usernameKey, usernameKey), gt(reservedUsernames.expiresAt, now)))
    .limit(1);
  return found;
}

/** The names kept for this account, the one given up last first. */
export async function listReservations(accountId: number, now: number): Promise<ReservedUsername[]> {
  return db()
    .select()
    .from(reservedUsernames)
    .where(and(eq(reservedUsernames.accountId, accountId), gt(reservedUsernames.expiresAt, now)))
    .orderBy(desc(reservedUsernames.expiresAt));
}

/**
 * For `atomically`, after a name was given to an account: returns the row only while nobody else has it reserved. A statement of
 * its own, and after the other: whoever gives the name up in this very moment has reserved it by then.
 */
export function unlessReserved(usernameKey: string, now: number) {
  const others = db()
    .select({ key: reservedUsernames.usernameKey })
    .from(reservedUsernames)
    .where(
      and(
        eq(reservedUsernames.usernameKey, usernameKey),
        ne(reservedUsernames.accountId, accounts.id),
        gt(reservedUsernames.expiresAt, now),
      ),
    );
  return db()
    .update(accounts)
    .set({ updatedAt: accounts.updatedAt })
    .where(and(eq(accounts.usernameKey, usernameKey), notExists(others)))
    .returning({ id: accounts.id });
}

/** For `atomically`: its owner takes it back; returns the row only while it is kept for them. */
export function takeReservedBack(accountId: number, usernameKey: string, now: number) {
  return db()
    .delete(reservedUsernames)
    .where(
      and(
        eq(reservedUsernames.usernameKey, usernameKey),
        eq(reservedUsernames.accountId, accountId),
        gt(reservedUsernames.expiresAt, now),
      ),
    )
    .returning({ key: reservedUsernames.usernameKey });
}

/** Removes at most so many that have run out, and returns which. */
export function purgeReservations(expiredBefore: number, most: number) {
  const old = db()
    .select({ key: reservedUsernames.usernameKey })
    .from(reservedUsernames)
    .where(lt(reservedUsernames.expiresAt, expiredBefore))
    .limit(most);
  return db()
    .delete(reservedUsernames)
    .where(inArray(reservedUsernames.usernameKey, old))
    .returning({ key: reservedUsernames.usernameKey });
}
