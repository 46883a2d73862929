import { findAccount, holdAccount, switchSecondFactor } from "#db/accounts.ts";
import {
  beginAuthenticator,
  confirmAuthenticator,
  deleteAuthenticator,
  findAuthenticator,
} from "#db/authenticators.ts";
import { atomically, must } from "#db/client.ts";
import { countRecoveryCodes, deleteRecoveryCodes, insertRecoveryCodes } from "#db/recovery-codes.ts";
import { type Caller, endSessions } from "#db/sessions.ts";
import { deleteAllTrusted } from "#db/trusted-browsers.ts";
import { seal } from "#lib/auth/at-rest.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { noticeOf } from "#lib/auth/factors/notice.ts";
import { type Counter, clear, take } from "#lib/auth/limits.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import { holdConfirmed, isConfirmed } from "#lib/auth/sessions/confirmed.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { env } from "#lib/env.ts";
import { hashRecoveryCode, newRecoveryCodes } from "./recovery-codes.ts";
import { openSecret, sealedFor } from "./second-factor.ts";
import { keyUri, matchingStep, newSecret } from "./totp.ts";

/**
 * Adding an app that shows codes, and taking it away. All of it is for a session in which the strongest factor was given a moment
 * ago: somebody who sits down at an open browser must not lock its owner out of their account.
 */

/** Who asks. */
type By = Caller & { client: Client };

/** What an app is shown: the key, and the same as the address that its picture holds. */
export type NewKey = { key: string; uri: string };

/**
 * The key of the app being added, made at first. It is this session's: one that somebody else has begun with, in a session of theirs, would
 * be known to them for as long as the owner has the app. Throws `factor_exists` where one is confirmed.
 */
export async function keyToAdd({ account, session }: Caller): Promise<NewKey> {
  const found = await findAuthenticator(account.id);
  if (found?.confirmedAt) throw new AuthError("factor_exists");
  const key = (found && openSecret(found, session.id)) ?? (await begin(account.id, session.id));
  return { key, uri: keyUri({ secret: key, issuer: new URL(env().APP_URL).host, account: account.email }) };
}

async function begin(accountId: number, sessionId: string): Promise<string> {
  const key = newSecret();
  const begun = await beginAuthenticator(accountId, seal(key, sealedFor(accountId, sessionId)), clock());
  if (begun.length === 0) throw new AuthError("factor_exists");
  return key;
}

/**
 * The app shows the right code: from now on the account is gated by it. All other sessions end, since they were opened without.
 * Returns the ten recovery codes, which nobody can read again.
 * Throws `second_factor_wrong`, `factor_exists`, `confirmation_needed`, `session_invalid`, `too_many_tries`.
 */
export async function confirmApp({ account, session, client, code }: By & { code: string }): Promise<string[]> {
  // Of this session, and before anything is counted: who sits in a stolen one must not use up the tries its owner logs in with.
  if (!(await isConfirmed(session.id))) throw new AuthError("confirmation_needed");
  const tries: Counter = ["second-factor", `${account.id}:${session.id}`];
  await take([tries], clock());
  const row = await findAuthenticator(account.id);
  if (row?.confirmedAt) throw new AuthError("factor_exists");
  const secret = row && openSecret(row, session.id);
  const step = secret && matchingStep(secret, code, clock());
  if (!row || !step) throw new AuthError("second_factor_wrong");
  const codes = newRecoveryCodes();
  const now = clock();
  const done = await atomically(() => [
    must(switchSecondFactor(account.id, 1)),
    // The code is taken with it: seen over a shoulder, it does not open the first log-in.
    must(
      confirmAuthenticator(account.id, { secret: row.secret, sealed: seal(secret, sealedFor(account.id)), step, now }),
    ),
    must(holdConfirmed(session.id, now)),
    deleteRecoveryCodes(account.id),
    insertRecoveryCodes(account.id, hashesOf(account.id, codes), now),
    endSessions(account.id, now, session.id),
    clear(tries),
    noticeOf(account, "authenticator-added", now),
    recordEvent("factor_added", { account, client, session: session.id, factor: "authenticator" }, now),
  ]);
  if (!done) return refuse(account.id);
  return codes;
}

/** Takes app and recovery codes away. Throws `confirmation_needed`, `session_invalid`. */
export async function removeApp({ account, session, client }: By): Promise<void> {
  const now = clock();
  const done = await atomically(() => [
    must(switchSecondFactor(account.id, 0)),
    must(holdConfirmed(session.id, now)),
    deleteAuthenticator(account.id),
    deleteRecoveryCodes(account.id),
    deleteAllTrusted(account.id),
    noticeOf(account, "authenticator-removed", now),
    recordEvent("factor_removed", { account, client, session: session.id, factor: "authenticator" }, now),
  ]);
  // Pressed twice, it is gone all the same.
  if (!done && (await findAccount({ id: account.id }))?.secondFactor === 1) throw new AuthError("confirmation_needed");
}

/** Ten new recovery codes in place of the old. Throws `confirmation_needed`. */
export async function renewRecoveryCodes({ account, session, client }: By): Promise<string[]> {
  const codes = newRecoveryCodes();
  const now = clock();
  const done = await atomically(() => [
    must(holdAccount(account.id, { secondFactor: 1 })),
    must(holdConfirmed(session.id, now)),
    deleteRecoveryCodes(account.id),
    insertRecoveryCodes(account.id, hashesOf(account.id, codes), now),
    noticeOf(account, "recovery-codes-made", now),
    recordEvent("recovery_codes_made", { account, client, session: session.id }, now),
  ]);
  if (!done) throw new AuthError("confirmation_needed");
  return codes;
}

/** What the account has of second factors. */
export async function secondFactorOf(accountId: number): Promise<{ addedAt: number; codesLeft: number } | undefined> {
  const row = await findAuthenticator(accountId);
  if (!row?.confirmedAt) return undefined;
  return { addedAt: row.confirmedAt, codesLeft: await countRecoveryCodes(accountId) };
}

async function refuse(accountId: number): Promise<never> {
  throw new AuthError(
    (await findAccount({ id: accountId }))?.secondFactor === 1 ? "factor_exists" : "confirmation_needed",
  );
}

const hashesOf = (accountId: number, codes: readonly string[]): string[] =>
  codes.map((code) => hashRecoveryCode(accountId, code));
