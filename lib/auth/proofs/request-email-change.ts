import { holdAccount } from "#db/accounts.ts";
import { findAddressRequest, insertAddressRequest, newestAddressRequest } from "#db/address-changes.ts";
import {
  findChallenge,
  holdUnused,
  insertChallenge,
  supersedeChallenges,
  supersedeOtherAddresses,
} from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { answerRequest, answerWithNotice, queueRequest } from "#db/outbox.ts";
import { AccountStatus, type OutboxMail } from "#db/schema.ts";
import { type Caller, findLiveSession, holdUnusedSession } from "#db/sessions.ts";
import { findProved } from "#lib/auth/accounts/accounts.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { type Counter, opensAt, refuseShut, taking } from "#lib/auth/limits.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import { holdConfirmed, isConfirmed } from "#lib/auth/sessions/confirmed.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { env } from "#lib/env.ts";
import { normalizeEmail } from "#lib/identifiers.ts";
import { newChallenge } from "./challenges.ts";
import { mailCounters, sentCounters } from "./mail-limits.ts";
import { ANSWER_FIRST } from "./mail-requests.ts";

/**
 * A new address for an account is asked for here, and takes effect when its reader has answered (confirm-email-change.ts). Whether
 * anybody has the address already must not show to who asks: all that differs is which mail goes out, later.
 */

type Asking = Caller & {
  /** Where the mail's link leads. */
  link: string;
  client: Client;
};

/**
 * Mails a link and a code to the new address. A change to another one that was asked for before ends. Within the cool-down of the
 * same address does nothing. Throws `confirmation_needed` (a stolen cookie must not move the account to the thief's mailbox),
 * `too_many_tries`.
 */
export async function requestEmailChange(input: Asking & { email: string }): Promise<void> {
  const { account, session, client } = input;
  const email = normalizeEmail(input.email);
  const now = clock();
  const counters = countersOf(account, email, client);
  const done = await atomically(() => [
    must(holdAccount(account.id, { email: account.email, status: AccountStatus.active })),
    must(holdConfirmed(session.id, now)),
    ...taking(counters, now),
    supersedeOtherAddresses(account.id, email, now),
    ...asking({ ...input, email, sessionId: session.id }, now),
    recordEvent("address_change_requested", { account, client, name: email, session: session.id }, now),
  ]);
  if (done) return;
  if (!(await isConfirmed(session.id))) throw new AuthError("confirmation_needed");
  // Pressed twice, or in two tabs: the mail is on its way.
  const isWaitedFor = (await pendingEmailChange(account.id))?.email === email;
  if (!isWaitedFor || (await opensAt(counters.slice(0, 1), now)) <= now) await refuseShut(counters, now);
}

/**
 * Mails another link and code for the change that waits, if there is one still; it stays bound to the session that asked first.
 * Throws `too_many_tries`.
 */
export async function requestEmailChangeAgain(input: Asking): Promise<void> {
  const { account, client } = input;
  const pending = await pendingEmailChange(account.id);
  if (!pending) return;
  const now = clock();
  const counters = countersOf(account, pending.email, client);
  const done = await atomically(() => [
    must(holdAccount(account.id, { email: account.email, status: AccountStatus.active })),
    // Withdrawn meanwhile it must not come back.
    must(holdUnused(pending.challengeId)),
    must(holdUnusedSession(pending.sessionId, now)),
    ...taking(counters, now),
    ...asking({ ...input, ...pending }, now),
  ]);
  if (!done && (await pendingEmailChange(account.id))) await refuseShut(counters, now);
}

/** As every mail counts; and by the account, since each may go to another address. */
function countersOf(account: Caller["account"], email: string, client: Client): Counter[] {
  return [
    ["cooldown", `change-email:${account.sub}:${email}`],
    ["email-change", account.id],
    ...mailCounters(email, client),
  ];
}

function asking({ account, link, email, sessionId }: Asking & { email: string; sessionId: string }, now: number) {
  const challenge = { ...newChallenge(account.id, "change-email"), accountId: account.id };
  return [
    insertChallenge(challenge, now),
    insertAddressRequest({ challengeId: challenge.id, email, sessionId }),
    queueRequest({
      template: "change-email",
      to: email,
      accountId: account.id,
      link,
      about: challenge.id,
      callerKnown: false,
      now,
      dueAt: now + ANSWER_FIRST,
    }),
  ];
}

/**
 * For the outbox, when the turn of such a request has come. The address of nobody, or of a sign-up that nobody proved, is sent the
 * link and the code; whoever has it already is told that somebody else wants it. Returns the mail it has become, or null where
 * it is not wanted any more, or the address was mailed too often.
 */
export async function answerEmailChangeRequest(mail: OutboxMail): Promise<OutboxMail | null> {
  const challenge = await findChallenge(mail.about ?? "");
  const request = challenge && (await findAddressRequest(challenge.id));
  if (!request) return null;
  const owner = await findProved(request.email);
  const now = clock();
  const rows = await atomically(() => [
    must(owner ? holdAccount(owner.id, { email: owner.email }) : holdAccount(challenge.accountId)),
    must(holdUnused(challenge.id)),
    must(
      owner
        ? answerWithNotice(mail, { template: "account-exists", about: "change-email", accountId: owner.id })
        : answerRequest(mail, { accountId: challenge.accountId, challengeId: challenge.id }),
    ),
    ...taking(sentCounters(request.email), now),
  ]);
  return rows?.[2][0] ?? null;
}

export type PendingEmailChange = {
  challengeId: string;
  /** The address it would be. */
  email: string;
  /** The session that asked. */
  sessionId: string;
  /** When its last mail was asked for, in ms since 1970. */
  askedAt: number;
};

/**
 * The change that waits for its mail to be answered, or null: there is none, its time is over, or the session that asked has ended.
 * Its time counts from when it was asked for, also where no mail of ours with a link went out: the difference would tell.
 */
export async function pendingEmailChange(accountId: number): Promise<PendingEmailChange | null> {
  const newest = await newestAddressRequest(accountId);
  if (!newest) return null;
  const { request, challenge } = newest;
  const now = clock();
  const isOver = challenge.usedAt !== null || challenge.supersededAt !== null;
  if (isOver || challenge.createdAt + env().VERIFY_LINK_TTL <= now) return null;
  if (!(await findLiveSession({ id: request.sessionId }, now))) return null;
  return { ...request, askedAt: challenge.createdAt };
}

/** Ends what waits, from whichever session: a change that somebody else asked for is stopped by it. */
export async function withdrawEmailChange({ account }: Pick<Caller, "account">): Promise<void> {
  const now = clock();
  await atomically(() => [must(holdAccount(account.id)), supersedeChallenges(account.id, "change-email", now)]);
}
