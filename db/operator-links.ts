import { and, eq, gt, isNull, lte } from "drizzle-orm";
import { db } from "./client.ts";
import { operatorLinks, type Role } from "./schema.ts";

export const insertOperatorLink = (link: { tokenHash: string; role: Role; createdAt: number; expiresAt: number }) =>
  db().insert(operatorLinks).values(link);

/** The role that a link gives, while it is good. */
export async function findOperatorLink(tokenHash: string, now: number): Promise<Role | undefined> {
  const [link] = await db()
    .select({ role: operatorLinks.role })
    .from(operatorLinks)
    .where(isGood(tokenHash, now))
    .limit(1);
  return link?.role;
}

/** Uses it up; of several at once one gets the row. */
export const takeOperatorLink = (tokenHash: string, now: number) =>
  db().update(operatorLinks).set({ usedAt: now }).where(isGood(tokenHash, now)).returning({ role: operatorLinks.role });

const isGood = (tokenHash: string, now: number) =>
  and(eq(operatorLinks.tokenHash, tokenHash), isNull(operatorLinks.usedAt), gt(operatorLinks.expiresAt, now));

export const purgeOperatorLinks = (before: number) =>
  db().delete(operatorLinks).where(lte(operatorLinks.expiresAt, before));
