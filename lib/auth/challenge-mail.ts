import { randomUUID } from "node:crypto";
import { findAccount, holdAccount } from "#db/accounts.ts";
import { findChallenge, insertChallenge, newestChallenge, supersedeKindred } from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { queueMail } from "#db/outbox.ts";
import { type Account, AccountStatus, type Challenge, type ChallengePurpose } from "#db/schema.ts";
import { nudgeOutbox } from "#lib/mail/nudge.ts";
import { newChallenge } from "./challenges.ts";
import type { Client } from "./client.ts";
import { normalizeEmail } from "./identifiers.ts";
import { type Counter, clear, networkOf, startCooldown, take, tryTake } from "./limits.ts";

/** The counters every mail counts against: its destination (all purposes together) and whoever caused it. */
export function mailCounters(to: string, client: Client): Counter[] {
  return [
    ["mail-hour", to],
    ["mail-day", to],
    ["mail-address", networkOf(client)],
  ];
}

/**
 * Whether a mail may go out now: false within the cool-down of `what`, in which the caller answers as if it had.
 * Throws `too_many_tries` past the limits of mail.
 */
export async function mayMail(what: string, to: string, client: Client, now: number): Promise<boolean> {
  const cooldown: Counter = ["cooldown", what];
  if (!(await tryTake([cooldown], now))) return false;
  try {
    await take(mailCounters(to, client), now);
    return true;
  } catch (error) {
    await clear(cooldown);
    throw error;
  }
}

/**
 * Mails a fresh link and code for `purpose`, and ends the older ones of it (of verifying ones those of the account's own
 * sign-up); within the cool-down does nothing.
 */
export async function mailChallenge({
  account,
  purpose,
  link,
  client,
}: {
  account: Account;
  purpose: Exclude<ChallengePurpose, "invite" | "link-provider">;
  link: string;
  client: Client;
}): Promise<void> {
  const now = Date.now();
  if (!(await mayMail(`${purpose}:${account.sub}`, account.email, client, now))) return;
  const challenge = { ...newChallenge(account.id, purpose), accountId: account.id };
  const done = await atomically((tx) => [
    // It may have been deleted since it was read, by whoever reads its address and never signed up. Of two callers at once
    // the second waits here, and ends the first one's challenge.
    must(holdAccount(account.id)),
    supersedeKindred(challenge, now),
    insertChallenge(challenge, now),
    queueMail(tx, {
      template: purpose,
      to: account.email,
      accountId: account.id,
      challengeId: challenge.id,
      link,
      now,
    }),
  ]);
  if (done) nudgeOutbox();
}

/**
 * Mails another link and code for the sign-up of a challenge, with its password, and ends those it had. Other sign-ups with
 * the address keep theirs, and do not make this one wait. Returns the new challenge's id; for an id that nothing stands
 * behind one that nothing stands behind, counted alike.
 */
export async function mailSignUpAgain({
  challengeId,
  email,
  link,
  client,
}: {
  challengeId: string;
  /** Where the mail would go if there were a sign-up. */
  email: string;
  link: string;
  client: Client;
}): Promise<string> {
  const now = Date.now();
  if (!(await mayMail(`verify-email:${challengeId}`, email, client, now))) return challengeId;
  const before = await findChallenge(challengeId);
  const account = before?.purpose === "verify-email" ? await findAccount({ id: before.accountId }) : undefined;
  if (!before || !account || account.status !== AccountStatus.unverified) return randomUUID();
  const challenge = { ...newChallenge(account.id, "verify-email"), ...signUpOf(before) };
  await atomically((tx) => [
    must(holdAccount(account.id, { status: AccountStatus.unverified })),
    supersedeKindred(challenge, now),
    insertChallenge(challenge, now),
    queueMail(tx, {
      template: "verify-email",
      to: account.email,
      accountId: account.id,
      challengeId: challenge.id,
      link,
      now,
    }),
    startCooldown(`verify-email:${challenge.id}`, now),
    // The account's own sign-up may be mailed through a contract too.
    ...(challenge.passwordHash === null ? [startCooldown(`verify-email:${account.sub}`, now)] : []),
  ]);
  nudgeOutbox();
  return challenge.id;
}

const signUpOf = ({ accountId, passwordHash }: Challenge) => ({ accountId, passwordHash });

/** The id of the newest challenge of the sign-up that made this address's account; a random one where there is none. */
export async function ownSignUp(email: string): Promise<string> {
  const account = await findAccount({ email: normalizeEmail(email) });
  const newest =
    account && (await newestChallenge({ accountId: account.id, purpose: "verify-email", passwordHash: null }));
  return newest?.id ?? randomUUID();
}
