import { findAccount, holdAccount, isHalfDeleted } from "#db/accounts.ts";
import { touchAppPassword } from "#db/app-passwords.ts";
import { atomically, must } from "#db/client.ts";
import { holdIdentity, type IdentityKey } from "#db/identities.ts";
import { rememberNetwork } from "#db/known-networks.ts";
import { queueDailyNotice } from "#db/outbox.ts";
import { type Account, AccountStatus, type Session } from "#db/schema.ts";
import { endReplacedSession, insertSession, type LiveSession } from "#db/sessions.ts";
import { callingOffDeletion } from "#lib/auth/accounts/delete-account.ts";
import { AuthError, refusals } from "#lib/auth/errors.ts";
import {
  NOT_NEEDED,
  type Passed,
  passSecondFactor,
  refuseCode,
  SECOND_FACTOR_REFUSALS,
  SPARED,
} from "#lib/auth/factors/authenticator/second-factor.ts";
import { siteOf } from "#lib/auth/limits.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import type { Door } from "#lib/doors.ts";
import { isKnownCaller } from "./known-callers.ts";
import { endOldestSessions, newSession } from "./sessions.ts";

/**
 * The one way into a session, whatever was proved before: a password, an address, an identity at a provider. What every way
 * in must do stands here, so that none can forget it.
 */

export type Opening = {
  /** As it was read when the proof was looked at: the session opens only while its password and status are still these. */
  account: Account;
  /** What was proved: `mail` where a mail of ours was read, or a provider vouched for an address nobody had proved. */
  proof: "password" | "passkey" | "provider" | "mail";
  door: Door;
  client: Client;
  /** Whom the provider named, where it did: a link removed, or ended by a reset, meanwhile opens nothing any more. */
  identity?: IdentityKey | undefined;
  /** The app password that was given in place of the password: it needs no second factor, and must still be there. */
  appPassword?: string | undefined;
  /** The code of the second factor, where one was given: six digits of the app, or a recovery code. */
  code?: string | undefined;
  /** The token that shall open this session; the store keeps its hash. Without one, tokens are derived from the row. */
  opaqueToken?: string;
  /** Statements that take effect with the session or not at all. */
  alongside?: () => PromiseLike<unknown>[];
};

export const OPEN_SESSION_REFUSALS = refusals("account_blocked", "session_invalid", ...SECOND_FACTOR_REFUSALS);

/** What was proved when the second factor was asked for: whoever remembers it safely need not ask for it again. */
export type FirstFactor = Pick<Opening, "proof" | "identity"> & { accountId: number; passwordEpoch: number };

/** `second_factor_needed`, with what stands already. */
export class SecondFactorNeeded extends AuthError {
  readonly first: FirstFactor;
  constructor(first: FirstFactor) {
    super("second_factor_needed");
    this.first = first;
  }
}

const firstFactorOf = ({ account, proof, identity }: Opening): FirstFactor => ({
  accountId: account.id,
  passwordEpoch: account.passwordEpoch,
  proof,
  identity,
});

const isNeeded = (error: unknown): boolean => error instanceof AuthError && error.code === "second_factor_needed";

/**
 * Opens the session that a second factor was asked for. What was proved first still counts while the password is the one it was.
 * Throws as `openSession`.
 */
export async function openAfterFirst({
  first,
  ...rest
}: { first: FirstFactor; code: string } & Pick<Opening, "door" | "client">): Promise<LiveSession> {
  const { accountId, passwordEpoch, proof, identity } = first;
  const found = await findAccount({ id: accountId });
  if (!found) throw new AuthError("session_invalid");
  const account = { ...found, passwordEpoch };
  return { account, session: await openSession({ account, proof, identity, ...rest }) };
}

/**
 * Opens a session, and ends the one this browser came with. Throws `account_blocked`, `session_invalid` when the
 * password was changed or the account deleted since `account` was read, and `second_factor_needed`, `second_factor_wrong`,
 * `too_many_tries` where the account has a second factor.
 */
export async function openSession(opening: Opening): Promise<Session> {
  const session = await openSessionIfUnchanged(opening);
  if (session) return session;
  throw new AuthError((await isBlocked(opening.account.id)) ? "account_blocked" : "session_invalid");
}

/**
 * As `openSession`, but null when the account is no longer what it was. Between reading a password's hash and this moment
 * lie 75 ms of comparing it: a log-in with a stolen password that was under way while its owner set a new one would
 * otherwise open a session that the reset cannot end, because it is not there yet.
 */
export async function openSessionIfUnchanged(opening: Opening): Promise<Session | null> {
  const { account, proof, door, client, alongside } = opening;
  if (account.status === AccountStatus.blocked) throw new AuthError("account_blocked");
  // Of every way in: who resets the password by a stolen mailbox, or takes over an identity at Google, stands here too.
  const second = await passSecondFactorOf(opening);
  const now = clock();
  const session = newSession({ ...opening, now, amr: [...FIRST[proof], ...second.amr], isConfirmed: !second.isSpared });
  const isKnown = await isKnownCaller(account, client, now);
  const rows = await atomically(() => [
    // First, and whatever changes the account does the same: so the two wait for each other on any engine.
    must(holdAccount(account.id, factsOf(account))),
    ...(opening.identity ? [must(holdIdentity(account.id, opening.identity))] : []),
    ...(opening.appPassword === undefined ? [] : [must(touchAppPassword(opening.appPassword, now))]),
    ...second.spend(now),
    // Whoever was logged in in this browser before is not left behind with a session nobody looks after.
    ...(client.session === undefined ? [] : [endReplacedSession(client.session, door.name, now)]),
    endOldestSessions(account.id),
    insertSession(session),
    rememberNetwork(account.id, siteOf(client), now),
    // A stolen password is used from elsewhere: its owner hears of it while there is still something to be done.
    ...(isKnown || proof === "mail"
      ? []
      : [queueDailyNotice({ template: "new-log-in", to: account.email, accountId: account.id, now })]),
    // Whoever asked that the account be deleted, and comes back, has changed their mind.
    ...(account.deletesAt === null ? [] : callingOffDeletion(account, { client, door, session: session.id }, now)),
    recordEvent(
      "log_in",
      {
        account,
        client,
        door: door.name,
        proof,
        methods: session.amr || undefined,
        known: isKnown,
        session: session.id,
      },
      now,
    ),
    ...(alongside?.() ?? []),
  ]);
  if (rows) return session;
  // The account is as it was, and a code was given: of several with the same one another was faster.
  if (opening.code !== undefined && (await isAsItWas(account))) await refuseCode(account, client);
  return null;
}

async function passSecondFactorOf(opening: Opening): Promise<Passed> {
  const { account, client, code } = opening;
  if (opening.appPassword !== undefined) return SPARED;
  // Whoever shows it has the device, and showed the device that it is them.
  if (opening.proof === "passkey") return NOT_NEEDED;
  return passSecondFactor({ account, client, code }).catch((error) => {
    throw isNeeded(error) ? new SecondFactorNeeded(firstFactorOf(opening)) : error;
  });
}

/** What the first factor is in RFC 8176's words; it has none for a mail, nor for a provider's. */
const FIRST = { password: ["pwd"], passkey: ["swk", "mfa"], provider: [], mail: [] } as const;

/** A second factor that was added meanwhile must not be walked past by a log-in that was under way. */
const factsOf = ({ passwordEpoch, secondFactor, deletesAt }: Account) => ({
  passwordEpoch,
  secondFactor,
  // One that is to be deleted is opened only by what calls that off.
  deletesAt,
  status: AccountStatus.active,
});

async function isAsItWas(account: Account): Promise<boolean> {
  const found = await findAccount({ id: account.id });
  return (
    found !== undefined &&
    Object.entries(factsOf(account)).every(([name, value]) => found[name as keyof Account] === value)
  );
}

/** One of which hardly more than the row is left is shut too, but nobody is to be told that it is blocked. */
export async function isBlocked(id: number): Promise<boolean> {
  const found = await findAccount({ id });
  return found?.status === AccountStatus.blocked && !isHalfDeleted(found);
}
