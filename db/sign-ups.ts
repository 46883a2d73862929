import { and, eq, inArray, isNotNull, lt, notExists, type SQL, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { challenges, type SignUp, signUps } from "./schema.ts";

export function insertSignUp(signUp: Pick<SignUp, "id" | "accountId"> & { passwordHash: string }, now: number) {
  return db()
    .insert(signUps)
    .values({ ...signUp, createdAt: now });
}

/** The hash of the password a sign-up brought; null once its time is over, undefined for none of ours. */
export async function findSignUpPassword(id: string): Promise<string | null | undefined> {
  const [found] = await db().select({ hash: signUps.passwordHash }).from(signUps).where(eq(signUps.id, id)).limit(1);
  return found?.hash;
}

/** The same for the account that takes it over, as a value to set: so the hash passes through nobody's hands. */
export const signUpPassword = (id: string): SQL<string> =>
  sql`(select ${signUps.passwordHash} from ${signUps} where ${signUps.id} = ${id})`;

/** Once nobody can take a sign-up's password over any more, its hash is of no use but to a thief of the store. */
export function forgetSignUp(id: string) {
  return db().update(signUps).set({ passwordHash: null }).where(eq(signUps.id, id));
}

/** The same for all sign-ups beside the one that made this account. */
export function forgetSignUps(accountId: number) {
  return db()
    .update(signUps)
    .set({ passwordHash: null })
    .where(and(eq(signUps.accountId, accountId), isNotNull(signUps.passwordHash)));
}

/** Removes at most so many whose challenges are gone, and returns which. */
export function purgeSignUps(madeBefore: number, most: number) {
  const itsChallenges = db().select({ id: challenges.id }).from(challenges).where(eq(challenges.signUpId, signUps.id));
  const old = db()
    .select({ id: signUps.id })
    .from(signUps)
    .where(and(lt(signUps.createdAt, madeBefore), notExists(itsChallenges)))
    .limit(most);
  return db().delete(signUps).where(inArray(signUps.id, old)).returning({ id: signUps.id });
}
