import { and, desc, eq, gt, gte, inArray, isNull, lt, ne } from "drizzle-orm";
import { db } from "./client.ts";
import {
  type AddressChange,
  type AddressRequest,
  addressChanges,
  addressRequests,
  type Challenge,
  challenges,
} from "./schema.ts";

/** Changes of an account's address: asked for, made, and undone. */

export function insertAddressRequest(request: AddressRequest) {
  return db().insert(addressRequests).values(request);
}

export async function findAddressRequest(challengeId: string): Promise<AddressRequest | undefined> {
  const [request] = await db()
    .select()
    .from(addressRequests)
    .where(eq(addressRequests.challengeId, challengeId))
    .limit(1);
  return request;
}

/** What this account asked for last, whatever became of it. */
export async function newestAddressRequest(
  accountId: number,
): Promise<{ request: AddressRequest; challenge: Challenge } | undefined> {
  const [newest] = await db()
    .select({ request: addressRequests, challenge: challenges })
    .from(challenges)
    .innerJoin(addressRequests, eq(addressRequests.challengeId, challenges.id))
    .where(and(eq(challenges.accountId, accountId), eq(challenges.purpose, "change-email")))
    .orderBy(desc(challenges.createdAt), desc(challenges.id))
    .limit(1);
  return newest;
}

export function insertAddressChange(change: Pick<AddressChange, "id" | "accountId" | "oldEmail" | "changedAt">) {
  return db().insert(addressChanges).values(change);
}

export async function findAddressChange(id: string): Promise<AddressChange | undefined> {
  const [change] = await db().select().from(addressChanges).where(eq(addressChanges.id, id)).limit(1);
  return change;
}

const undoable = and(isNull(addressChanges.undoneAt), isNull(addressChanges.supersededAt));

/** Starts (or, for a mail that went out late, starts anew) the lifetime. Touches nothing that was undone. */
export async function stampAddressChange(
  id: string,
  times: Pick<AddressChange, "sentAt" | "linkExpiresAt">,
): Promise<AddressChange | undefined> {
  const [change] = await db()
    .update(addressChanges)
    .set(times)
    .where(and(eq(addressChanges.id, id), undoable))
    .returning();
  return change;
}

/** Those of this account that can still be undone, the newest first. */
export async function listUndoable(accountId: number, now: number): Promise<AddressChange[]> {
  return db()
    .select()
    .from(addressChanges)
    .where(and(eq(addressChanges.accountId, accountId), undoable, gt(addressChanges.linkExpiresAt, now)))
    .orderBy(desc(addressChanges.changedAt));
}

/** Undoes it: of any number of parallel callers exactly one gets the row. */
export function undoAddressChange(id: string, now: number) {
  return db()
    .update(addressChanges)
    .set({ undoneAt: now })
    .where(and(eq(addressChanges.id, id), undoable, gt(addressChanges.linkExpiresAt, now)))
    .returning();
}

/** With one undone, those that came after it are too: whoever made them is whom it was undone against. */
export function supersedeLaterChanges({ id, accountId, changedAt }: AddressChange, now: number) {
  return db()
    .update(addressChanges)
    .set({ supersededAt: now })
    .where(
      and(
        eq(addressChanges.accountId, accountId),
        gte(addressChanges.changedAt, changedAt),
        ne(addressChanges.id, id),
        undoable,
      ),
    );
}

/** Removes at most so many, and returns which. */
export function purgeAddressChanges(changedBefore: number, most: number) {
  const old = db()
    .select({ id: addressChanges.id })
    .from(addressChanges)
    .where(lt(addressChanges.changedAt, changedBefore))
    .limit(most);
  return db().delete(addressChanges).where(inArray(addressChanges.id, old)).returning({ id: addressChanges.id });
}
