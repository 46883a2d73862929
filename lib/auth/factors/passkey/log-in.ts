import { findAccount } from "#db/accounts.ts";
import { must } from "#db/client.ts";
import type { Account, Session } from "#db/schema.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { type Counter, giveBack, networkOf, siteOf, take } from "#lib/auth/limits.ts";
import { securityEvent } from "#lib/auth/security-events.ts";
import { openSession } from "#lib/auth/sessions/open-session.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import type { Door } from "#lib/doors.ts";
import { type Begun, beginCeremony } from "./ceremonies.ts";
import { showPasskey } from "./use.ts";

/** A challenge for whoever may come. Throws `passkeys_off`, `too_many_tries`. */
export const beginLogIn = (input: { browser: string; client: Client }): Promise<Begun> =>
  beginCeremony({ ...input, purpose: "log-in" });

/**
 * Opens a session for whoever shows a passkey. It is both factors at once, so no code is asked for besides.
 * Throws those of `showPasskey`, `account_blocked`, `session_invalid`, `too_many_tries`.
 */
export async function logInWithPasskey(input: {
  sent: string;
  browser: string | undefined;
  door: Door;
  client: Client;
}): Promise<{ account: Account; session: Session }> {
  const { door, client } = input;
  // Counted before it is looked at, as a password is; each costs a signature's check.
  const tries: Counter = ["login-address", networkOf(client)];
  await take([tries], clock());
  const shown = await showPasskey({ ...input, purpose: "log-in" }).catch((error) => tellRefused(error, input));
  await giveBack(tries);
  const account = await findAccount({ id: shown.passkey.accountId });
  if (!account) throw new AuthError("passkey_unknown");
  await take([["log-in-account", `${account.id}:${siteOf(client)}`]], clock());
  const alongside = () => [must(shown.take(clock()))];
  return { account, session: await openSession({ account, proof: "passkey", door, client, alongside }) };
}

function tellRefused(error: unknown, { client, door }: { client: Client; door: Door }): never {
  if (error instanceof AuthError) securityEvent("log_in_refused", { client, door: door.name, reason: error.code });
  throw error;
}
