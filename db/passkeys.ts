import { and, desc, eq, exists, isNotNull, isNull, notInArray, or, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { ifRoom } from "./room.ts";
import { accounts, identities, type Passkey, passkeys } from "./schema.ts";

/** Of a passkey that was made: all that is stored of it but whose it is, and since when. */
export type NewPasskey = Pick<
  Passkey,
  "id" | "userHandle" | "publicKey" | "signCount" | "transports" | "aaguid" | "name"
>;

/** Returns nothing where there is one with this id: of anybody, for a passkey belongs to one account. */
export function insertPasskey(made: NewPasskey, accountId: number, now: number) {
  return db()
    .insert(passkeys)
    .values({ ...made, accountId, createdAt: now, lastUsedAt: null, endedAt: null })
    .onConflictDoNothing()
    .returning({ id: passkeys.id });
}

export async function findPasskey(id: string): Promise<Passkey | undefined> {
  const [row] = await db().select().from(passkeys).where(eq(passkeys.id, id)).limit(1);
  return row;
}

/** Those of the account, the newest first, with those that were shut out. */
export function listPasskeys(accountId: number): PromiseLike<Passkey[]> {
  return db()
    .select()
    .from(passkeys)
    .where(eq(passkeys.accountId, accountId))
    .orderBy(desc(passkeys.createdAt), desc(passkeys.id));
}

/**
 * For the `atomically` of what it opens: notes that it was used, and returns the row only while it still opens this account and its
 * count is the one that was looked at. Of two copies of one passkey that say the same count, one gets the row.
 */
export function takePasskey(
  { id, accountId, signCount }: Pick<Passkey, "id" | "accountId" | "signCount">,
  to: { signCount: number; now: number },
) {
  return db()
    .update(passkeys)
    .set({ signCount: to.signCount, lastUsedAt: to.now })
    .where(
      and(
        eq(passkeys.id, id),
        eq(passkeys.accountId, accountId),
        eq(passkeys.signCount, signCount),
        isNull(passkeys.endedAt),
      ),
    )
    .returning({ id: passkeys.id });
}

/** As `ifRoom`, of its passkeys. */
export const ifRoomForPasskey = (accountId: number, most: number) => ifRoom(accountId, passkeys.accountId, most);

const theirs = (accountId: number, id: string) => and(eq(passkeys.id, id), eq(passkeys.accountId, accountId));

export function renamePasskey(accountId: number, id: string, name: string) {
  return db().update(passkeys).set({ name }).where(theirs(accountId, id)).returning({ id: passkeys.id });
}

/**
 * Removes one of this account while another way in is left, or where it is none any more. For an `atomically` that holds the account
 * already: of the last two ways in that are removed at once, the second waits there, and then sees that its own is the last.
 */
export function deletePasskey(accountId: number, id: string) {
  const byPassword = db()
    .select()
    .from(accounts)
    .where(and(eq(accounts.id, accountId), isNotNull(accounts.passwordHash)));
  const byProvider = db().select().from(identities).where(eq(identities.accountId, accountId));
  return db()
    .delete(passkeys)
    .where(
      and(
        theirs(accountId, id),
        or(isNotNull(passkeys.endedAt), exists(byPassword), exists(byProvider), sql`${livePasskeys(accountId)} > 1`),
      ),
    )
    .returning({ id: passkeys.id });
}

/** How many passkeys open the account now, as a value in another statement's condition. */
export const livePasskeys = (accountId: number) =>
  sql`(select count(*) from ${passkeys} as live where live.account_id = ${accountId} and live.ended_at is null)`;

/** Shuts out every passkey of the account but those to `keep`, until its owner allows it again. */
export function endPasskeys(accountId: number, now: number, keep: readonly string[] = []) {
  return db()
    .update(passkeys)
    .set({ endedAt: now })
    .where(
      and(
        eq(passkeys.accountId, accountId),
        isNull(passkeys.endedAt),
        keep.length > 0 ? notInArray(passkeys.id, [...keep]) : undefined,
      ),
    );
}

/** Its owner said yes; returns the row where it was shut out. */
export function allowPasskey(accountId: number, id: string) {
  return db()
    .update(passkeys)
    .set({ endedAt: null })
    .where(and(theirs(accountId, id), isNotNull(passkeys.endedAt)))
    .returning({ id: passkeys.id });
}
