import { askForDeletion, callOffDeletion } from "#db/accounts.ts";
import { supersedeChallenges } from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { endCodeTokens } from "#db/code-tokens.ts";
import { findOperator, hasOtherAdmin, holdOtherAdmins, holdWithRole } from "#db/operators.ts";
import { queueMail } from "#db/outbox.ts";
import { type Account, AccountStatus } from "#db/schema.ts";
import { type Caller, endSessions } from "#db/sessions.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { type Counter, refuseShut, taking } from "#lib/auth/limits.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import { holdConfirmed, isConfirmed } from "#lib/auth/sessions/confirmed.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import type { Door } from "#lib/doors.ts";

/**
 * Deleting an account, as its person asks for it: it is shut at once and goes seven days later (finish-deletions.ts), unless they log in
 * before. Somebody else may have asked, at an open browser or with a stolen password, and its owner must have time to hear of it.
 */

/** In ms. */
export const TIME_TO_CHANGE_ONES_MIND = 7 * 24 * 60 * 60_000;

/** What the mail about it says; it stands in the row of the mail. */
export type DeletionNews = "requested" | "cancelled" | "done" | "by-operator";

type Owner = Pick<Account, "id" | "sub" | "email">;

/**
 * Asks for it, and returns when it will be done. All sessions end, this one too, with every token of every door, and what was mailed before
 * no longer works; app passwords open nothing until somebody logs in otherwise. Throws `confirmation_needed`, `too_many_tries`, `last_admin`.
 */
export async function requestDeletion({ account, session, client }: Caller & { client: Client }): Promise<number> {
  const now = clock();
  const deletesAt = now + TIME_TO_CHANGE_ONES_MIND;
  const counter: Counter = ["deletion-asked", account.id];
  const role = (await findOperator(account.id))?.role;
  const done = await atomically(() => [
    must(holdWithRole(account, role)),
    // The server would be left without anybody who can give roles.
    ...(role === "admin" ? [must(holdOtherAdmins(account.id))] : []),
    must(askForDeletion(account.id, deletesAt, { status: AccountStatus.active })),
    must(holdConfirmed(session.id, now)),
    ...taking([counter], now),
    endSessions(account.id, now),
    supersedeChallenges(account.id, "all", now),
    endCodeTokens(account.id, now),
    recordEvent("deletion_requested", { account, client, session: session.id }, now),
    queueMail({ template: "deletion", about: "requested" satisfies DeletionNews, ...to(account), now }),
  ]);
  if (!done && (await isConfirmed(session.id))) {
    if (role === "admin" && !(await hasOtherAdmin(account.id))) throw new AuthError("last_admin");
    await refuseShut([counter], now);
  }
  // Too late; or it was asked for in another tab, which ended this session.
  if (!done) throw new AuthError("confirmation_needed");
  return deletesAt;
}

/** Statements for the `atomically` that opens a session of an account that is to be deleted: it no longer is, and its owner is told. */
export function callingOffDeletion(
  account: Owner,
  { client, door, session }: { client: Client; door: Door; session: string },
  now: number,
) {
  return [
    must(callOffDeletion(account.id)),
    recordEvent("deletion_cancelled", { account, client, door: door.name, session }, now),
    queueMail({ template: "deletion", about: "cancelled" satisfies DeletionNews, ...to(account), now }),
  ];
}

const to = ({ id, email }: Owner) => ({ to: email, accountId: id });
