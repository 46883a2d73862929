import { and, desc, eq, gt, isNotNull, isNull, lt, or } from "drizzle-orm";
import { db } from "./client.ts";
import { type SigningKey, signingKeys } from "./schema.ts";

/** Returns nothing where there is an active key already: of two processes that start at once, one makes it. */
export function insertSigningKey(key: Pick<SigningKey, "kid" | "publicJwk" | "privateKey" | "createdAt">) {
  return db().insert(signingKeys).values(key).onConflictDoNothing().returning();
}

/** Those to publish: the active one first, then the retired ones whose last token has not expired. */
export async function listSigningKeys(now: number): Promise<SigningKey[]> {
  return db()
    .select()
    .from(signingKeys)
    .where(or(isNull(signingKeys.retiredAt), gt(signingKeys.expiresAt, now)))
    .orderBy(desc(signingKeys.createdAt));
}

export function retireSigningKey(kid: string, now: number, expiresAt: number) {
  return db()
    .update(signingKeys)
    .set({ retiredAt: now, expiresAt })
    .where(and(eq(signingKeys.kid, kid), isNull(signingKeys.retiredAt)))
    .returning();
}

export async function purgeSigningKeys(now: number): Promise<void> {
  await db()
    .delete(signingKeys)
    .where(and(isNotNull(signingKeys.retiredAt), lt(signingKeys.expiresAt, now)));
}
