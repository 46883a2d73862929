import { and, desc, eq, gt, inArray, isNotNull, isNull, lt, ne, or, type SQL, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { type Challenge, type ChallengePurpose, challenges } from "./schema.ts";

/** `accountId` may be the sub-select of an account inserted in the same transaction. */
export type NewChallenge = Pick<Challenge, "id" | "purpose" | "email" | "passwordHash" | "nonce" | "triesLeft"> & {
  accountId: number | SQL<number>;
  inviterName?: string | null;
};

export function insertChallenge(challenge: NewChallenge, now: number) {
  return db()
    .insert(challenges)
    .values({ ...challenge, createdAt: now });
}

export async function findChallenge(id: string): Promise<Challenge | undefined> {
  const [challenge] = await db().select().from(challenges).where(eq(challenges.id, id)).limit(1);
  return challenge;
}

/** Which challenges belong together: those of one purpose, and of verifying ones those of one sign-up. */
export type Kindred = Pick<Challenge, "accountId" | "purpose" | "passwordHash">;

const kindred = ({ accountId, purpose, passwordHash }: Kindred) =>
  and(
    eq(challenges.accountId, accountId),
    eq(challenges.purpose, purpose),
    passwordHash === null ? isNull(challenges.passwordHash) : eq(challenges.passwordHash, passwordHash),
  );

/** The one whose code counts: the newest of its kind, whatever its state. */
export async function newestChallenge(of: Kindred): Promise<Challenge | undefined> {
  const [challenge] = await db()
    .select()
    .from(challenges)
    .where(kindred(of))
    .orderBy(desc(challenges.createdAt))
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
export function supersedeChallenges(
  accountId: number,
  purpose: Exclude<ChallengePurpose, "invite"> | "all",
  now: number,
) {
  return db()
    .update(challenges)
    .set({ supersededAt: now })
    .where(
      and(
        eq(challenges.accountId, accountId),
        purpose === "all" ? ne(challenges.purpose, "invite") : eq(challenges.purpose, purpose),
        unused,
      ),
    );
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
    .where(and(kindred(than), unused, lt(challenges.createdAt, than.createdAt)));
}

/** Finds a row while another sign-up than this one waits for its mail to be answered. */
export function otherSignUps(than: Kindred, now: number) {
  return db()
    .select({ id: challenges.id })
    .from(challenges)
    .where(
      and(
        eq(challenges.accountId, than.accountId),
        eq(challenges.purpose, "verify-email"),
        than.passwordHash === null
          ? isNotNull(challenges.passwordHash)
          : or(isNull(challenges.passwordHash), ne(challenges.passwordHash, than.passwordHash)),
        unused,
        or(isNull(challenges.linkExpiresAt), gt(challenges.linkExpiresAt, now)),
      ),
    );
}

/** Ends this account's open invitations to an address: a new one takes their place, or they were withdrawn. */
export function supersedeInvitations(accountId: number, of: { email: string } | { id: string }, now: number) {
  return db()
    .update(challenges)
    .set({ supersededAt: now })
    .where(
      and(
        eq(challenges.accountId, accountId),
        eq(challenges.purpose, "invite"),
        "id" in of ? eq(challenges.id, of.id) : eq(challenges.email, of.email),
        unused,
      ),
    )
    .returning();
}

/** The last invitation of this account to an address, whatever its state. */
export async function newestInvitation(accountId: number, email: string): Promise<Challenge | undefined> {
  const [challenge] = await db()
    .select()
    .from(challenges)
    .where(and(eq(challenges.accountId, accountId), eq(challenges.purpose, "invite"), eq(challenges.email, email)))
    .orderBy(desc(challenges.createdAt))
    .limit(1);
  return challenge;
}

/** Every invitation of this account, the newest first. */
export async function listInvitations(accountId: number): Promise<Challenge[]> {
  return db()
    .select()
    .from(challenges)
    .where(and(eq(challenges.accountId, accountId), eq(challenges.purpose, "invite")))
    .orderBy(desc(challenges.createdAt));
}

/** Removes at most so many of these purposes, and returns which. */
export function purgeChallenges(purposes: ChallengePurpose[], madeBefore: number, most: number) {
  const old = db()
    .select({ id: challenges.id })
    .from(challenges)
    .where(and(inArray(challenges.purpose, purposes), lt(challenges.createdAt, madeBefore)))
    .limit(most);
  return db().delete(challenges).where(inArray(challenges.id, old)).returning({ id: challenges.id });
}
