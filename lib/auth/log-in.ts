import { countFailedLogIn, findAccount, forgetFailedLogIns, replaceHash } from "#db/accounts.ts";
import { atomically } from "#db/client.ts";
import { type Account, AccountStatus, type Session, type SessionKind } from "#db/schema.ts";
import { findByIdentifier, nobodysName } from "./accounts.ts";
import { mailChallenge } from "./challenge-mail.ts";
import type { Client } from "./client.ts";
import { AuthError } from "./errors.ts";
import { type Counter, clear, giveBack, networkOf, take } from "./limits.ts";
import { openSessionIfUnchanged } from "./open-session.ts";
import { hashPassword, needsRehash, passwordMatches } from "./passwords.ts";

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
  const counters = [guessCounter(account, input), networkCounter(input.client)] as const;
  await take(counters, Date.now());
  return logInCounted(input, account, counters);
}

type Counters = readonly [guesses: Counter, network: Counter];

async function logInCounted(
  input: LogIn,
  account: Account | undefined,
  counters: Counters,
  isSecondLook = false,
): Promise<{ account: Account; session: Session }> {
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
    await atomically(() => forgiving(account, counters));
    await mailChallenge({ account, purpose: "verify-email", link: input.link, client: input.client });
    throw new AuthError("email_unverified", { email: account.email });
  }
  const session = await openSessionIfUnchanged({ ...input, account, alongside: () => forgiving(account, counters) });
  // The password was changed while this one was compared. It may be the same one all the same, in a newer hash (another
  // log-in of theirs has just replaced an old one), so it is compared once more with what stands now.
  if (!session && isSecondLook) throw new AuthError("wrong_password");
  if (!session) return logInCounted(input, await findAccount({ id: account.id }), counters, true);
  await rehashIfOld(account, input.password);
  return { account: { ...account, loginFailedCount: 0 }, session };
}

/**
 * Which counter a guess counts against. A browser that has logged in to this account before has one of its own, so that
 * a stranger who guesses until the account is shut does not shut its owner out.
 */
function guessCounter(account: Account | undefined, { identifier, client }: LogIn): Counter {
  if (!account) return ["password", nobodysName(identifier)];
  return client.device?.accounts.includes(account.sub)
    ? ["password", `${account.id}:${client.device.id}`]
    : ["password", account.id];
}

const networkCounter = (client: Client): Counter => ["login-address", networkOf(client)];

/** A guess that was never compared (the workers are busy) is no guess. */
async function giveBackAll(counters: readonly Counter[], error: unknown): Promise<never> {
  for (const counter of counters) await giveBack(counter);
  throw error;
}

/** What a right password undoes: the guesses counted before it, and its own try. */
const forgiving = (account: Account, [guesses, network]: Counters): PromiseLike<unknown>[] => [
  ...(account.loginFailedCount > 0 ? [forgetFailedLogIns(account.id)] : []),
  clear(guesses),
  giveBack(network),
];

async function rehashIfOld(account: Account, password: string): Promise<void> {
  if (!account.passwordHash || !needsRehash(account.passwordHash)) return;
  try {
    await replaceHash(account.id, account.passwordHash, await hashPassword(password));
  } catch (error) {
    // The person is in; the newer hash can wait for the next log-in.
    if (!(error instanceof AuthError)) throw error;
  }
}
