import { and, eq, gt, gte, inArray, isNull, lt, lte, notExists, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { type Account, AccountStatus, accountColumns, accounts, challenges } from "./schema.ts";

export type NewAccount = Pick<Account, "sub" | "email" | "username" | "usernameKey"> & {
  passwordHash: string | null;
} & Partial<Pick<Account, "firstName" | "lastName" | "phoneNumber" | "status">>;

/** Returns the row unless its address or name is taken: the unique indexes decide races. */
export function insertAccount(account: NewAccount, now: number) {
  return db()
    .insert(accounts)
    .values({ ...account, createdAt: now, updatedAt: now })
    .onConflictDoNothing()
    .returning(accountColumns);
}

/** The id of the account with this `sub`, for rows inserted in the same transaction as the account. */
export const accountIdOf = (sub: string) =>
  sql<number>`(select ${accounts.id} from ${accounts} where ${accounts.sub} = ${sub})`;

/** What an account is known by. Exactly one of them finds it: a second one does not compile, for it would not be looked at. */
export type AccountKey = OneOf<{ id: number; sub: string; email: string; usernameKey: string }>;
type OneOf<T> = { [K in keyof T]: Pick<T, K> & { [L in Exclude<keyof T, K>]?: never } }[keyof T];

export async function findAccount(by: AccountKey): Promise<Account | undefined> {
  const [column, value] = Object.entries(by)[0] as [keyof AccountKey, string | number];
  const [account] = await db().select(accountColumns).from(accounts).where(eq(accounts[column], value)).limit(1);
  return account;
}

/** The hash of an account's password (null where it has none), and the epoch it belongs to; undefined for no account. */
export async function findPassword(id: number): Promise<{ hash: string | null; epoch: number } | undefined> {
  const [found] = await db()
    .select({ hash: accounts.passwordHash, epoch: accounts.passwordEpoch })
    .from(accounts)
    .where(eq(accounts.id, id))
    .limit(1);
  return found;
}

/** What an effect was decided on. It takes place only where all that is named here still holds. */
export type AccountFacts = Partial<
  Pick<Account, "passwordEpoch" | "status" | "email" | "usernameKey" | "secondFactor" | "deletesAt">
>;

function unchanged(id: number, { passwordEpoch, status, email, usernameKey, secondFactor, deletesAt }: AccountFacts) {
  return and(
    eq(accounts.id, id),
    passwordEpoch === undefined ? undefined : eq(accounts.passwordEpoch, passwordEpoch),
    status === undefined ? undefined : eq(accounts.status, status),
    email === undefined ? undefined : eq(accounts.email, email),
    usernameKey === undefined ? undefined : sameOrNull(accounts.usernameKey, usernameKey),
    secondFactor === undefined ? undefined : eq(accounts.secondFactor, secondFactor),
    deletesAt === undefined ? undefined : sameOrNull(accounts.deletesAt, deletesAt),
  );
}

const sameOrNull = (column: typeof accounts.usernameKey | typeof accounts.deletesAt, value: string | number | null) =>
  value === null ? isNull(column) : eq(column, value);

/**
 * For the beginning of an `atomically` whose effect was decided on `facts`: returns the row only where they still hold, and
 * has everybody else who changes the account wait until the transaction has ended.
 */
export function holdAccount(id: number, facts: AccountFacts = {}) {
  return db()
    .update(accounts)
    .set({ updatedAt: accounts.updatedAt })
    .where(unchanged(id, facts))
    .returning({ id: accounts.id });
}

const nextEpoch = sql`${accounts.passwordEpoch} + 1`;

/** Marks the address as proved. Touches nothing where it already was, or the account is blocked. */
export function activateAccount(id: number, now: number) {
  return db()
    .update(accounts)
    .set({ status: AccountStatus.active, updatedAt: now })
    .where(and(eq(accounts.id, id), eq(accounts.status, AccountStatus.unverified)))
    .returning(accountColumns);
}

/**
 * As `activateAccount`, for somebody who proves the address of an account that somebody else may have made: what its maker
 * said about themselves goes, and `profile` takes its place.
 */
export function claimAccount(
  id: number,
  now: number,
  profile: Partial<Pick<Account, "firstName" | "lastName">> & { passwordHash?: string | SQL<string> } = {},
) {
  const epoch = profile.passwordHash === undefined ? {} : { passwordEpoch: nextEpoch };
  return db()
    .update(accounts)
    .set({ ...NO_PROFILE, ...profile, ...epoch, status: AccountStatus.active, updatedAt: now })
    .where(and(eq(accounts.id, id), eq(accounts.status, AccountStatus.unverified)))
    .returning(accountColumns);
}

const NO_PROFILE = {
  username: null,
  usernameKey: null,
  firstName: "",
  lastName: "",
  phoneNumber: "",
  avatar: null,
  biography: null,
  loginFailedCount: 0,
};

/** Takes from an account that nobody proved yet all that its maker gave it, the password too. */
export function forgetMaker(id: number, now: number) {
  return db()
    .update(accounts)
    .set({ ...NO_PROFILE, passwordHash: null, passwordEpoch: nextEpoch, updatedAt: now })
    .where(and(eq(accounts.id, id), eq(accounts.status, AccountStatus.unverified)))
    .returning({ id: accounts.id });
}

/** Returns nothing, and changes nothing, where `facts` no longer hold. */
export function setPassword(id: number, passwordHash: string, now: number, facts: AccountFacts = {}) {
  return db()
    .update(accounts)
    .set({ passwordHash, passwordEpoch: nextEpoch, loginFailedCount: 0, updatedAt: now })
    .where(unchanged(id, facts))
    .returning(accountColumns);
}

/** Says that a second factor gates the account from now on (1), or none (0); returns the row only where it was otherwise. */
export function switchSecondFactor(id: number, to: 0 | 1, facts: AccountFacts = {}) {
  return db()
    .update(accounts)
    .set({ secondFactor: to })
    .where(unchanged(id, { ...facts, secondFactor: 1 - to }))
    .returning({ id: accounts.id });
}

/** Takes the password away; the account then has only its other ways in. */
export function clearPassword(id: number, now: number) {
  return db()
    .update(accounts)
    .set({ passwordHash: null, passwordEpoch: nextEpoch, loginFailedCount: 0, updatedAt: now })
    .where(eq(accounts.id, id))
    .returning(accountColumns);
}

/** For `atomically`, with `must`: touches nothing where somebody else has the address. */
export function changeEmail(id: number, email: string, now: number) {
  return db().update(accounts).set({ email, updatedAt: now }).where(eq(accounts.id, id)).returning(accountColumns);
}

/** For `atomically`, with `must`: touches nothing where somebody else has the username. */
export function changeProfile(
  id: number,
  profile: Pick<Account, "firstName" | "lastName" | "phoneNumber" | "username" | "usernameKey">,
  now: number,
) {
  return db()
    .update(accounts)
    .set({ ...profile, updatedAt: now })
    .where(eq(accounts.id, id))
    .returning(accountColumns);
}

/** Stores the same password's newer hash, unless the password was changed meanwhile. */
export function replaceHash(id: number, from: string, to: string) {
  return db()
    .update(accounts)
    .set({ passwordHash: to })
    .where(and(eq(accounts.id, id), eq(accounts.passwordHash, from)));
}

export async function countFailedLogIn(id: number): Promise<void> {
  await db()
    .update(accounts)
    .set({ loginFailedCount: sql`${accounts.loginFailedCount} + 1` })
    .where(eq(accounts.id, id));
}

export function forgetFailedLogIns(id: number) {
  return db()
    .update(accounts)
    .set({ loginFailedCount: 0 })
    .where(and(eq(accounts.id, id), sql`${accounts.loginFailedCount} > 0`));
}

/** Accounts whose address nobody proved, and for which no mail was asked since `before` either: at most so many. */
export function listUnverified(before: number, most: number): PromiseLike<Pick<Account, "id">[]> {
  return (
    db()
      .select({ id: accounts.id })
      .from(accounts)
      // Written out and not as a parameter: only so is the index of the unverified ones used.
      .where(and(sql`${accounts.status} = 0`, lt(accounts.createdAt, before), notExists(askedSince(before))))
      .limit(most)
  );
}

const askedSince = (before: number) =>
  db()
    .select({ id: challenges.id })
    .from(challenges)
    .where(and(eq(challenges.accountId, accounts.id), gte(challenges.createdAt, before)));

/** Which of these are still as `listUnverified` found them. */
export const stillUnverified = (ids: number[], before: number) =>
  and(inArray(accounts.id, ids), eq(accounts.status, AccountStatus.unverified), notExists(askedSince(before)));

/** For somebody else who has proved the address: a sign-up with it that nobody proved is nobody's. */
export const unverifiedWith = (email: string) =>
  and(eq(accounts.email, email), eq(accounts.status, AccountStatus.unverified));

/** For the beginning of an `atomically` that removes them: has everybody else who changes one of them wait. */
export function holdAccounts(which: SQL | undefined) {
  return db().update(accounts).set({ updatedAt: accounts.updatedAt }).where(which);
}

/** Removes them, and with each all that hangs on it. */
export function deleteAccounts(which: SQL | undefined) {
  return db().delete(accounts).where(which).returning({ id: accounts.id });
}

/** Removes an account whose address was never proved, and with it all that hangs on it; `unless` this finds a row. */
export function deleteUnverifiedAccount(id: number, unless: SQLWrapper) {
  return db()
    .delete(accounts)
    .where(and(eq(accounts.id, id), eq(accounts.status, AccountStatus.unverified), notExists(unless)))
    .returning({ id: accounts.id });
}

/** Writes down when the account is to be deleted; returns the row only where nobody had asked for that, and `facts` hold. */
export function askForDeletion(id: number, deletesAt: number, facts: AccountFacts) {
  return db()
    .update(accounts)
    .set({ deletesAt })
    .where(unchanged(id, { ...facts, deletesAt: null }))
    .returning({ id: accounts.id });
}

/** Its person has changed their mind. For an `atomically` that holds the account as it was read. */
export function callOffDeletion(id: number) {
  return db().update(accounts).set({ deletesAt: null }).where(eq(accounts.id, id)).returning({ id: accounts.id });
}

/** Accounts whose time is over. One that was blocked meanwhile stays: its person could no longer change their mind. */
export function listDueForDeletion(now: number, most: number): PromiseLike<Account[]> {
  return db().select(accountColumns).from(accounts).where(isDue(now)).limit(most);
}

const isDue = (now: number) =>
  and(gt(accounts.deletesAt, BEGUN), lte(accounts.deletesAt, now), eq(accounts.status, AccountStatus.active));

/** In the place of a moment: the deletion has begun. */
const BEGUN = 0;

/**
 * Empties the row of a due account and shuts it for good, which frees its address and its name. Returns nothing where its person logged
 * in at the last moment. The row itself stays for as long as something hangs on it.
 */
export function beginDeletion({ id, sub }: Pick<Account, "id" | "sub">, now: number) {
  return db()
    .update(accounts)
    .set({
      ...NO_PROFILE,
      // No address, and so nobody's.
      email: `deleted ${sub}`,
      passwordHash: null,
      passwordEpoch: nextEpoch,
      secondFactor: 0,
      status: AccountStatus.blocked,
      deletesAt: BEGUN,
      updatedAt: now,
    })
    .where(and(eq(accounts.id, id), isDue(now)))
    .returning({ id: accounts.id });
}

export const isHalfDeleted = ({ deletesAt }: Pick<Account, "deletesAt">): boolean => deletesAt === BEGUN;

/** Accounts whose deletion has begun. */
export function listHalfDeleted(most: number): PromiseLike<Pick<Account, "id">[]> {
  return db().select({ id: accounts.id }).from(accounts).where(eq(accounts.deletesAt, BEGUN)).limit(most);
}

/** Removes one of them. */
export function finishDeletion(id: number) {
  return db()
    .delete(accounts)
    .where(and(eq(accounts.id, id), eq(accounts.deletesAt, BEGUN)))
    .returning({ id: accounts.id });
}
