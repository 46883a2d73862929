import { and, desc, eq, exists, gte, inArray, or, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { type Account, AccountStatus, accounts, operators, type Role, sessions } from "./schema.ts";

/** People as operators look for them, among a million: only ever so many rows are read in one go (lib/auth/operators/find-people.ts). */

/** Where a page goes on: after this account, the newest first. */
export type PersonKey = Pick<Account, "createdAt" | "id">;

/** What a text may be the beginning of. Of a last name only with the first name, where there is one. */
export type Beginning = { of: "email" | "username" | "firstName" | "lastName"; text: string; firstName?: string };

/** What an index finds. */
export type Narrow = {
  status?: AccountStatus | undefined;
  /** Signed up at this moment or later. */
  since?: number | undefined;
  /** These accounts alone. */
  among?: readonly number[] | undefined;
};

/** What each row is looked at for. */
export type Wide = {
  beginnings?: readonly Beginning[] | undefined;
  /** Has used a session at this moment or later. */
  seenSince?: number | undefined;
};

const shown = {
  id: accounts.id,
  sub: accounts.sub,
  email: accounts.email,
  username: accounts.username,
  usernameKey: accounts.usernameKey,
  firstName: accounts.firstName,
  lastName: accounts.lastName,
  phoneNumber: accounts.phoneNumber,
  status: accounts.status,
  secondFactor: accounts.secondFactor,
  createdAt: accounts.createdAt,
  deletesAt: accounts.deletesAt,
};

export type FoundPerson = Pick<Account, keyof typeof shown> & {
  role: Role | null;
  /** When a session of theirs was last used; null where none is left. */
  seenAt: number | null;
};

/** Of the `rows` accounts that come next, those that fit, `most` of them at most. */
export function lookThrough(
  narrow: Narrow,
  wide: Wide,
  { after, rows, most }: { after?: PersonKey | undefined; rows: number; most: number },
): PromiseLike<FoundPerson[]> {
  const some = db()
    .select(shown)
    .from(accounts)
    .where(isNext(narrow, after))
    .orderBy(desc(accounts.createdAt), desc(accounts.id))
    .limit(rows)
    .as("some");
  const seenAt = sql<number | null>`(${db()
    .select({ at: sql`max(${sessions.updatedAt})` })
    .from(sessions)
    .where(eq(sessions.accountId, some.id))})`.mapWith((at) => (at === null ? null : Number(at)));
  return db()
    .select({
      id: some.id,
      sub: some.sub,
      email: some.email,
      username: some.username,
      usernameKey: some.usernameKey,
      firstName: some.firstName,
      lastName: some.lastName,
      phoneNumber: some.phoneNumber,
      status: some.status,
      secondFactor: some.secondFactor,
      createdAt: some.createdAt,
      deletesAt: some.deletesAt,
      role: operators.role,
      seenAt,
    })
    .from(some)
    .leftJoin(operators, eq(operators.accountId, some.id))
    .where(
      and(
        beginsWith(some, wide.beginnings),
        wide.seenSince === undefined ? undefined : wasSeen(some.id, wide.seenSince),
      ),
    )
    .orderBy(desc(some.createdAt), desc(some.id))
    .limit(most);
}

/** The last of the `rows` accounts that come next; undefined where there are fewer. */
export async function lastOf(
  narrow: Narrow,
  after: PersonKey | undefined,
  rows: number,
): Promise<PersonKey | undefined> {
  const [last] = await db()
    .select({ createdAt: accounts.createdAt, id: accounts.id })
    .from(accounts)
    .where(isNext(narrow, after))
    .orderBy(desc(accounts.createdAt), desc(accounts.id))
    .limit(1)
    .offset(rows - 1);
  return last;
}

/** The numbers of accounts that an index finds by this beginning, `most` of them at most. */
export async function idsBeginning(beginning: Beginning, most: number): Promise<number[]> {
  const found = await db().select({ id: accounts.id }).from(accounts).where(begins(accounts, beginning)).limit(most);
  return found.map(({ id }) => id);
}

/** Nobody is found whose deletion has begun. */
const isNext = ({ status, since, among }: Narrow, after: PersonKey | undefined): SQL | undefined =>
  and(
    sql`coalesce(${accounts.deletesAt}, 1) > 0`,
    status === undefined ? undefined : IS[status],
    since === undefined ? undefined : gte(accounts.createdAt, since),
    among && inArray(accounts.id, [...among]),
    after && sql`(${accounts.createdAt}, ${accounts.id}) < (${after.createdAt}, ${after.id})`,
  );

/** Written out and not as a parameter: only so are the indexes of the few used. */
const IS: Record<AccountStatus, SQL> = {
  [AccountStatus.unverified]: sql`${accounts.status} = 0`,
  [AccountStatus.active]: sql`${accounts.status} = 1`,
  [AccountStatus.blocked]: sql`${accounts.status} = 2`,
};

type Columns = Record<"email" | "usernameKey" | "firstName" | "lastName", SQLWrapper>;

const beginsWith = (columns: Columns, beginnings: readonly Beginning[] | undefined): SQL | undefined =>
  beginnings && or(...beginnings.map((one) => begins(columns, one)));

/** As a range and not by LIKE, which takes no index in either engine as the tables are. */
function begins(columns: Columns, { of, text, firstName }: Beginning): SQL | undefined {
  const within = (value: SQLWrapper) => sql`${value} >= ${text} and ${value} < ${`${text}\u{10ffff}`}`;
  if (of === "email") return within(columns.email);
  if (of === "username") return within(columns.usernameKey);
  const column = columns[of];
  return and(
    sql`${column} <> ''`,
    within(sql`lower(${column})`),
    firstName === undefined ? undefined : sql`lower(${columns.firstName}) = ${firstName}`,
  );
}

const wasSeen = (id: SQLWrapper, since: number): SQL =>
  exists(
    db()
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(sql`${sessions.accountId} = ${id}`, gte(sessions.updatedAt, since))),
  );
