import { randomUUID } from "node:crypto";
import { accountIdOf, findAccount, holdAccount, insertAccount } from "#db/accounts.ts";
import { insertChallenge } from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { queueMail } from "#db/outbox.ts";
import type { NewPasskey } from "#db/passkeys.ts";
import { unlessReserved } from "#db/reserved-usernames.ts";
import { type Account, AccountStatus } from "#db/schema.ts";
import { type Brought, insertSignUp } from "#db/sign-ups.ts";
import { AuthError, refusals } from "#lib/auth/errors.ts";
import { withPlace } from "#lib/auth/factors/password/hash-places.ts";
import { hashPassword, refuseCommonPassword } from "#lib/auth/factors/password/hashing.ts";
import { type Counter, clear, networkOf, refuseShut, startCooldown, take, taking, tryTake } from "#lib/auth/limits.ts";
import { newChallenge } from "#lib/auth/proofs/challenges.ts";
import { countSent, mailCounters, queueCounted } from "#lib/auth/proofs/mail-limits.ts";
import { signUpName } from "#lib/auth/proofs/mail-requests.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { normalizeEmail, usernameKey } from "#lib/identifiers.ts";
import { isUsernameTaken, nobodysName } from "./accounts.ts";

export type SignUp = {
  email: string;
  password: string;
  username?: string | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
  phoneNumber?: string | undefined;
  /** Where the verification mail's link leads; the token is added to its query. */
  link: string;
  client: Client;
};

export const SIGN_UP_REFUSALS = refusals("email_taken", "password_common", "too_many_tries", "busy");
/** Of one with a username. */
export const NAMED_SIGN_UP_REFUSALS = refusals(...SIGN_UP_REFUSALS, "username_taken");

/**
 * Makes an unverified account and mails a link and a code to prove its address.
 * Throws `email_taken`, `username_taken`, `password_common`, `too_many_tries`, `busy`.
 */
export async function signUp(input: SignUp): Promise<Account> {
  const { account, taken, to } = await tryToSignUp(input);
  if (account) return account;
  throw new AuthError(taken, { email: to });
}

/**
 * As `signUp`, but never says that an address is taken: its owner is told by mail, and the caller sees what they would
 * see had it been free. What it returns is for its door to issue a token with, never to be shown.
 * Throws `username_taken`, `password_common`, `too_many_tries`, `busy`.
 */
export async function signUpQuietly(input: SignUp): Promise<Account | null> {
  const reserved = await reserveName(input);
  try {
    const { account, taken, to } = await tryToSignUp(input);
    if (account) return account;
    if (taken === "username_taken") throw new AuthError("username_taken");
    const owner = await findAccount({ email: to });
    if (owner) await tellOwner(owner, input.client);
    return null;
  } catch (error) {
    if (reserved) await clear(reserved);
    throw error;
  }
}

/**
 * Reserves the name for this sign-up, whatever becomes of it. A taken name is always refused openly. So a name that is still
 * free after a sign-up, or is refused only with a free address, would tell which addresses are taken.
 */
async function reserveName({ username, client }: SignUp): Promise<Counter | undefined> {
  const name = username?.trim();
  if (!name) return undefined;
  const reserved: Counter = ["username-reserved", nobodysName(name)];
  if (!(await isUsernameTaken(name)) && (await tryTake([reserved], clock()))) return reserved;
  await take([["sign-up-address", networkOf(client)]], clock());
  throw new AuthError("username_taken");
}

/**
 * As `signUpQuietly`, for a browser: returns the id of the challenge that stands for this sign-up. On an address that
 * nobody has proved yet it is a sign-up of its own beside the first one, with its own password and mail: had the first one
 * been an impostor's, its code in the owner's hands would give the account to both. Each call counts one mail, whether the
 * address is free, unproved or taken (the id is then a random one), so that none of this shows.
 * Throws `password_common`, `too_many_tries`, `busy`.
 */
export async function signUpInBrowser(input: BrowserSignUp & { password: string }): Promise<string> {
  return standBeside(await tryToSignUp(input), input);
}

/** As `signUpInBrowser`, with a passkey in place of a password. Throws `too_many_tries`. */
export async function signUpWithPasskey(input: BrowserSignUp & { passkey: NewPasskey }): Promise<string> {
  const { passkey } = input;
  await take([["sign-up-address", networkOf(input.client)]], clock());
  const brought = { passwordHash: null, passkeyId: passkey.id, passkey: JSON.stringify(passkey) };
  return standBeside(await makeAccount(input, brought), input);
}

type BrowserSignUp = Pick<SignUp, "email" | "link" | "client">;

async function standBeside({ account, challengeId, to, brought }: Outcome, input: BrowserSignUp): Promise<string> {
  if (account) return challengeId;
  const owner = await findAccount({ email: to });
  if (owner?.status === AccountStatus.unverified) return signUpBeside(owner, brought, input);
  if (owner && (await tellOwner(owner, input.client))) return challengeId;
  // Counted each time, as a sign-up beside another is.
  const now = clock();
  const counters = mailCounters(to, input.client);
  if (!(await atomically(() => [...taking(counters, now), ...cooldowns(to, null, now)])))
    await refuseShut(counters, now);
  return challengeId;
}

/**
 * Tells the owner of an address by mail that somebody signs up with it, and says whether it was time for that: once a
 * minute at most. In one transaction, as an account is made in one: a free address must not be told by the time it takes.
 * Throws `too_many_tries`.
 */
async function tellOwner({ id, email }: Account, client: Client): Promise<boolean> {
  const now = clock();
  // A stranger's limits, whoever asks: a few mails more for the owner would tell that there is an account.
  const counters = mailCounters(email, client);
  return queueCounted(`account-exists:${email}`, counters, now, () => [
    must(holdAccount(id)),
    queueMail({ template: "account-exists", to: email, accountId: id, now }),
    ...countSent(email, now),
    ...cooldowns(email, null, now),
  ]);
}

/**
 * For a minute after a sign-up no further mail is asked for by its names: its own is on its way. Whether the address was
 * free or taken, since whoever tries again and again must not learn from the count of mails which it was.
 */
function cooldowns(email: string, username: string | null, now: number) {
  const names = [email, ...(username === null ? [] : [nobodysName(username)])];
  return names.map((name) => startCooldown(`verify-email:${name}`, now));
}

async function signUpBeside(account: Account, brought: Brought, { link, client }: BrowserSignUp): Promise<string> {
  const now = clock();
  const counters = mailCounters(account.email, client);
  const signUp = { id: randomUUID(), accountId: account.id, ...brought };
  const challenge = { ...newChallenge(account.id, "verify-email"), signUpId: signUp.id };
  const done = await atomically(() => [
    must(holdAccount(account.id, { status: AccountStatus.unverified })),
    insertSignUp(signUp, now),
    insertChallenge(challenge, now),
    queueMail({
      template: "verify-email",
      to: account.email,
      accountId: account.id,
      challengeId: challenge.id,
      link,
      now,
    }),
    ...taking(counters, now),
    ...countSent(account.email, now),
    startCooldown(`verify-email:${challenge.id}`, now),
    startCooldown(`verify-email:${signUpName(challenge, account)}`, now),
    ...cooldowns(account.email, null, now),
    recordEvent("sign_up", { account, client, beside: "another with this address" }, now),
  ]);
  // Where no limit is shut, the account was proved or deleted in this very moment; the next try will see that.
  if (!done) return refuseShut(counters, now);
  return challenge.id;
}

/** `challengeId` stands for nothing where there is no account. */
type Outcome = { to: string; challengeId: string; brought: Brought } & (
  | { account: Account; taken?: undefined }
  | { account?: undefined; taken: "email_taken" | "username_taken" }
);

const tryToSignUp = (input: SignUp): Promise<Outcome> =>
  withPlace("new-password", input.client, () => signUpInPlace(input));

async function signUpInPlace(input: SignUp): Promise<Outcome> {
  await refuseCommonPassword(input.password, [normalizeEmail(input.email), input.username]);
  await take([["sign-up-address", networkOf(input.client)]], clock());
  // Hashed before anyone looks whether the address is free, or the time the answer takes would tell.
  const passwordHash = await hashPassword(input.password);
  return makeAccount(input, { passwordHash, passkeyId: null, passkey: null });
}

async function makeAccount(input: Omit<SignUp, "password">, brought: Brought): Promise<Outcome> {
  const to = normalizeEmail(input.email);
  const now = clock();
  const sub = randomUUID();
  const username = input.username?.trim() || null;
  // A passkey waits beside the account until the address is proved: see `signUps` in db/schema.ts.
  const beside = brought.passkey === null ? undefined : { id: randomUUID(), accountId: accountIdOf(sub), ...brought };
  const challenge = { ...newChallenge(accountIdOf(sub), "verify-email"), signUpId: beside?.id ?? null };
  // Mailed to nobody, and over: whoever asks for a mail in another browser knows the account's own sign-up by it.
  const ownName = { ...newChallenge(accountIdOf(sub), "verify-email"), supersededAt: now };
  const counters = mailCounters(to, input.client);
  const rows = await atomically(() => [
    must(
      insertAccount(
        {
          sub,
          email: to,
          username,
          usernameKey: username && usernameKey(username),
          passwordHash: brought.passwordHash,
          firstName: input.firstName ?? "",
          lastName: input.lastName ?? "",
          phoneNumber: input.phoneNumber ?? "",
        },
        now,
      ),
    ),
    ...(username ? [must(unlessReserved(usernameKey(username), now))] : []),
    ...(beside ? [insertSignUp(beside, now), insertChallenge(ownName, now)] : []),
    insertChallenge(challenge, now),
    queueMail({
      template: "verify-email",
      to,
      accountId: accountIdOf(sub),
      challengeId: challenge.id,
      link: input.link,
      now,
    }),
    // Counted with the account or not at all: sign-ups against somebody's address must not use up the mails they may get.
    ...taking(counters, now),
    ...countSent(to, now),
    startCooldown(`verify-email:${signUpName(challenge, { sub })}`, now),
    startCooldown(`verify-email:${challenge.id}`, now),
    ...cooldowns(to, username, now),
    startCooldown(`account-exists:${to}`, now),
    recordEvent("sign_up", { account: { id: accountIdOf(sub), sub }, client: input.client }, now),
  ]);
  const account = rows?.[0][0];
  const tried = { to, challengeId: challenge.id, brought };
  if (account) return { account, ...tried };
  if (await findAccount({ email: to })) return { taken: "email_taken", ...tried };
  if (username && (await isUsernameTaken(username))) return { taken: "username_taken", ...tried };
  return refuseShut(counters, now);
}
