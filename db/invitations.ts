import { and, desc, eq, gt, inArray, isNull, lt, ne, or } from "drizzle-orm";
import { db } from "./client.ts";
import { type Invitation, invitations } from "./schema.ts";

export type NewInvitation = Pick<Invitation, "id" | "accountId" | "email" | "inviterName">;

export function insertInvitation(invitation: NewInvitation, now: number) {
  return db()
    .insert(invitations)
    .values({ ...invitation, createdAt: now });
}

export async function findInvitation(id: string): Promise<Invitation | undefined> {
  const [invitation] = await db().select().from(invitations).where(eq(invitations.id, id)).limit(1);
  return invitation;
}

/** Every invitation of this account, the newest first. */
export async function listInvitations(accountId: number): Promise<Invitation[]> {
  return db()
    .select()
    .from(invitations)
    .where(eq(invitations.accountId, accountId))
    .orderBy(desc(invitations.createdAt), desc(invitations.id));
}

/** What tells whose invitation to whom it is, and which of several. */
type Sibling = Pick<Invitation, "id" | "accountId" | "email" | "createdAt">;

const open = and(isNull(invitations.acceptedAt), isNull(invitations.supersededAt), isNull(invitations.withdrawnAt));

/** Those of one sender to one address that nobody accepted. */
const unaccepted = ({ accountId, email }: Sibling) =>
  and(eq(invitations.accountId, accountId), eq(invitations.email, email), isNull(invitations.acceptedAt));

/** Starts (or, for a mail that went out late, starts anew) the lifetime. Touches nothing that has ended. */
export async function stampInvitation(
  id: string,
  times: Pick<Invitation, "sentAt" | "linkExpiresAt">,
): Promise<Invitation | undefined> {
  const [invitation] = await db()
    .update(invitations)
    .set(times)
    .where(and(eq(invitations.id, id), open))
    .returning();
  return invitation;
}

/** Accepts it: of any number of parallel callers exactly one gets the row. */
export function acceptInvitation(id: string, now: number) {
  return db()
    .update(invitations)
    .set({ acceptedAt: now })
    .where(and(eq(invitations.id, id), open, gt(invitations.linkExpiresAt, now)))
    .returning();
}

/** With one accepted, the same sender's other open ones to the address are answered too: nobody is asked twice. */
export function acceptOthers(than: Sibling, now: number) {
  return db()
    .update(invitations)
    .set({ acceptedAt: now })
    .where(and(unaccepted(than), open, ne(invitations.id, than.id)));
}

/** Ends one that is open. Those it touches it returns. */
export function withdrawInvitation(id: string, now: number) {
  return db()
    .update(invitations)
    .set({ withdrawnAt: now })
    .where(and(eq(invitations.id, id), open))
    .returning({ id: invitations.id });
}

/** With one withdrawn, the others to the address say so too: also those that it had taken the place of. */
export function withdrawOthers(than: Sibling, now: number) {
  return db()
    .update(invitations)
    .set({ withdrawnAt: now })
    .where(and(unaccepted(than), ne(invitations.id, than.id)));
}

/** A newer one has taken the place of those made before it: also of the withdrawn, whose reader has a mail that works. */
export async function supersedeOlderInvitations(than: Sibling, now: number): Promise<void> {
  await db()
    .update(invitations)
    .set({ supersededAt: now })
    .where(and(unaccepted(than), madeBefore(than)));
}

/** Of two made in the same millisecond, the one with the lower id. */
const madeBefore = ({ createdAt, id }: Sibling) =>
  or(lt(invitations.createdAt, createdAt), and(eq(invitations.createdAt, createdAt), lt(invitations.id, id)));

/** Removes at most so many, and returns which. */
export function purgeInvitations(madeBefore: number, most: number) {
  const old = db()
    .select({ id: invitations.id })
    .from(invitations)
    .where(lt(invitations.createdAt, madeBefore))
    .limit(most);
  return db().delete(invitations).where(inArray(invitations.id, old)).returning({ id: invitations.id });
}
