import { findAccount, holdAccount } from "#db/accounts.ts";
import { findChallenge, insertChallenge, supersedeKindred } from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { answerRequest, type MailRequest, queueRequest } from "#db/outbox.ts";
import { type Account, AccountStatus, type OutboxMail } from "#db/schema.ts";
import { nudgeOutbox } from "#lib/mail/nudge.ts";
import { newChallenge } from "./challenges.ts";
import type { Client } from "./client.ts";
import { type Counter, opensAt, refuseShut, taking } from "./limits.ts";
import { mailCountersOf } from "./mail-limits.ts";

/**
 * A mail that somebody asks for. Before the answer only the request is written down, for any address alike: had the challenge
 * been made there and then, the time it takes would tell who has an account. The outbox finds out later.
 */

/** Milliseconds the outbox leaves a request alone, so that the answer is gone before anybody looks whom it is about. */
const ANSWER_FIRST = 250;

/**
 * Asks for a mail of this template to `to`; within the cool-down does nothing. Throws `too_many_tries` past the limits of
 * mail, which count for an address that nobody has as for any other.
 */
export async function requestMail(request: {
  template: MailRequest["template"];
  to: string;
  /** Whose the address is, if anybody's. Decides nothing but how many mails they may ask for. */
  account: Account | undefined;
  /** What one mail a minute is counted by. */
  cooldown: string;
  /** A challenge of the sign-up that is to be mailed anew, or a name that stands for none; null: the account's own. */
  signUp?: string | null;
  link: string;
  client: Client;
}): Promise<void> {
  const { template, to, link, signUp = null } = request;
  const now = Date.now();
  const cooldown: Counter = ["cooldown", `${template}:${request.cooldown}`];
  const counters = await mailCountersOf(request, now);
  const isWritten = await atomically(() => [
    ...taking([cooldown, ...counters], now),
    queueRequest({ template, to, link, signUp, now, dueAt: now + ANSWER_FIRST }),
  ]);
  if (isWritten) nudgeOutbox();
  else if ((await opensAt([cooldown], now)) <= now) await refuseShut(counters, now);
}

/**
 * For the outbox, when the turn of a request has come: makes the challenge it asks for, and ends the older ones of its
 * purpose (of verifying ones those of its sign-up). Returns the mail it has become, or null where nobody is to be mailed.
 */
export async function answerMailRequest(mail: OutboxMail): Promise<OutboxMail | null> {
  const signUp = mail.signUp === null ? null : await findChallenge(mail.signUp);
  const account = await subjectOf(mail, signUp);
  const isToVerify = mail.template === "verify-email";
  if (!account || (isToVerify && account.status !== AccountStatus.unverified)) return null;
  const challenge = {
    ...newChallenge(account.id, isToVerify ? "verify-email" : "reset-password"),
    accountId: account.id,
    passwordHash: signUp?.passwordHash ?? null,
  };
  const now = Date.now();
  const rows = await atomically(() => [
    // Of two at once the second waits here, and ends the first one's challenge. It may have been proved or deleted, too.
    must(holdAccount(account.id, isToVerify ? { status: AccountStatus.unverified } : {})),
    supersedeKindred(challenge, now),
    insertChallenge(challenge, now),
    must(answerRequest(mail, { accountId: account.id, challengeId: challenge.id })),
  ]);
  return rows?.[3][0] ?? null;
}

/** Whether nobody has looked yet whom this mail goes to. */
export const isMailRequest = ({ template, challengeId }: OutboxMail): boolean =>
  challengeId === null && (template === "verify-email" || template === "reset-password");

async function subjectOf({ to }: OutboxMail, signUp: Awaited<ReturnType<typeof findChallenge>> | null) {
  if (signUp === null) return findAccount({ email: to });
  return signUp?.purpose === "verify-email" ? findAccount({ id: signUp.accountId }) : undefined;
}
