import { findAccount, findPassword, holdAccount } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import { type Caller, confirmSession, findLiveSession, holdSession } from "#db/sessions.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { checkCode } from "#lib/auth/factors/authenticator/second-factor.ts";
import { showPasskey } from "#lib/auth/factors/passkey/use.ts";
import { withPlace } from "#lib/auth/factors/password/hash-places.ts";
import { passwordMatches } from "#lib/auth/factors/password/hashing.ts";
import { type Counter, clear, take } from "#lib/auth/limits.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";

/**
 * For what matters most somebody who is logged in shows once more that it is them: an open browser, or a stolen cookie, is not enough.
 * It holds for this session alone, and for ten minutes.
 */

/** In ms. */
const CONFIRMED_FOR = 10 * 60_000;

/** Whether the strongest factor was given in this session lately: as it was opened, or again since. */
export async function isConfirmed(sessionId: string): Promise<boolean> {
  const now = clock();
  const live = await findLiveSession({ id: sessionId }, now);
  return live !== undefined && (live.session.confirmedAt ?? live.session.createdAt) > now - CONFIRMED_FOR;
}

/** For the `atomically` of an effect that needs it: returns the row only while the session lives and is confirmed. */
export const holdConfirmed = (sessionId: string, now: number) => holdSession(sessionId, now, now - CONFIRMED_FOR);

/**
 * What this account is asked for: the app's code where it has one, else its password, else to come in anew. A passkey does in place of
 * any of them (`confirmByPasskey`).
 */
export async function confirmationOf(accountId: number): Promise<"code" | "password" | "log-in"> {
  const account = await findAccount({ id: accountId });
  if (account?.secondFactor === 1) return "code";
  return (await findPassword(accountId))?.hash ? "password" : "log-in";
}

type Confirmation = Caller & { client: Client; given: string };

/** Throws `second_factor_wrong`, `wrong_password`, `session_invalid`, `too_many_tries`, `busy`. */
export async function confirmPerson(input: Confirmation): Promise<void> {
  if ((await confirmationOf(input.account.id)) === "code") return confirmByCode(input);
  return withPlace("log-in", input.client, () => confirmByPassword(input));
}

/**
 * Throws those of `showPasskey`, `passkey_wrong` also where the passkey is another account's, and `session_invalid`.
 */
export async function confirmByPasskey(
  input: Omit<Confirmation, "given"> & { sent: string; browser: string | undefined },
): Promise<void> {
  const { account, session } = input;
  const shown = await showPasskey({ ...input, purpose: "confirm" });
  // Whoever logged in here meanwhile, or has a passkey of their own for this site, confirms nothing for another.
  if (shown.sessionId !== session.id || shown.passkey.accountId !== account.id) throw new AuthError("passkey_wrong");
  const now = clock();
  const done = await atomically(() => [
    must(holdAccount(account.id)),
    must(shown.take(now)),
    must(confirmSession(session.id, now)),
  ]);
  if (!done) throw new AuthError("session_invalid");
}

async function confirmByCode({ account, session, client, given }: Confirmation): Promise<void> {
  const passed = await checkCode(account, client, given);
  const now = clock();
  const done = await atomically(() => [
    must(holdAccount(account.id, { secondFactor: 1 })),
    ...passed.spend(now),
    must(confirmSession(session.id, now)),
  ]);
  if (!done) throw new AuthError("second_factor_wrong");
}

async function confirmByPassword({ account, session, given }: Confirmation): Promise<void> {
  // As for a change of password: counted per session, so that guesses here block no log-in.
  const guesses: Counter = ["password", `${account.id}:${session.id}`];
  await take([guesses], clock());
  const password = await findPassword(account.id);
  if (!password || !(await passwordMatches(given, password.hash))) throw new AuthError("wrong_password");
  const now = clock();
  const done = await atomically(() => [
    // Of an account that was given a second factor meanwhile the password alone is not enough any more.
    must(holdAccount(account.id, { passwordEpoch: password.epoch, secondFactor: 0 })),
    must(confirmSession(session.id, now)),
    clear(guesses),
  ]);
  if (!done) throw new AuthError("session_invalid");
}
