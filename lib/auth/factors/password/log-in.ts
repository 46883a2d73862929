import { countFailedLogIn, findPassword, forgetFailedLogIns, replaceHash } from "#db/accounts.ts";
import { findAppPassword } from "#db/app-passwords.ts";
import { atomically } from "#db/client.ts";
import { type Account, AccountStatus, type Session } from "#db/schema.ts";
import { troubleOf } from "#db/trouble.ts";
import { findByIdentifier, NOBODY, nobodysName } from "#lib/auth/accounts/accounts.ts";
import { AuthError, refusals } from "#lib/auth/errors.ts";
import { hashAppPassword } from "#lib/auth/factors/app-password/words.ts";
import { SECOND_FACTOR_REFUSALS } from "#lib/auth/factors/authenticator/second-factor.ts";
import { countForNobody, siteOf, take } from "#lib/auth/limits.ts";
import { requestMail, requestMailQuietly } from "#lib/auth/proofs/mail-requests.ts";
import { recordAttempt } from "#lib/auth/record-event.ts";
import { securityEvent } from "#lib/auth/security-events.ts";
import { isBlocked, openSessionIfUnchanged } from "#lib/auth/sessions/open-session.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import type { Door } from "#lib/doors.ts";
import { type CountedGuess, countGuess } from "./guesses.ts";
import { withPlace } from "./hash-places.ts";
import { hashPassword, needsRehash, passwordMatches } from "./hashing.ts";

export type LogIn = {
  /** An e-mail address or a username. */
  identifier: string;
  password: string;
  /** Where the link leads of the verification mail that an unproved account is sent. */
  link: string;
  client: Client;
  door: Door;
  /**
   * Whether the right password of an account that nobody has proved yet is answered as a wrong one. Where it is not said
   * whether an address was free at a sign-up, whoever signed up with it must not learn it by logging in.
   */
  hidesUnproved: boolean;
  /** The code of the second factor, where the caller gave one. */
  code?: string | undefined;
  /** The token that shall open this session; the store keeps its hash. Without one, tokens are derived from the row. */
  opaqueToken?: string;
};

export const LOG_IN_REFUSALS = refusals(
  "account_not_found",
  "wrong_password",
  "email_unverified",
  "account_blocked",
  ...SECOND_FACTOR_REFUSALS,
  "busy",
);

/**
 * Opens a session for whoever knows the password.
 * Throws `account_not_found`, `wrong_password`, `account_blocked`, `email_unverified` (the password was right, and a new
 * verification mail is on its way), `second_factor_needed`, `second_factor_wrong` (the password was right), `too_many_tries`,
 * `busy`.
 */
export function logIn(input: LogIn): Promise<{ account: Account; session: Session }> {
  return withPlace("log-in", input.client, async () => {
    const account = await findByIdentifier(input.identifier);
    try {
      return await logInKnown(input, account);
    } catch (error) {
      if (error instanceof AuthError && error.code !== "busy") await tellRefused(input, account, error);
      throw error;
    }
  });
}

async function logInKnown(input: LogIn, account: Account | undefined) {
  const guess = await countGuess({ ...input, account });
  try {
    return await logInCounted(input, account, guess);
  } finally {
    guess.settle();
  }
}

function tellRefused(
  { identifier, door, client }: LogIn,
  account: Account | undefined,
  { code, limit }: AuthError,
): Promise<void> | void {
  const of = { account, client, name: identifier, door: door.name };
  if (code === "too_many_tries") return recordAttempt("log_in_shut_out", { ...of, limit });
  // That one has a row of its own (refuseCode).
  if (code === "second_factor_wrong") return securityEvent("log_in_refused", { ...of, reason: code });
  return recordAttempt("log_in_refused", { ...of, reason: code });
}

async function logInCounted(
  input: LogIn,
  account: Account | undefined,
  guess: CountedGuess,
): Promise<{ account: Account; session: Session }> {
  const password = await findPassword((account ?? NOBODY).id);
  const appPassword = guess.mayCompare ? await appPasswordGiven(input, account) : undefined;
  const right = await isRight(input, guess.mayCompare ? password?.hash : null, appPassword).catch(async (error) => {
    await guess.undo();
    throw error;
  });
  if (!account) {
    await countForNobody(nobodysName(input.identifier));
    throw new AuthError("account_not_found");
  }
  if (!right || !password) {
    await countFailedLogIn(account.id);
    throw new AuthError("wrong_password");
  }
  if (account.status === AccountStatus.blocked) throw new AuthError("account_blocked");
  if (account.status === AccountStatus.unverified && input.hidesUnproved) {
    // It counts as a wrong password too: otherwise the limits would tell that it was right.
    await requestMailQuietly({ account, link: input.link });
    throw new AuthError("wrong_password");
  }
  const alongside = () => [
    ...(account.loginFailedCount > 0 ? [forgetFailedLogIns(account.id)] : []),
    ...guess.forgiven(),
  ];
  if (account.status === AccountStatus.unverified) {
    await atomically(alongside);
    await requestMail({
      template: "verify-email",
      typed: account.email,
      account,
      link: input.link,
      client: input.client,
    });
    throw new AuthError("email_unverified", { email: account.email });
  }
  await countRightLogIn(account, input.client, guess);
  // Of the password that was compared: the account's row was read before it.
  const compared = { ...account, passwordEpoch: password.epoch };
  const opening = { ...input, account: compared, proof: "password", appPassword, alongside } as const;
  const session = await openSessionIfUnchanged(opening).catch(async (error) => {
    // The password was right, and was no guess, whatever comes of the second factor.
    if (isOfSecondFactor(error)) await atomically(alongside);
    throw error;
  });
  // While this one was compared, the account was blocked or its password changed.
  if (!session) throw new AuthError((await isBlocked(account.id)) ? "account_blocked" : "wrong_password");
  if (appPassword === undefined) await rehashIfOld(account, password.hash, input.password);
  return { account: { ...compared, loginFailedCount: 0 }, session };
}

/**
 * The account's app password for this door, if what was given is one. The pages take none: their people can type a code, and whoever
 * finds one in a program's settings must not get at the account with it.
 */
async function appPasswordGiven({ password, door }: LogIn, account: Account | undefined): Promise<string | undefined> {
  if (!door.takesAppPasswords) return undefined;
  // Of nobody too: what takes time must take it for every name. None is taken while the account is to be deleted: a program that
  // logs in by itself is not its person, who has changed their mind.
  const { id } = account?.deletesAt === null ? account : NOBODY;
  const hash = hashAppPassword(id, password);
  return hash && (await findAppPassword({ accountId: id, door: door.name, hash }))?.id;
}

async function isRight({ password }: LogIn, hash: string | null | undefined, appPassword: string | undefined) {
  return appPassword !== undefined || passwordMatches(password, hash);
}

const isOfSecondFactor = (error: unknown): boolean =>
  error instanceof AuthError && SECOND_FACTOR_REFUSALS.some((code) => code === error.code);

/** Each opens a session; see `LIMITS`. A right password that comes too often is still no guess. */
async function countRightLogIn(account: Account, client: Client, guess: CountedGuess): Promise<void> {
  try {
    await take([["log-in-account", `${account.id}:${siteOf(client)}`]], clock());
  } catch (error) {
    await guess.undo();
    throw error;
  }
}

async function rehashIfOld({ id }: Account, hash: string | null, password: string): Promise<void> {
  if (hash === null || !needsRehash(hash)) return;
  try {
    await replaceHash(id, hash, await hashPassword(password));
  } catch (error) {
    // The person is in; the newer hash can wait for the next log-in.
    if (!(error instanceof AuthError) && !troubleOf(error)) throw error;
  }
}
