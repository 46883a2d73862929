import { and, desc, eq, exists, gt, inArray, isNotNull, isNull, lt, ne, or, type SQL, sql } from "drizzle-orm";
import { db } from "./client.ts";
import type { IdentityKey } from "./identities.ts";
import { addressRequests, type Challenge, type ChallengePurpose, challenges, linkOffers } from "./schema.ts";

/** `accountId` may be the sub-select of an account inserted in the same transaction. */
export type NewChallenge = Pick<Challenge, "id" | "purpose" | "signUpId" | "nonce" | "triesLeft"> & {
  accountId: number | SQL<number>;
};

export function insertChallenge(challenge: NewChallenge & { supersededAt?: number }, now: number) {
  return db()
    .insert(challenges)
    .values({ ...challenge, createdAt: now });
}

export async function findChallenge(id: string): Promise<Challenge | undefined> {
  const [challenge] = await db().select().from(challenges).where(eq(challenges.id, id)).limit(1);
  return challenge;
}

/** Which challenges belong together: those of one purpose, and of verifying ones those of one sign-up. */
export type Kindred = Pick<Challenge, "accountId" | "purpose" | "signUpId">;

const kindred = ({ accountId, purpose, signUpId }: Kindred) =>
  and(
    eq(challenges.accountId, accountId),
    eq(challenges.purpose, purpose),
    signUpId === null ? isNull(challenges.signUpId) : eq(challenges.signUpId, signUpId),
  );

/** The one whose code counts: the newest of its kind, whatever its state. */
export async function newestChallenge(of: Kindred): Promise<Challenge | undefined> {
  const [challenge] = await db()
    .select()
    .from(challenges)
    .where(kindred(of))
    .orderBy(desc(challenges.createdAt), desc(challenges.id))
    .limit(1);
  return challenge;
}

/** Starts (or, for a mail that went out late, starts anew) the lifetimes. Touches nothing once used or superseded. */
export async function stampTimes(
  id: string,
  times: Pick<Challenge, "sentAt" | "linkExpiresAt" | "codeExpiresAt">,
): Promise<Challenge | undefined> {
  const [challenge] = await db()
    .update(challenges)
    .set(times)
    .where(and(eq(challenges.id, id), isNull(challenges.usedAt), isNull(challenges.supersededAt)))
    .returning();
  return challenge;
}

/** Counts a try at the code before it is compared; a row comes back only while tries are left and the code lives. */
export function spendTry(id: string, now: number) {
  return db()
    .update(challenges)
    .set({ triesLeft: sql`${challenges.triesLeft} - 1` })
    .where(and(eq(challenges.id, id), unused, gt(challenges.triesLeft, 0), gt(challenges.codeExpiresAt, now)))
    .returning();
}

/** Gives a try back that came to nothing. */
export function giveTryBack(id: string) {
  return db()
    .update(challenges)
    .set({ triesLeft: sql`${challenges.triesLeft} + 1` })
    .where(and(eq(challenges.id, id), unused));
}

const unused = and(isNull(challenges.usedAt), isNull(challenges.supersededAt));

/** Uses it up: of any number of parallel callers exactly one gets the row. */
export function consumeChallenge(id: string, by: "link" | "code", now: number) {
  const expiresAt = by === "link" ? challenges.linkExpiresAt : challenges.codeExpiresAt;
  return db()
    .update(challenges)
    .set({ usedAt: now })
    .where(and(eq(challenges.id, id), unused, gt(expiresAt, now)))
    .returning();
}

/** Ends the unused ones that prove something of this account, of one purpose or of all. */
export function supersedeChallenges(accountId: number, purpose: ChallengePurpose | "all", now: number) {
  return db()
    .update(challenges)
    .set({ supersededAt: now })
    .where(
      and(eq(challenges.accountId, accountId), purpose === "all" ? undefined : eq(challenges.purpose, purpose), unused),
    );
}

/** Ends the unused ones that would let this person at a provider open the account. */
export function supersedeOffers(accountId: number, { issuer, subject }: IdentityKey, now: number) {
  const offers = db()
    .select({ id: linkOffers.challengeId })
    .from(linkOffers)
    .where(
      and(eq(linkOffers.challengeId, challenges.id), eq(linkOffers.issuer, issuer), eq(linkOffers.subject, subject)),
    );
  return db()
    .update(challenges)
    .set({ supersededAt: now })
    .where(and(eq(challenges.accountId, accountId), eq(challenges.purpose, "link-provider"), unused, exists(offers)));
}

/** For `atomically`: returns the row only while it is neither used nor superseded. */
export function holdUnused(id: string) {
  return db()
    .update(challenges)
    .set({ nonce: challenges.nonce })
    .where(and(eq(challenges.id, id), unused))
    .returning({ id: challenges.id });
}

/** Ends the unused ones that would give the account another address than this one. */
export function supersedeOtherAddresses(accountId: number, email: string, now: number) {
  const other = db()
    .select({ id: addressRequests.challengeId })
    .from(addressRequests)
    .where(and(eq(addressRequests.challengeId, challenges.id), ne(addressRequests.email, email)));
  return db()
    .update(challenges)
    .set({ supersededAt: now })
    .where(and(eq(challenges.accountId, accountId), eq(challenges.purpose, "change-email"), unused, exists(other)));
}

/** Ends the unused ones of its kind: a new one takes their place. Those of other sign-ups stay. */
export function supersedeKindred(of: Kindred, now: number) {
  return db()
    .update(challenges)
    .set({ supersededAt: now })
    .where(and(kindred(of), unused));
}

/** Ends the unused ones of its kind that were made before it. */
export async function supersedeOlder(than: Challenge, now: number): Promise<void> {
  await db()
    .update(challenges)
    .set({ supersededAt: now })
    .where(and(kindred(than), unused, madeBefore(than)));
}

/** Of two made in the same millisecond, the one with the lower id. */
const madeBefore = ({ createdAt, id }: Challenge) =>
  or(lt(challenges.createdAt, createdAt), and(eq(challenges.createdAt, createdAt), lt(challenges.id, id)));

/** Finds a row while another sign-up than this one waits for its mail to be answered. */
export function otherSignUps(than: Kindred, now: number) {
  return db()
    .select({ id: challenges.id })
    .from(challenges)
    .where(
      and(
        eq(challenges.accountId, than.accountId),
        eq(challenges.purpose, "verify-email"),
        than.signUpId === null
          ? isNotNull(challenges.signUpId)
          : or(isNull(challenges.signUpId), ne(challenges.signUpId, than.signUpId)),
        unused,
        or(isNull(challenges.linkExpiresAt), gt(challenges.linkExpiresAt, now)),
      ),
    );
}

/** Removes at most so many, and returns which. */
export function purgeChallenges(madeBefore: number, most: number) {
  const old = db()
    .select({ id: challenges.id })
    .from(challenges)
    .where(lt(challenges.createdAt, madeBefore))
    .limit(most);
  return db().delete(challenges).where(inArray(challenges.id, old)).returning({ id: challenges.id });
}
