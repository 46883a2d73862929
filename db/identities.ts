import { and, eq, type SQL } from "drizzle-orm";
import { db } from "./client.ts";
import { type Account, accounts, type Identity, identities } from "./schema.ts";

/** The account behind an identity at a provider. */
export async function findAccountByIdentity(issuer: string, subject: string): Promise<Account | undefined> {
  const [row] = await db()
    .select({ account: accounts })
    .from(identities)
    .innerJoin(accounts, eq(accounts.id, identities.accountId))
    .where(and(eq(identities.issuer, issuer), eq(identities.subject, subject)))
    .limit(1);
  return row?.account;
}

export async function listIdentities(accountId: number): Promise<Identity[]> {
  return db().select().from(identities).where(eq(identities.accountId, accountId));
}

/** Returns nothing where the identity is linked already: of parallel log-ins one makes the link. */
export function insertIdentity(identity: Omit<Identity, "accountId"> & { accountId: number | SQL<number> }) {
  return db().insert(identities).values(identity).onConflictDoNothing().returning();
}

export async function deleteIdentities(accountId: number): Promise<void> {
  await db().delete(identities).where(eq(identities.accountId, accountId));
}
