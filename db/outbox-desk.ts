import { and, desc, eq, isNotNull, isNull, lt, lte, min, or, type SQL, sql } from "drizzle-orm";
import { announcing, db } from "./client.ts";
import { type OutboxMail, outbox } from "./schema.ts";

/** The outbox as operators see it: what waits, what was given up, and what they do with it. */

const waiting = and(isNull(outbox.sentAt), isNull(outbox.failedAt));

export type MailKey = { at: number; id: string };

/** Mails that wait, by when they were queued, or were given up, by when that was; the newest first. */
export function listMails(
  which: "waiting" | "failed",
  { before, limit }: { before?: MailKey | undefined; limit: number },
): PromiseLike<OutboxMail[]> {
  const at = which === "failed" ? outbox.failedAt : outbox.createdAt;
  return db()
    .select()
    .from(outbox)
    .where(and(which === "failed" ? isNotNull(outbox.failedAt) : waiting, before && olderThan(at, before)))
    .orderBy(desc(at), desc(outbox.id))
    .limit(limit);
}

/** Mails to or about an account, the newest first. */
export const listMailsOf = (accountId: number, limit: number): PromiseLike<OutboxMail[]> =>
  db()
    .select()
    .from(outbox)
    .where(eq(outbox.accountId, accountId))
    .orderBy(desc(outbox.createdAt), desc(outbox.id))
    .limit(limit);

const olderThan = (at: typeof outbox.createdAt | typeof outbox.failedAt, before: MailKey): SQL | undefined =>
  or(lt(at, before.at), and(eq(at, before.at), sql`${outbox.id} < ${before.id}`));

/** How many were given up and are not removed yet. */
export async function countFailed(): Promise<number> {
  const [found] = await db()
    .select({ n: sql<number>`count(*)`.mapWith(Number) })
    .from(outbox)
    .where(isNotNull(outbox.failedAt));
  return found?.n ?? 0;
}

/** When the oldest mail that waits was queued; null where none does. */
export async function oldestWaiting(): Promise<number | null> {
  const [found] = await db()
    .select({ at: min(outbox.createdAt) })
    .from(outbox)
    .where(waiting);
  return found?.at ?? null;
}

export async function findMail(id: string): Promise<OutboxMail | undefined> {
  const [mail] = await db().select().from(outbox).where(eq(outbox.id, id)).limit(1);
  return mail;
}

/** For `atomically`: makes it due now; returns nothing where it was sent, is gone, or is being sent at this moment. */
export const retryNow = (id: string, now: number) =>
  announcing(
    db()
      .update(outbox)
      .set({ failedAt: null, nextTryAt: now })
      .where(and(eq(outbox.id, id), isNull(outbox.sentAt), lte(outbox.claimedUntil, now)))
      .returning({ id: outbox.id }),
  );

/** For `atomically`: ends the tries; returns nothing where it does not wait, or is being sent at this moment. */
export const giveUpNow = (id: string, now: number) =>
  db()
    .update(outbox)
    .set({ failedAt: now })
    .where(and(eq(outbox.id, id), waiting, lte(outbox.claimedUntil, now)))
    .returning({ id: outbox.id });
