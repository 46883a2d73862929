import { countFailedLogIn, forgetFailedLogIns, replaceHash } from "#db/accounts.ts";
import { atomically } from "#db/client.ts";
import { type Account, AccountStatus, type Session, type SessionKind } from "#db/schema.ts";
import { insertSession } from "#db/sessions.ts";
import { findByIdentifier, nobodysName } from "./accounts.ts";
import { mailChallenge } from "./challenge-mail.ts";
import type { Client } from "./client.ts";
import { AuthError } from "./errors.ts";
import { isKnownBrowser } from "./known-browsers.ts";
import { accountNetwork, type Counter, clear, giveBack, networkOf, take } from "./limits.ts";
import { hashPassword, needsRehash, passwordMatches } from "./passwords.ts";
import { endOldestSessions, newSession } from "./sessions.ts";

export type LogIn = {
  /** An e-mail address or a username. */
  identifier: string;
  password: string;
  /** Where the link leads of the verification mail that an unproved account is sent. */
  link: string;
  client: Client;
  kind: SessionKind;
  /** The token that shall open this session; the store keeps its hash. Without one, tokens are derived from the row. */
  opaqueToken?: string;
};

/**
 * Opens a session for whoever knows the password.
 * Throws `account_not_found`, `wrong_password`, `account_blocked`, `email_unverified` (the password was right, and a new
 * verification mail is on its way), `too_many_tries`, `busy`.
 */
export async function logIn(input: LogIn): Promise<{ account: Account; session: Session }> {
  const account = await findByIdentifier(input.identifier);
  const counters = [await guessCounter(account, input), networkCounter(input.client)] as const;
  await take(counters, Date.now());
  const right = await passwordMatches(input.password, account?.passwordHash).catch((error) =>
    giveBackAll(counters, error),
  );
  if (!account) throw new AuthError("account_not_found");
  if (!right) {
    await countFailedLogIn(account.id);
    throw new AuthError("wrong_password");
  }
  if (account.status === AccountStatus.blocked) throw new AuthError("account_blocked");
  if (account.status === AccountStatus.unverified) {
    await forgive(account, counters);
    await mailChallenge({ account, purpose: "verify-email", link: input.link, client: input.client });
    throw new AuthError("email_unverified", { email: account.email });
  }
  await take([rightLogIn(account, input.client)], Date.now()).catch((error) => giveBackAll(counters, error));
  const session = newSession({ ...input, account, now: Date.now() });
  await forgive(account, counters, session);
  await rehashIfOld(account, input.password);
  return { account: { ...account, loginFailedCount: 0 }, session };
}

/**
 * Which counter a guess counts against. A browser that has logged in to this account before has one of its own, so that
 * a stranger who guesses until the account is shut does not shut its owner out.
 */
async function guessCounter(account: Account | undefined, { identifier, client }: LogIn): Promise<Counter> {
  if (!account) return ["password", nobodysName(identifier)];
  return (await isKnownBrowser(account, client))
    ? ["password", `${account.id}:${client.device?.id}`]
    : ["password", account.id];
}

const rightLogIn = (account: Account, client: Client): Counter => [
  "log-in-account",
  `${account.id}:${accountNetwork(client)}`,
];

const networkCounter = (client: Client): Counter => ["login-address", networkOf(client)];

/** A guess that was never compared (the workers are busy) is no guess. */
async function giveBackAll(counters: readonly Counter[], error: unknown): Promise<never> {
  for (const counter of counters) await giveBack(counter);
  throw error;
}

async function forgive(
  account: Account,
  [guesses, network]: readonly [Counter, Counter],
  session?: Session,
): Promise<void> {
  await atomically(() => [
    clear(guesses),
    giveBack(network),
    ...(account.loginFailedCount > 0 ? [forgetFailedLogIns(account.id)] : []),
    ...(session ? [endOldestSessions(account.id), insertSession(session)] : []),
  ]);
}

async function rehashIfOld(account: Account, password: string): Promise<void> {
  if (!account.passwordHash || !needsRehash(account.passwordHash)) return;
  try {
    await replaceHash(account.id, account.passwordHash, await hashPassword(password));
  } catch (error) {
    // The person is in; the newer hash can wait for the next log-in.
    if (!(error instanceof AuthError)) throw error;
  }
}
