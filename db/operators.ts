import { and, eq, exists, inArray, isNull, ne, notExists, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { type Account, AccountStatus, accounts, type OperatorRow, operators, type Role } from "./schema.ts";

/** Who runs the server. A role is worth something only while its account is active. */

const accountOfRole = (also?: ReturnType<typeof eq>) =>
  db()
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.id, operators.accountId), eq(accounts.status, AccountStatus.active), also));

/** The role of an account; undefined where it has none, or is not active. */
export async function findRole(accountId: number): Promise<Role | undefined> {
  const [found] = await db()
    .select({ role: operators.role })
    .from(operators)
    .where(and(eq(operators.accountId, accountId), exists(accountOfRole())))
    .limit(1);
  return found?.role;
}

/** The row as it is stored, whatever has become of the account. */
export async function findOperator(accountId: number): Promise<OperatorRow | undefined> {
  const [row] = await db().select().from(operators).where(eq(operators.accountId, accountId)).limit(1);
  return row;
}

export type OperatorOf = Pick<OperatorRow, "role" | "grantedAt"> & Pick<Account, "id" | "sub" | "email" | "status">;

/** All of them: they are few. */
export const listOperators = (): PromiseLike<OperatorOf[]> => listThose();

/** Those who have no app for codes, and so can do nothing. */
export const operatorsWithoutApp = (): PromiseLike<OperatorOf[]> => listThose(eq(accounts.secondFactor, 0));

const listThose = (which?: ReturnType<typeof eq>): PromiseLike<OperatorOf[]> =>
  db()
    .select({
      role: operators.role,
      grantedAt: operators.grantedAt,
      id: accounts.id,
      sub: accounts.sub,
      email: accounts.email,
      status: accounts.status,
    })
    .from(operators)
    // Not an inner join: SQLite then begins with the few. By its statistics, which know many accounts and nothing of them, it would read all accounts.
    .crossJoin(accounts)
    .where(and(eq(accounts.id, operators.accountId), which))
    .orderBy(operators.role, accounts.email);

/** For the beginning of an `atomically`: returns the row only while the account is as it was read, with this role or none. */
export function holdWithRole({ id, status }: Pick<Account, "id" | "status">, role: Role | undefined) {
  const own = (is?: ReturnType<typeof eq>) =>
    db()
      .select({ id: operators.accountId })
      .from(operators)
      .where(and(eq(operators.accountId, accounts.id), is));
  return db()
    .update(accounts)
    .set({ updatedAt: accounts.updatedAt })
    .where(
      and(
        eq(accounts.id, id),
        eq(accounts.status, status),
        // One that is being removed is nobody's any more.
        sql`coalesce(${accounts.deletesAt}, 1) > 0`,
        role ? exists(own(eq(operators.role, role))) : notExists(own()),
      ),
    )
    .returning({ id: accounts.id });
}

/** For an act of an operator: returns the row only while they have one of these roles, and a second factor. */
export const holdOperator = (accountId: number, roles: readonly Role[]) =>
  db()
    .update(operators)
    .set({ role: operators.role })
    .where(
      and(
        eq(operators.accountId, accountId),
        inArray(operators.role, [...roles]),
        exists(accountOfRole(eq(accounts.secondFactor, 1))),
      ),
    )
    .returning({ id: operators.accountId });

const othersThan = (accountId: number) =>
  and(
    eq(operators.role, "admin"),
    ne(operators.accountId, accountId),
    exists(accountOfRole(isNull(accounts.deletesAt))),
  );

/** Whether there is an admin beside this account. */
export const hasOtherAdmin = async (accountId: number): Promise<boolean> =>
  (await db().select({ id: operators.accountId }).from(operators).where(othersThan(accountId)).limit(1)).length > 0;

/** For an act that may cost the server an admin: returns a row only where another one is left, and keeps them until it is done. */
export const holdOtherAdmins = (accountId: number) =>
  db()
    .update(operators)
    .set({ role: operators.role })
    .where(othersThan(accountId))
    .returning({ id: operators.accountId });

/** Returns nothing where it is theirs already. */
export const setRole = (accountId: number, role: Role, grantedBy: string, now: number) =>
  db()
    .insert(operators)
    .values({ accountId, role, grantedAt: now, grantedBy })
    .onConflictDoUpdate({
      target: operators.accountId,
      set: { role, grantedAt: now, grantedBy },
      setWhere: ne(operators.role, role),
    })
    .returning({ id: operators.accountId });

export const deleteRole = (accountId: number) =>
  db().delete(operators).where(eq(operators.accountId, accountId)).returning({ id: operators.accountId });
