import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";
import type { ToMake } from "./add.ts";
import type { Begun } from "./ceremonies.ts";
import type { Descriptor } from "./descriptors.ts";

/** What a browser is asked with (WebAuthn Level 3, sections 5.4 and 5.5). */

/** In ms: as long as somebody may look for their phone. */
const PATIENCE = 5 * 60_000;

/** COSE: EdDSA, ES256, RS256 (Windows Hello knows only the last). */
const ALGORITHMS = [-8, -7, -257];

/** To show a passkey: any of this site's, or one of `allow`. */
export function optionsToShow({ challenge, site }: Begun, allow?: Descriptor[]): PublicKeyCredentialRequestOptionsJSON {
  return {
    challenge,
    rpId: site.id,
    timeout: PATIENCE,
    userVerification: "required",
    ...(allow && { allowCredentials: allow }),
  };
}

/** To make one for whoever has this address. */
export function optionsToMake(
  { challenge, site, userHandle, exclude }: ToMake,
  email: string,
): PublicKeyCredentialCreationOptionsJSON {
  return {
    challenge,
    rp: { id: site.id, name: site.name },
    user: { id: userHandle, name: email, displayName: email },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
    timeout: PATIENCE,
    excludeCredentials: exclude,
    // Found without a name being typed, and never without the finger, face or PIN: it stands for both factors.
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
    // Who made the device is no concern of ours, and would tell devices apart.
    attestation: "none",
  };
}
