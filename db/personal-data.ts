import { and, asc, eq, getTableColumns, gt, inArray, isNotNull, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { db } from "./client.ts";
import * as schema from "./schema.ts";

/**
 * What is kept about a person, table by table: what of it they can take with them, and what stays here and why. Each table with a
 * column that names an account stands here, with each of its columns; e2e/core/personal-data.spec.ts reads the schema and asks.
 */

type Part = {
  /** What it is called in the file. */
  name: string;
  table: SQLiteTable;
  /** The column that names the account; its own rows are found by it. */
  account: SQLiteColumn;
  /** What orders its rows: the key, but for the account. */
  key: SQLiteColumn;
  /** Columns that stay here, each with the reason. */
  without: Record<string, string>;
};

const OWNER = "the account itself";
const OURS = "how this server does its work; it says nothing of the person";
const HASH = "whoever had it could try passwords, codes or tokens against it";
const DEVICES = "of use to the device that keeps the passkey, and to nobody else";
const STAFF = "who works for this site is not theirs to take";
const DEVICE = "the name of the browser's own cookie, which only it should know";

/**
 * In the order in which they can be removed: what refers to another before it. The account's own row is no part of the list.
 */
export const PARTS = [
  {
    name: "events",
    table: schema.events,
    account: schema.events.accountId,
    key: schema.events.id,
    without: { accountId: OWNER },
  },
  {
    name: "mails",
    table: schema.outbox,
    account: schema.outbox.accountId,
    key: schema.outbox.id,
    without: {
      accountId: OWNER,
      id: OURS,
      challengeId: OURS,
      invitationId: OURS,
      callerKnown: OURS,
      link: OURS,
      attempts: OURS,
      nextTryAt: OURS,
      claimedUntil: OURS,
      stampedAt: OURS,
      lastError: OURS,
    },
  },
  {
    name: "confirmationMails",
    table: schema.challenges,
    account: schema.challenges.accountId,
    key: schema.challenges.id,
    without: {
      accountId: OWNER,
      id: OURS,
      signUpId: OURS,
      nonce: "with the server's secret, links and codes are made from it",
      triesLeft: OURS,
    },
  },
  {
    name: "codeTokens",
    table: schema.codeTokens,
    account: schema.codeTokens.accountId,
    key: schema.codeTokens.tokenHash,
    without: { accountId: OWNER, tokenHash: HASH },
  },
  {
    name: "furtherSignUps",
    table: schema.signUps,
    account: schema.signUps.accountId,
    key: schema.signUps.id,
    without: { accountId: OWNER, id: OURS, passwordHash: HASH, passkeyId: DEVICES, passkey: DEVICES },
  },
  {
    name: "invitationsSent",
    table: schema.invitations,
    account: schema.invitations.accountId,
    key: schema.invitations.id,
    without: { accountId: OWNER, id: OURS },
  },
  {
    name: "addressesBefore",
    table: schema.addressChanges,
    account: schema.addressChanges.accountId,
    key: schema.addressChanges.id,
    without: { accountId: OWNER, id: OURS },
  },
  {
    name: "usernamesKept",
    table: schema.reservedUsernames,
    account: schema.reservedUsernames.accountId,
    key: schema.reservedUsernames.usernameKey,
    without: { accountId: OWNER, usernameKey: OURS },
  },
  {
    name: "sessions",
    table: schema.sessions,
    account: schema.sessions.accountId,
    key: schema.sessions.id,
    without: {
      accountId: OWNER,
      tokenHash: HASH,
      generation: OURS,
      skipped: OURS,
      rotatedAt: OURS,
      delivered: OURS,
      appPasswordId: OURS,
    },
  },
  {
    name: "appPasswords",
    table: schema.appPasswords,
    account: schema.appPasswords.accountId,
    key: schema.appPasswords.id,
    without: { accountId: OWNER, id: OURS, hash: HASH },
  },
  {
    name: "appForCodes",
    table: schema.authenticators,
    account: schema.authenticators.accountId,
    key: schema.authenticators.accountId,
    without: { accountId: OWNER, secret: "the secret itself: whoever has it makes codes", lastStep: OURS },
  },
  {
    name: "recoveryCodes",
    table: schema.recoveryCodes,
    account: schema.recoveryCodes.accountId,
    key: schema.recoveryCodes.codeHash,
    without: { accountId: OWNER, codeHash: HASH },
  },
  {
    name: "passkeys",
    table: schema.passkeys,
    account: schema.passkeys.accountId,
    key: schema.passkeys.id,
    without: { accountId: OWNER, id: DEVICES, userHandle: DEVICES, publicKey: DEVICES, signCount: OURS },
  },
  {
    name: "trustedBrowsers",
    table: schema.trustedBrowsers,
    account: schema.trustedBrowsers.accountId,
    key: schema.trustedBrowsers.deviceId,
    without: { accountId: OWNER, deviceId: DEVICE, passwordEpoch: OURS },
  },
  {
    name: "knownBrowsers",
    table: schema.knownBrowsers,
    account: schema.knownBrowsers.accountId,
    key: schema.knownBrowsers.deviceId,
    without: { accountId: OWNER, deviceId: DEVICE },
  },
  {
    name: "knownNetworks",
    table: schema.knownNetworks,
    account: schema.knownNetworks.accountId,
    key: schema.knownNetworks.network,
    without: { accountId: OWNER },
  },
  {
    name: "roles",
    table: schema.operators,
    account: schema.operators.accountId,
    key: schema.operators.accountId,
    without: { accountId: OWNER, grantedBy: STAFF },
  },
  {
    name: "blocks",
    table: schema.blocks,
    account: schema.blocks.accountId,
    key: schema.blocks.accountId,
    without: { accountId: OWNER, blockedBy: STAFF, reason: "what one operator tells another" },
  },
  {
    name: "logInsWithGoogle",
    table: schema.identities,
    account: schema.identities.accountId,
    key: schema.identities.subject,
    without: { accountId: OWNER },
  },
  {
    name: "logInsWithGoogleEnded",
    table: schema.endedIdentities,
    account: schema.endedIdentities.accountId,
    key: schema.endedIdentities.subject,
    without: { accountId: OWNER },
  },
] as const satisfies readonly Part[];

/** What the audit trail has of them. It stays when the account goes: docs/personal-data.md says why, and what is taken out of it. */
export const TRAIL = {
  name: "auditTrail",
  table: schema.trail,
  account: schema.trail.accountId,
  key: schema.trail.id,
  without: {
    accountId: OWNER,
    id: OURS,
    addressMark: OURS,
    actor: STAFF,
    details: "as in events; beside it stands what one operator tells another",
    seq: OURS,
    hash: OURS,
  },
} as const satisfies Part;

export type PartName = (typeof PARTS)[number]["name"] | (typeof TRAIL)["name"];

/** Of the account's own row. */
export const ACCOUNT_WITHOUT: Record<string, string> = {
  usernameKey: OURS,
  passwordHash: HASH,
  passwordEpoch: OURS,
};

type Row = Record<string, unknown>;

/** Rows read in one go: a few milliseconds in which nobody else is served. */
const CHUNK = 500;

/** All rows of a part that are this account's, some at a time, without what stays here. */
export async function* rowsOf(part: Part, accountId: number): AsyncGenerator<Row[]> {
  for (let after: unknown; ; ) {
    const rows = await chunkOf(part, accountId, after === undefined ? undefined : gt(part.key, after));
    yield rows.map(({ key: _, ...row }) => row);
    if (rows.length < CHUNK) return;
    after = rows.at(-1)?.key;
  }
}

function chunkOf(part: Part, accountId: number, further: SQL | undefined): PromiseLike<Row[]> {
  return db()
    .select({ ...shown(part), key: part.key })
    .from(part.table)
    .where(and(eq(part.account, accountId), further))
    .orderBy(asc(part.key))
    .limit(CHUNK);
}

const shown = ({ table, without }: Pick<Part, "table" | "without">): Record<string, SQLiteColumn> =>
  Object.fromEntries(Object.entries(getTableColumns(table)).filter(([name]) => !Object.hasOwn(without, name)));

/** The account's own row, without what stays here, and whether it has a password. */
export async function ownRow(accountId: number): Promise<Row | undefined> {
  const isPasswordSet = sql<number>`(${schema.accounts.passwordHash} is not null)`;
  const [row] = await db()
    .select({ ...shown({ table: schema.accounts, without: ACCOUNT_WITHOUT }), hasPassword: isPasswordSet })
    .from(schema.accounts)
    .where(eq(schema.accounts.id, accountId));
  return row && { ...row, hasPassword: Boolean(row.hasPassword) };
}

/** Invitations that reached this address, and who sent each, as its mail named them. */
export function invitationsTo(email: string): PromiseLike<Row[]> {
  const { invitations, accounts } = schema;
  const { sentAt, linkExpiresAt, acceptedAt } = invitations;
  const from = sql<string>`coalesce(${invitations.inviterName}, ${accounts.email})`;
  return db()
    .select({ from, sentAt, linkExpiresAt, acceptedAt })
    .from(invitations)
    .innerJoin(accounts, eq(accounts.id, invitations.accountId))
    .where(and(eq(invitations.email, email), isNotNull(invitations.sentAt)))
    .orderBy(asc(invitations.createdAt))
    .limit(CHUNK);
}

/** When this address said "do not mail me again" to an invitation. */
export function refusalsOf(email: string): PromiseLike<Row[]> {
  const { mailRefusals } = schema;
  return db().select({ createdAt: mailRefusals.createdAt }).from(mailRefusals).where(eq(mailRefusals.email, email));
}

/** Removes at most so many rows of a part that are this account's, and returns which. */
export function purgePart({ table, account, key }: Part, accountId: number, most: number) {
  const some = db().select({ key }).from(table).where(eq(account, accountId)).limit(most);
  return db()
    .delete(table)
    .where(and(eq(account, accountId), inArray(key, some)))
    .returning({ key });
}
