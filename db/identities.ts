import { and, desc, eq, exists, isNotNull, not, notExists, or, type SQL, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { livePasskeys } from "./passkeys.ts";
import {
  type Account,
  accountColumns,
  accounts,
  endedIdentities,
  type Identity,
  identities,
  linkOffers,
} from "./schema.ts";

/** A person at a provider. */
export type IdentityKey = Pick<Identity, "issuer" | "subject">;

/** The account behind an identity at a provider. */
export async function findAccountByIdentity(issuer: string, subject: string): Promise<Account | undefined> {
  const [row] = await db()
    .select({ account: accountColumns })
    .from(identities)
    .innerJoin(accounts, eq(accounts.id, identities.accountId))
    .where(isIdentity({ issuer, subject }))
    .limit(1);
  return row?.account;
}

/** The account that this identity opened last, before the link was ended. */
export async function findAccountEndedFor({ issuer, subject }: IdentityKey): Promise<Account | undefined> {
  const [row] = await db()
    .select({ account: accountColumns })
    .from(endedIdentities)
    .innerJoin(accounts, eq(accounts.id, endedIdentities.accountId))
    .where(and(eq(endedIdentities.issuer, issuer), eq(endedIdentities.subject, subject)))
    .orderBy(desc(endedIdentities.endedAt))
    .limit(1);
  return row?.account;
}

const isIdentity = ({ issuer, subject }: IdentityKey) =>
  and(eq(identities.issuer, issuer), eq(identities.subject, subject));

/** For `atomically`: returns the row only while the account is still linked, for a log-in that was decided on the link. */
export function holdIdentity(accountId: number, key: IdentityKey) {
  return db()
    .update(identities)
    .set({ accountId })
    .where(and(eq(identities.accountId, accountId), isIdentity(key)))
    .returning({ accountId: identities.accountId });
}

export async function listIdentities(accountId: number): Promise<Identity[]> {
  return db().select().from(identities).where(eq(identities.accountId, accountId)).orderBy(identities.createdAt);
}

/** Returns nothing where the identity is linked already: of parallel log-ins one makes the link. */
export function insertIdentity(identity: Omit<Identity, "accountId"> & { accountId: number | SQL<number> }) {
  return db().insert(identities).values(identity).onConflictDoNothing().returning();
}

/** For `atomically`: returns a row while this identity's link to the account was never ended. */
export function unlessEnded(accountId: number, key: IdentityKey) {
  return db()
    .update(accounts)
    .set({ updatedAt: accounts.updatedAt })
    .where(
      and(eq(accounts.id, accountId), notExists(db().select().from(endedIdentities).where(isEnded(accountId, key)))),
    )
    .returning({ id: accounts.id });
}

const isEnded = (accountId: number, { issuer, subject }: IdentityKey) =>
  and(
    eq(endedIdentities.accountId, accountId),
    eq(endedIdentities.issuer, issuer),
    eq(endedIdentities.subject, subject),
  );

export async function wasEnded(accountId: number, key: IdentityKey): Promise<boolean> {
  const rows = await db().select().from(endedIdentities).where(isEnded(accountId, key)).limit(1);
  return rows.length === 1;
}

export function rememberEnded(accountId: number, { issuer, subject }: IdentityKey, now: number) {
  return db().insert(endedIdentities).values({ accountId, issuer, subject, endedAt: now }).onConflictDoNothing();
}

/** Its owner said yes. */
export function forgetEnded(accountId: number, key: IdentityKey) {
  return db().delete(endedIdentities).where(isEnded(accountId, key));
}

/**
 * Removes a link of this account while another way in is left (a password, a passkey, or another link), and returns it. One statement:
 * of two links removed at once, the last stays.
 */
export function deleteIdentity(accountId: number, key: IdentityKey) {
  const other = sql`other`;
  return db()
    .delete(identities)
    .where(
      and(
        eq(identities.accountId, accountId),
        isIdentity(key),
        or(
          exists(
            db()
              .select()
              .from(accounts)
              .where(and(eq(accounts.id, accountId), isNotNull(accounts.passwordHash))),
          ),
          sql`${livePasskeys(accountId)} > 0`,
          sql`(select count(*) from ${identities} as ${other} where ${other}.account_id = ${accountId}) > 1`,
        ),
      ),
    )
    .returning();
}

/** Statements for `atomically`: ends every link of the account but those to `keep`, and remembers them as ended. */
export function endIdentities(accountId: number, now: number, keep: readonly IdentityKey[] = []) {
  const theirs = and(eq(identities.accountId, accountId), ...keep.map((key) => not(isIdentity(key) as SQL)));
  return [
    db()
      .insert(endedIdentities)
      .select(
        db()
          .select({
            accountId: identities.accountId,
            issuer: identities.issuer,
            subject: identities.subject,
            endedAt: sql<number>`cast(${now} as bigint)`.as("ended_at"),
          })
          .from(identities)
          .where(theirs),
      )
      .onConflictDoNothing(),
    db().delete(identities).where(theirs),
  ] as const;
}

export function insertLinkOffer(challengeId: string, { issuer, subject }: IdentityKey) {
  return db().insert(linkOffers).values({ challengeId, issuer, subject });
}

export async function findLinkOffer(challengeId: string): Promise<IdentityKey | undefined> {
  const [offer] = await db().select().from(linkOffers).where(eq(linkOffers.challengeId, challengeId)).limit(1);
  return offer;
}
