import { beginDeletion, finishDeletion, listDueForDeletion, listHalfDeleted } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import { queueMail } from "#db/outbox.ts";
import { PARTS, purgePart } from "#db/personal-data.ts";
import type { Account } from "#db/schema.ts";
import { forgetGuesses } from "#lib/auth/factors/password/guesses.ts";
import { clear, clearAll } from "#lib/auth/limits.ts";
import { accountEvent } from "#lib/auth/security-events.ts";
import { tellOthers } from "#lib/auth/tell-others.ts";
import { isStopping } from "#lib/lifecycle.ts";
import type { DeletionNews } from "./delete-account.ts";

/**
 * The end of an account whose person asked for it seven days ago. First its row is emptied and shut, in one small transaction: from then on
 * nobody can open it, and its address is free. Then what hangs on it goes in parts, since that may be a hundred thousand rows, and at
 * last the row. Ended in between, it is gone on with by the next run.
 */

/** Does something with at most so many rows at a time, until there are no more; returns early where the process stops. */
type InBatches = (some: (most: number) => PromiseLike<unknown[]>, most?: number) => Promise<void>;

/** Accounts at a time. */
const FEW = 20;

export async function finishDeletions(now: number, inBatches: InBatches): Promise<void> {
  await inBatches(async (most) => {
    const due = await listDueForDeletion(now, most);
    for (const account of due) await shutForGood(account, now);
    return due;
  }, FEW);
  await inBatches(async (most) => {
    const shut = await listHalfDeleted(most);
    for (const { id } of shut) await removeAll(id, inBatches);
    return shut;
  }, FEW);
}

/** Nothing happens where its person logged in meanwhile. */
async function shutForGood(account: Account, now: number): Promise<void> {
  const done = await atomically(() => [
    must(beginDeletion(account, now)),
    ...tellOthers("account_deleted", account, {}, now),
    ...forgetCounters(account),
    // Of no account: it must outlive this one's rows.
    queueMail({ template: "deletion", about: "done" satisfies DeletionNews, to: account.email, now }),
  ]);
  if (done) accountEvent("account_deleted", account);
}

/** Counters that name the account. Those of its address stay for their hour or day: they keep an address from being flooded. */
function forgetCounters({ id, sub, email, username }: Account) {
  return [
    ...forgetGuesses({ id, email, username }),
    ...(["second-factor", "code-day", "invite-sender", "data-export", "deletion-asked"] as const).map((limit) =>
      clear([limit, id]),
    ),
    ...(["log-in-account", "attempts-told"] as const).map((limit) => clearAll([limit, id])),
    ...["verify-email", "reset-password", "link-provider"].map((what) => clear(["cooldown", `${what}:${sub}`])),
  ];
}

async function removeAll(id: number, inBatches: InBatches): Promise<void> {
  for (const part of PARTS) await inBatches((most) => purgePart(part, id, most));
  // What is left of it would go in one go.
  if (!isStopping()) await finishDeletion(id);
}
