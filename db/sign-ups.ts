import { and, eq, inArray, isNotNull, lt, notExists, or, type SQL, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { challenges, type SignUp, signUps } from "./schema.ts";

/** What somebody brings to a sign-up to get in by later. */
export type Brought = Pick<SignUp, "passwordHash" | "passkeyId" | "passkey">;

/** `accountId` may be the sub-select of an account inserted in the same transaction. */
export function insertSignUp(signUp: Brought & { id: string; accountId: number | SQL<number> }, now: number) {
  return db()
    .insert(signUps)
    .values({ ...signUp, createdAt: now });
}

/** The passkey that a sign-up brought, as it was stored; undefined where it brought none, or its time is over. */
export async function findSignUpPasskey(id: string): Promise<string | undefined> {
  const [found] = await db().select({ passkey: signUps.passkey }).from(signUps).where(eq(signUps.id, id)).limit(1);
  return found?.passkey ?? undefined;
}

/** Whether a sign-up that may still be proved brought the passkey with this id. */
export async function findSignUpByPasskey(passkeyId: string): Promise<{ id: string } | undefined> {
  const [found] = await db().select({ id: signUps.id }).from(signUps).where(eq(signUps.passkeyId, passkeyId)).limit(1);
  return found;
}

/** The hash of the password a sign-up brought; null once its time is over, undefined for none of ours. */
export async function findSignUpPassword(id: string): Promise<string | null | undefined> {
  const [found] = await db().select({ hash: signUps.passwordHash }).from(signUps).where(eq(signUps.id, id)).limit(1);
  return found?.hash;
}

/** The same for the account that takes it over, as a value to set: so the hash passes through nobody's hands. */
export const signUpPassword = (id: string): SQL<string> =>
  sql`(select ${signUps.passwordHash} from ${signUps} where ${signUps.id} = ${id})`;

const NOTHING: Brought = { passwordHash: null, passkeyId: null, passkey: null };

/** Once nobody can take over what a sign-up brought any more, it is of no use but to a thief of the store. */
export function forgetSignUp(id: string) {
  return db().update(signUps).set(NOTHING).where(eq(signUps.id, id));
}

/** The same for all sign-ups beside the one that made this account. */
export function forgetSignUps(accountId: number) {
  return db()
    .update(signUps)
    .set(NOTHING)
    .where(and(eq(signUps.accountId, accountId), or(isNotNull(signUps.passwordHash), isNotNull(signUps.passkeyId))));
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
