import { and, desc, eq, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { type Account, accounts, type Invitation, invitations } from "./schema.ts";

/** Invitations as operators see them: everybody's, or one sender's. */

export type InvitationKey = Pick<Invitation, "createdAt" | "id">;

export type InvitationOf = { invitation: Invitation; sender: Pick<Account, "id" | "email"> };

/** The newest first; those before `before`, where it is given. */
export const listInvitationsOf = (
  accountId: number | undefined,
  { before, limit }: { before?: InvitationKey | undefined; limit: number },
): PromiseLike<InvitationOf[]> =>
  db()
    .select({ invitation: invitations, sender: { id: accounts.id, email: accounts.email } })
    .from(invitations)
    .innerJoin(accounts, eq(accounts.id, invitations.accountId))
    .where(
      and(
        accountId === undefined ? undefined : eq(invitations.accountId, accountId),
        before && sql`(${invitations.createdAt}, ${invitations.id}) < (${before.createdAt}, ${before.id})`,
      ),
    )
    .orderBy(desc(invitations.createdAt), desc(invitations.id))
    .limit(limit);
