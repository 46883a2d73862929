import { randomUUID } from "node:crypto";
import { holdAccount } from "#db/accounts.ts";
import { deleteAppPassword, ifRoomForAppPassword, insertAppPassword, listAppPasswords } from "#db/app-passwords.ts";
import { atomically, must } from "#db/client.ts";
import type { AppPassword } from "#db/schema.ts";
import { type Caller, endSessionsOf, listDoorsUsed } from "#db/sessions.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { noticeOf } from "#lib/auth/factors/notice.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import { holdConfirmed } from "#lib/auth/sessions/confirmed.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import type { Door } from "#lib/doors.ts";
import { hashAppPassword, newAppPassword } from "./words.ts";

/** Passwords for programs that nobody can teach to send a code. Each opens one contract and never the pages. */

export type { AppPassword } from "#db/schema.ts";

const MOST = 20;
export const NAME_LENGTH = 60;

type By = Caller & { client: Client };

/**
 * Makes one, and returns it: nobody can read it again. Throws `confirmation_needed`, `too_many_app_passwords`.
 */
export async function makeAppPassword({
  account,
  session,
  client,
  door,
  name,
}: By & { door: Door; name: string }): Promise<string> {
  const password = newAppPassword();
  const now = clock();
  const made: AppPassword = {
    id: randomUUID(),
    accountId: account.id,
    door: door.name,
    name: name.slice(0, NAME_LENGTH),
    hash: hashAppPassword(account.id, password) ?? "",
    createdAt: now,
    lastUsedAt: null,
  };
  const done = await atomically(() => [
    must(holdAccount(account.id)),
    must(ifRoomForAppPassword(account.id, MOST)),
    must(holdConfirmed(session.id, now)),
    insertAppPassword(made),
    noticeOf(account, "app-password-made", now),
    recordEvent("app_password_made", { account, client, session: session.id, door: door.name }, now),
  ]);
  if (!done) throw new AuthError((await isFull(account.id)) ? "too_many_app_passwords" : "confirmation_needed");
  return password;
}

const isFull = async (accountId: number): Promise<boolean> => (await listAppPasswords(accountId)).length >= MOST;

/** Removes one of this account, and ends what was opened with it. It only makes a log-in harder, and needs no confirmation. */
export async function removeAppPassword({ account, client, id }: Omit<By, "session"> & { id: string }): Promise<void> {
  const now = clock();
  await atomically(() => [
    must(holdAccount(account.id)),
    must(deleteAppPassword(account.id, id)),
    endSessionsOf(account.id, id, now),
    noticeOf(account, "app-password-removed", now),
    recordEvent("app_password_removed", { account, client }, now),
  ]);
}

export const appPasswordsOf = (accountId: number): PromiseLike<AppPassword[]> => listAppPasswords(accountId);

const MONTH = 30 * 24 * 60 * 60_000;

/** Through which doors somebody logged in to the account lately, and when last: what an app for codes will be asked at. */
export const doorsUsedLately = (accountId: number): Promise<{ door: string; at: number }[]> =>
  listDoorsUsed(accountId, clock() - MONTH);
