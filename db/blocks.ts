import { and, eq, isNotNull, lte } from "drizzle-orm";
import { db } from "./client.ts";
import { type AccountStatus, accounts, type Block, blocks, AccountStatus as Status } from "./schema.ts";

/** Accounts that an operator has shut. */

/** Shuts it; returns the row only where it has this status still. */
export const shutAccount = (id: number, from: AccountStatus, now: number) =>
  db()
    .update(accounts)
    .set({ status: Status.blocked, updatedAt: now })
    .where(and(eq(accounts.id, id), eq(accounts.status, from)))
    .returning({ id: accounts.id });

/** Opens it as it was before; returns the row only where it is blocked. */
export const reopenAccount = (id: number, to: AccountStatus, now: number) =>
  db()
    .update(accounts)
    .set({ status: to, updatedAt: now })
    .where(and(eq(accounts.id, id), eq(accounts.status, Status.blocked)))
    .returning({ id: accounts.id });

/** Takes the place of an earlier one, of an account that was shut by other means. */
export const insertBlock = (block: Block) =>
  db().insert(blocks).values(block).onConflictDoUpdate({ target: blocks.accountId, set: block });

export async function findBlock(accountId: number): Promise<Block | undefined> {
  const [block] = await db().select().from(blocks).where(eq(blocks.accountId, accountId)).limit(1);
  return block;
}

/** Removes it if it is the one that was read; returns nothing where there is another by now. */
export const deleteBlock = ({ accountId, blockedAt }: Pick<Block, "accountId" | "blockedAt">) =>
  db()
    .delete(blocks)
    .where(and(eq(blocks.accountId, accountId), eq(blocks.blockedAt, blockedAt)))
    .returning({ accountId: blocks.accountId });

/** Those whose time is over. */
export const listOverdueBlocks = (now: number, limit: number): PromiseLike<Block[]> =>
  db()
    .select()
    .from(blocks)
    .where(and(isNotNull(blocks.endsAt), lte(blocks.endsAt, now)))
    .limit(limit);
