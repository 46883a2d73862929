import { and, eq, isNotNull, isNull, lt } from "drizzle-orm";
import { db } from "./client.ts";
import { type Authenticator, authenticators } from "./schema.ts";

/** The account's app, whether it is confirmed or still being added. */
export async function findAuthenticator(accountId: number): Promise<Authenticator | undefined> {
  const [row] = await db().select().from(authenticators).where(eq(authenticators.accountId, accountId)).limit(1);
  return row;
}

/** Begins to add one, in place of one that was never confirmed; returns nothing where one is confirmed. */
export function beginAuthenticator(accountId: number, secret: string, now: number) {
  return db()
    .insert(authenticators)
    .values({ accountId, secret, createdAt: now })
    .onConflictDoUpdate({
      target: authenticators.accountId,
      set: { secret, createdAt: now, lastStep: 0 },
      setWhere: isNull(authenticators.confirmedAt),
    })
    .returning({ accountId: authenticators.accountId });
}

/**
 * From now on it gates the account: of parallel callers one gets the row, and only for the secret that they looked at, which stays as
 * `sealed`.
 */
export function confirmAuthenticator(
  accountId: number,
  { secret, sealed, step, now }: { secret: string; sealed: string; step: number; now: number },
) {
  return db()
    .update(authenticators)
    .set({ secret: sealed, confirmedAt: now, lastStep: step })
    .where(
      and(
        eq(authenticators.accountId, accountId),
        eq(authenticators.secret, secret),
        isNull(authenticators.confirmedAt),
      ),
    )
    .returning({ accountId: authenticators.accountId });
}

/** Takes the code of this time step, of which one and none before it can be taken: of parallel callers one gets the row. */
export function takeStep(accountId: number, { secret, step }: { secret: string; step: number }) {
  return db()
    .update(authenticators)
    .set({ lastStep: step })
    .where(
      and(
        eq(authenticators.accountId, accountId),
        eq(authenticators.secret, secret),
        isNotNull(authenticators.confirmedAt),
        lt(authenticators.lastStep, step),
      ),
    )
    .returning({ accountId: authenticators.accountId });
}

export function deleteAuthenticator(accountId: number) {
  return db()
    .delete(authenticators)
    .where(eq(authenticators.accountId, accountId))
    .returning({ accountId: authenticators.accountId });
}
