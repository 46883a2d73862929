import { findPasskey } from "#db/passkeys.ts";
import { signUpWithPasskey } from "#lib/auth/accounts/sign-up.ts";
import { AuthError } from "#lib/auth/errors.ts";
import type { Client } from "#lib/client.ts";
import { newUserHandle, type ToMake } from "./add.ts";
import { beginCeremony, endCeremony } from "./ceremonies.ts";
import { readAttestation } from "./responses.ts";
import { verifyAttestation } from "./verify.ts";

/** Signing up with a passkey in place of a password. Nothing is kept of anybody before the passkey is made. */

/** What the browser is to make it with. Throws `passkeys_off`, `too_many_tries`. */
export async function beginSignUp(input: { browser: string; client: Client }): Promise<ToMake> {
  // Not drawn from the account: whether there is one already must not show.
  const userHandle = newUserHandle();
  return { ...(await beginCeremony({ ...input, purpose: "sign-up", userHandle })), userHandle, exclude: [] };
}

/**
 * Signs up with the passkey that the browser made: as `signUpInBrowser`, and what it returns stands for the same.
 * Throws `passkey_too_late`, `passkey_wrong`, `passkey_exists`, `passkeys_off`, `too_many_tries`.
 */
export async function finishSignUp(input: {
  sent: string;
  browser: string | undefined;
  email: string;
  link: string;
  client: Client;
}): Promise<string> {
  const response = readAttestation(input.sent);
  const { clientDataJSON } = response.response;
  const { challenge, userHandle } = await endCeremony({ clientDataJSON, purpose: "sign-up", browser: input.browser });
  if (userHandle === null) throw new AuthError("passkey_too_late");
  const passkey = await verifyAttestation({ response, challenge, userHandle });
  // Of anybody: an id is made by a device, and nobody has another's by chance.
  if (await findPasskey(passkey.id)) throw new AuthError("passkey_exists");
  return signUpWithPasskey({ ...input, passkey });
}
