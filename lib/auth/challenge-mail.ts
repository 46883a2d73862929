import { insertChallenge, supersedeChallenges } from "#db/challenges.ts";
import { atomically } from "#db/client.ts";
import { queueMail } from "#db/outbox.ts";
import type { Account, ChallengePurpose } from "#db/schema.ts";
import { nudgeOutbox } from "#lib/mail/nudge.ts";
import { newChallenge } from "./challenges.ts";
import type { Client } from "./client.ts";
import { type Counter, clear, networkOf, take, tryTake } from "./limits.ts";

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

/** Mails a fresh link and code for `purpose`, and ends the older ones of it; within the cool-down does nothing. */
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
  const challenge = newChallenge(account.id, purpose);
  await atomically((tx) => [
    supersedeChallenges(account.id, purpose, now),
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
  nudgeOutbox();
}
