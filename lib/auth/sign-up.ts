import { randomUUID } from "node:crypto";
import { accountIdOf, findAccount, holdAccount, insertAccount } from "#db/accounts.ts";
import { insertChallenge } from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { queueMail } from "#db/outbox.ts";
import type { Account } from "#db/schema.ts";
import { nudgeOutbox } from "#lib/mail/nudge.ts";
import { mailCounters, mayMail } from "./challenge-mail.ts";
import { newChallenge } from "./challenges.ts";
import type { Client } from "./client.ts";
import { AuthError } from "./errors.ts";
import { normalizeEmail, usernameKey } from "./identifiers.ts";
import { networkOf, refuseShut, startCooldown, take, taking } from "./limits.ts";
import { hashPassword, refuseCommonPassword } from "./passwords.ts";

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
  const { account, taken, to } = await tryToSignUp(input);
  if (account) return account;
  if (taken === "username_taken") throw new AuthError("username_taken");
  const owner = await findAccount({ email: to });
  const now = Date.now();
  if (!owner || !(await mayMail(`account-exists:${to}`, to, input.client, now))) return null;
  await atomically((tx) => [
    must(holdAccount(owner.id)),
    queueMail(tx, { template: "account-exists", to, accountId: owner.id, now }),
    startCooldown(`verify-email:${owner.sub}`, now),
  ]);
  nudgeOutbox();
  return null;
}

type Outcome =
  | { account: Account; taken?: undefined; to: string }
  | { account?: undefined; taken: "email_taken" | "username_taken"; to: string };

async function tryToSignUp(input: SignUp): Promise<Outcome> {
  const to = normalizeEmail(input.email);
  const now = Date.now();
  await refuseCommonPassword(input.password, [to, input.username]);
  await take([["sign-up-address", networkOf(input.client)]], now);
  // Hashed before anyone looks whether the address is free, or the time the answer takes would tell.
  const passwordHash = await hashPassword(input.password);
  const sub = randomUUID();
  const username = input.username?.trim() || null;
  const challenge = newChallenge(accountIdOf(sub), "verify-email");
  const counters = mailCounters(to, input.client);
  const rows = await atomically((tx) => [
    must(
      insertAccount(
        {
          sub,
          email: to,
          username,
          usernameKey: username && usernameKey(username),
          passwordHash,
          firstName: input.firstName ?? "",
          lastName: input.lastName ?? "",
          phoneNumber: input.phoneNumber ?? "",
        },
        now,
      ),
    ),
    insertChallenge(challenge, now),
    queueMail(tx, {
      template: "verify-email",
      to,
      accountId: accountIdOf(sub),
      challengeId: challenge.id,
      link: input.link,
      now,
    }),
    // Counted with the account or not at all: sign-ups against somebody's address must not use up the mails they may get.
    ...taking(counters, now),
    // Those a taken address starts too: whoever tries again and again must not learn from the count of mails which it was.
    startCooldown(`verify-email:${sub}`, now),
    startCooldown(`account-exists:${to}`, now),
  ]);
  const account = rows?.[0][0];
  if (account) {
    nudgeOutbox();
    return { account, to };
  }
  if (await findAccount({ email: to })) return { taken: "email_taken", to };
  if (username && (await findAccount({ usernameKey: usernameKey(username) }))) return { taken: "username_taken", to };
  return refuseShut(counters, now);
}
