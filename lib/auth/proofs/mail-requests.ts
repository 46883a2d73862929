import { findAccount, holdAccount } from "#db/accounts.ts";
import { findChallenge, insertChallenge, supersedeOlder } from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { answerRequest, type MailRequest, queueRequest } from "#db/outbox.ts";
import { type Account, AccountStatus, type Challenge, type OutboxMail } from "#db/schema.ts";
import { destinationOf, findByIdentifier, NOBODY } from "#lib/auth/accounts/accounts.ts";
import { type Counter, taking } from "#lib/auth/limits.ts";
import { isKnownCaller } from "#lib/auth/sessions/known-callers.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { newChallenge } from "./challenges.ts";
import { mailCountersOf, queueCounted, sentCounters, sentCountersIfKnown } from "./mail-limits.ts";

/**
 * A mail that somebody asks for. Before the answer only the request is written down, for any address alike: had the challenge
 * been made there and then, the time it takes would tell who has an account. The outbox finds out later.
 */

/** Milliseconds the outbox leaves a request alone, so that the answer is gone before anybody looks whom it is about. */
export const ANSWER_FIRST = 250;

/**
 * Asks for a mail of this template; within the cool-down does nothing. Throws `too_many_tries` past the limits of mail. What is
 * counted and answered here goes by what the caller typed alone; what an account's own limits leave of it shows in the mail.
 */
export async function requestMail(request: {
  template: AskedByName;
  /** The name that was typed, as counters know it (`destinationOf`). */
  typed: string;
  /** Whose name it is, if anybody's. */
  account: Account | undefined;
  /** What one mail a minute is counted by; the name that was typed, if nothing else. */
  cooldown?: string;
  /** A challenge of the sign-up that is to be mailed anew, or a name that stands for none; null: the account's own. */
  signUp?: string | null;
  link: string;
  client: Client;
}): Promise<void> {
  const { template, typed, account, client, link, signUp = null } = request;
  const now = clock();
  const counters = await mailCountersOf({ to: typed, account, client }, now);
  const callerKnown = await isKnownCaller(account ?? NOBODY, client, now);
  await queueCounted(`${template}:${request.cooldown ?? typed}`, counters, now, () => [
    queueRequest({
      template,
      to: account?.email ?? typed,
      link,
      about: signUp,
      callerKnown,
      now,
      dueAt: now + ANSWER_FIRST,
    }),
  ]);
}

type AskedByName = Exclude<MailRequest["template"], "invite" | "change-email">;

/** As `requestMail`, by the name that was typed. Returns whose it is, if anybody's. */
export async function requestMailByName({
  template,
  identifier,
  link,
  client,
}: {
  template: AskedByName;
  identifier: string;
  link: string;
  client: Client;
}): Promise<Account | undefined> {
  const account = await findByIdentifier(identifier);
  await requestMail({ template, typed: destinationOf(identifier), account, link, client });
  return account;
}

/**
 * Asks for another mail to verify this account's address, for somebody who knows its password. Counts nothing that anybody
 * can see: what its address may be sent is seen to when its turn comes.
 */
export async function requestMailQuietly({ account, link }: { account: Account; link: string }): Promise<void> {
  const now = clock();
  await atomically(() => [
    queueRequest({
      template: "verify-email",
      to: account.email,
      link,
      about: null,
      callerKnown: false,
      now,
      dueAt: now + ANSWER_FIRST,
    }),
  ]);
}

/**
 * For the outbox, when the turn of a request has come: makes the challenge it asks for. The older ones end when its mail has
 * gone out (`endOlder`), or a stranger who asks while mail is down would take from the owner the link they have. Returns the
 * mail it has become, or null where nobody is to be mailed, or was mailed too often.
 */
export async function answerMailRequest(mail: OutboxMail): Promise<OutboxMail | null> {
  const signUp = mail.about === null ? null : await findChallenge(mail.about);
  const account = await subjectOf(mail, signUp);
  const isToVerify = mail.template === "verify-email";
  if (!account || (isToVerify && account.status !== AccountStatus.unverified)) return null;
  const challenge = {
    ...newChallenge(account.id, isToVerify ? "verify-email" : "reset-password"),
    accountId: account.id,
    signUpId: signUp?.signUpId ?? null,
  };
  const now = clock();
  const cooldown: Counter = ["cooldown", `${mail.template}:${signUpName(challenge, account)}`];
  const answer = (counters: readonly Counter[]) =>
    atomically(() => [
      // It may have been proved or deleted since it was read, or have another address: who reads the old one's mail is not asked.
      must(holdAccount(account.id, { email: account.email, ...(isToVerify && { status: AccountStatus.unverified }) })),
      insertChallenge(challenge, now),
      must(answerRequest(mail, { accountId: account.id, challengeId: challenge.id })),
      ...taking([cooldown, ...counters], now),
    ]);
  const rows =
    (await answer(sentCounters(account.email))) ??
    (mail.callerKnown === 1 ? await answer(sentCountersIfKnown(account.email)) : null);
  return rows?.[2][0] ?? null;
}

/** For the outbox, when a mail has gone out: the older challenges of its kind end. Only the newest mail works. */
export async function endOlder(challengeId: string): Promise<void> {
  const challenge = await findChallenge(challengeId);
  if (challenge) await supersedeOlder(challenge, clock());
}

/** Names a sign-up in the cool-down of its mails: the account's own by the account, for which resets have theirs too. */
export function signUpName({ signUpId }: Pick<Challenge, "signUpId">, { sub }: Pick<Account, "sub">): string {
  return signUpId ?? sub;
}

async function subjectOf({ to }: OutboxMail, signUp: Awaited<ReturnType<typeof findChallenge>> | null) {
  if (signUp === null) return findAccount({ email: to });
  return signUp?.purpose === "verify-email" ? findAccount({ id: signUp.accountId }) : undefined;
}
