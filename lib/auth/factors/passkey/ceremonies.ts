import { createHash, randomBytes } from "node:crypto";
import { insertCeremony, takeCeremony } from "#db/ceremonies.ts";
import type { Ceremony, CeremonyPurpose } from "#db/schema.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { networkOf, take } from "#lib/auth/limits.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { type RelyingParty, relyingParty } from "./relying-party.ts";

/** Challenges: what an authenticator signs, so that what it signed for one moment, purpose and browser is of no use in another. */

/** In ms. A page asks for a fresh one before that (app/(pages)/login/offer-passkeys.ts). */
const GOOD_FOR = 10 * 60_000;

export type Begun = { challenge: string; site: RelyingParty };

/**
 * A new challenge for the browser whose secret `browser` is. Throws `passkeys_off`, `too_many_tries`.
 */
export async function beginCeremony({
  purpose,
  browser,
  client,
  sessionId = null,
  userHandle = null,
}: {
  purpose: CeremonyPurpose;
  browser: string;
  client: Client;
  sessionId?: string | null;
  userHandle?: string | null;
}): Promise<Begun> {
  const site = relyingParty();
  if (!site) throw new AuthError("passkeys_off");
  const now = clock();
  // Anybody may ask, and each is a row.
  await take([["passkey-challenge", networkOf(client)]], now);
  const challenge = randomBytes(32).toString("base64url");
  await insertCeremony({
    challenge,
    purpose,
    browserHash: hashOf(browser),
    sessionId,
    userHandle,
    expiresAt: now + GOOD_FOR,
  });
  return { challenge, site };
}

/**
 * The ceremony that was signed for, used up before anything else is looked at: whoever replays an answer, or brings it from another
 * browser or for another purpose, finds none. Throws `passkey_too_late`.
 */
export async function endCeremony({
  clientDataJSON,
  purpose,
  browser,
}: {
  /** Base64url, as the browser sent it. */
  clientDataJSON: string;
  purpose: CeremonyPurpose;
  browser: string | undefined;
}): Promise<Ceremony> {
  const challenge = challengeIn(clientDataJSON);
  if (challenge === undefined || browser === undefined) throw new AuthError("passkey_too_late");
  const [ceremony] = await takeCeremony({ challenge, purpose, browserHash: hashOf(browser) }, clock());
  if (!ceremony) throw new AuthError("passkey_too_late");
  return ceremony;
}

function challengeIn(clientDataJSON: string): string | undefined {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientDataJSON, "base64url").toString("utf8"));
    return typeof challenge === "string" ? challenge : undefined;
  } catch {
    return undefined;
  }
}

/** The store does not hold what would let another browser finish it. */
const hashOf = (browser: string): string => createHash("sha256").update(browser).digest("base64url");
