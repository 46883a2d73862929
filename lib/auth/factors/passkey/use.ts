import { findAccount } from "#db/accounts.ts";
import { findPasskey, takePasskey } from "#db/passkeys.ts";
import type { CeremonyPurpose, Passkey } from "#db/schema.ts";
import { findSignUpByPasskey } from "#db/sign-ups.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { recordAttempt } from "#lib/auth/record-event.ts";
import type { Client } from "#lib/client.ts";
import { endCeremony } from "./ceremonies.ts";
import { isLive } from "./live.ts";
import { readAssertion } from "./responses.ts";
import { verifyAssertion } from "./verify.ts";

/** What somebody who shows a passkey may do with it is for the caller to say: open a session, or confirm the one they have. */

export type Shown = {
  passkey: Passkey;
  sessionId: string | null;
  /** A statement for `atomically`, after the one that holds the account: undoes all where the passkey opens it no more. */
  take: (now: number) => PromiseLike<unknown[]>;
};

/**
 * Looks at what an authenticator signed.
 * Throws `passkey_too_late`, `passkey_unknown`, `passkey_unproved`, `passkey_ended`, `passkey_wrong`, `passkeys_off`.
 */
export async function showPasskey({
  sent,
  purpose,
  browser,
  client,
}: {
  sent: string;
  purpose: CeremonyPurpose;
  browser: string | undefined;
  client: Client;
}): Promise<Shown> {
  const response = readAssertion(sent);
  const { clientDataJSON } = response.response;
  const { challenge, sessionId } = await endCeremony({ clientDataJSON, purpose, browser });
  const passkey = await findPasskey(response.id);
  if (!passkey) throw new AuthError((await findSignUpByPasskey(response.id)) ? "passkey_unproved" : "passkey_unknown");
  const { signCount } = await verifyAssertion({ response, challenge, passkey });
  // Only after the signature: a stranger who knows its id learns nothing about it.
  if (!isLive(passkey)) throw new AuthError("passkey_ended");
  await refuseCopy(passkey, signCount, client);
  return { passkey, sessionId, take: (now) => takePasskey(passkey, { signCount, now }) };
}

/** A count that does not rise is that of a copy, of this passkey or of an older state of it (WebAuthn Level 3, section 6.1.1). */
async function refuseCopy({ accountId, signCount: before }: Passkey, now: number, client: Client): Promise<void> {
  if (now > before || (now === 0 && before === 0)) return;
  const account = await findAccount({ id: accountId });
  await recordAttempt("passkey_count_fell", { account, client });
  throw new AuthError("passkey_wrong");
}
