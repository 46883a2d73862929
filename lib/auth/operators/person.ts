import { findAccount, isHalfDeleted } from "#db/accounts.ts";
import { findOperator } from "#db/operators.ts";
import { listMailsOf } from "#db/outbox-desk.ts";
import type { Account, AccountEvent, Block, Identity, OutboxMail, Role, Session } from "#db/schema.ts";
import { listLiveSessions } from "#db/sessions.ts";
import { hasPassword } from "#lib/auth/accounts/accounts.ts";
import { activityOf } from "#lib/auth/accounts/activity.ts";
import { type AppPassword, appPasswordsOf, doorsUsedLately } from "#lib/auth/factors/app-password/app-passwords.ts";
import { secondFactorOf } from "#lib/auth/factors/authenticator/enroll.ts";
import { providerLinks } from "#lib/auth/factors/google/log-in.ts";
import { type Passkey, passkeysOf } from "#lib/auth/factors/passkey/manage.ts";
import { pendingEmailChange } from "#lib/auth/proofs/request-email-change.ts";
import { clock } from "#lib/clock.ts";
import { blockOf } from "./block.ts";
import { invitationsSeen, type SeenInvitation } from "./invitations.ts";

/** Whose page it is, and what decides on what may be done to them. */
export type Seen = { account: Account; role: Role | undefined; block: Block | undefined };

/** All that operators see of an account. Nothing in it opens anything. */
export type Person = Seen & {
  hasPassword: boolean;
  links: Identity[];
  passkeys: Pick<Passkey, "id" | "name" | "createdAt" | "lastUsedAt" | "endedAt">[];
  app: { addedAt: number; codesLeft: number } | undefined;
  appPasswords: Pick<AppPassword, "id" | "name" | "door" | "createdAt" | "lastUsedAt">[];
  /** When they asked for another address that waits to be confirmed, and which. */
  addressAsked: string | undefined;
  /** The ones last used, and whether there are more. */
  sessions: { shown: Session[]; hasMore: boolean };
  /** Through which doors they came in the last thirty days. */
  doors: { door: string; at: number }[];
  invitations: { shown: SeenInvitation[]; hasMore: boolean };
  mails: { shown: OutboxMail[]; hasMore: boolean };
  events: AccountEvent[];
};

const MOST = 20;

/** The account with this number, as far as an act on it needs it; undefined where there is none (any more). */
export async function seenPerson(id: number): Promise<Seen | undefined> {
  const account = await findAccount({ id });
  if (!account || isHalfDeleted(account)) return undefined;
  const [operator, block] = await Promise.all([findOperator(id), blockOf(id)]);
  return { account, role: operator?.role, block };
}

/** The same with all there is to see. */
export async function wholePerson(id: number): Promise<Person | undefined> {
  const seen = await seenPerson(id);
  if (!seen) return undefined;
  const [isPasswordSet, links, passkeys, app, appPasswords, change] = await Promise.all([
    hasPassword(id),
    providerLinks(id),
    passkeysOf(id),
    secondFactorOf(id),
    appPasswordsOf(id),
    pendingEmailChange(id),
  ]);
  const [sessions, doors, invitations, mails, activity] = await Promise.all([
    listLiveSessions(id, clock(), { first: "", limit: MOST + 1, offset: 0 }),
    doorsUsedLately(id),
    invitationsSeen({ accountId: id, most: MOST }),
    listMailsOf(id, MOST + 1),
    activityOf({ accountId: id, before: undefined }),
  ]);
  return {
    ...seen,
    hasPassword: isPasswordSet,
    links,
    // Not their keys, which are of use to the device alone.
    passkeys: passkeys.map(({ id, name, createdAt, lastUsedAt, endedAt }) => ({
      id,
      name,
      createdAt,
      lastUsedAt,
      endedAt,
    })),
    app,
    // Not the hash.
    appPasswords: appPasswords.map(({ id, name, door, createdAt, lastUsedAt }) => ({
      id,
      name,
      door,
      createdAt,
      lastUsedAt,
    })),
    addressAsked: change?.email,
    sessions: shortened(sessions),
    doors,
    invitations: { shown: invitations.invitations, hasMore: invitations.next !== undefined },
    mails: shortened(mails),
    events: activity.events.slice(0, MOST),
  };
}

const shortened = <Row>(found: Row[]) => ({ shown: found.slice(0, MOST), hasMore: found.length > MOST });
