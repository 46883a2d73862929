import { findAccount, findPassword, setPassword } from "#db/accounts.ts";
import { deleteAppPasswords } from "#db/app-passwords.ts";
import { supersedeChallenges } from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { endCodeTokens } from "#db/code-tokens.ts";
import { endIdentities, type IdentityKey, listIdentities } from "#db/identities.ts";
import { forgetNetworks, rememberNetwork } from "#db/known-networks.ts";
import { queueMail } from "#db/outbox.ts";
import { endPasskeys } from "#db/passkeys.ts";
import {
  type Caller,
  endSessions,
  findLiveSession,
  holdSession,
  insertSession,
  type LiveSession,
} from "#db/sessions.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { type Counter, clear, siteOf, take } from "#lib/auth/limits.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import { holdConfirmed, isConfirmed } from "#lib/auth/sessions/confirmed.ts";
import { newSession } from "#lib/auth/sessions/sessions.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import type { Door } from "#lib/doors.ts";
import { withPlace } from "./hash-places.ts";
import { hashPassword, passwordMatches, refuseCommonPassword } from "./hashing.ts";

/**
 * Sets a new password for someone signed in who also knows the old one (a session left open must not be enough). All
 * sessions, unused codes, and links to a provider and passkeys but those to keep end, and a notice is mailed. Returns the
 * session that takes the place of theirs.
 * Throws `wrong_password`, `confirmation_needed`, `session_invalid` (it ended meanwhile), `password_common`, `too_many_tries`, `busy`.
 */
export function changePassword(input: PasswordChange): Promise<LiveSession> {
  return withPlace("new-password", input.client, () => changeInPlace(input));
}

export type PasswordChange = {
  account: Caller["account"];
  session: Caller["session"];
  currentPassword: string;
  newPassword: string;
  /** The links to a provider that shall still open the account: whoever linked themselves may be why it is changed. */
  keep: readonly IdentityKey[];
  /** The same of passkeys, by their ids. */
  keepPasskeys: readonly string[];
  door: Door;
  client: Client;
};

async function changeInPlace(input: PasswordChange): Promise<LiveSession> {
  const { account, session } = input;
  await refuseCommonPassword(input.newPassword, [account.email, account.username]);
  // Counted per session: guesses here must not block log-ins, and blocked log-ins must not block this.
  const guesses: Counter = ["password", `${account.id}:${session.id}`];
  await take([guesses], clock());
  const password = await findPassword(account.id);
  if (!password || !(await passwordMatches(input.currentPassword, password.hash)))
    throw new AuthError("wrong_password");
  const secondFactor = (await findAccount({ id: account.id }))?.secondFactor ?? 0;
  const newHash = await hashPassword(input.newPassword);
  // The form may name anything; only links of this account count.
  const keep = (await listIdentities(account.id)).filter(({ issuer, subject }) =>
    input.keep.some((one) => one.issuer === issuer && one.subject === subject),
  );
  const now = clock();
  const live = await findLiveSession({ id: session.id }, now);
  if (!live) throw new AuthError("session_invalid");
  const amr = live.session.amr.split(" ").filter(Boolean);
  const next = newSession({ account, door: input.door, client: input.client, now, amr, isConfirmed: true });
  const rows = await atomically(() => [
    // Whoever knows the old password and sits in a stolen session must not undo the reset by which its owner throws them
    // out: while both passwords were hashed the reset may have set another password and ended this session.
    must(setPassword(account.id, newHash, now, { passwordEpoch: password.epoch, secondFactor })),
    // Of an account with an app for codes the old password alone is not its strongest factor.
    must(secondFactor === 1 ? holdConfirmed(session.id, now) : holdSession(session.id, now)),
    // This one too, for a new one in its place: who has copied this browser's cookies must be out as well.
    endSessions(account.id, now),
    insertSession(next),
    ...endIdentities(account.id, now, keep),
    endPasskeys(account.id, now, input.keepPasskeys),
    supersedeChallenges(account.id, "all", now),
    endCodeTokens(account.id, now),
    // As by a reset: they let in without the new password.
    deleteAppPasswords(account.id),
    clear(guesses),
    // A network known under the old password may be that of the person it was changed because of.
    forgetNetworks(account.id),
    rememberNetwork(account.id, siteOf(input.client), now),
    queueMail({ template: "password-changed", to: account.email, accountId: account.id, now }),
    recordEvent("password_changed", { account, client: input.client, session: session.id }, now),
  ]);
  const changed = rows?.[0][0];
  return changed ? { account: changed, session: next } : refuse(session.id, secondFactor, now);
}

async function refuse(sessionId: string, secondFactor: number, now: number): Promise<never> {
  if (!(await findLiveSession({ id: sessionId }, now))) throw new AuthError("session_invalid");
  const isMissing = secondFactor === 1 && !(await isConfirmed(sessionId));
  throw new AuthError(isMissing ? "confirmation_needed" : "wrong_password");
}
