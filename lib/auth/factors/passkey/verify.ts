import type { NewPasskey } from "#db/passkeys.ts";
import type { Passkey } from "#db/schema.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { authenticatorName } from "./authenticator-names.ts";
import { relyingParty } from "./relying-party.ts";
import type { Assertion, Attestation } from "./responses.ts";

/** What an authenticator signed, checked by @simplewebauthn/server: it reads CBOR, COSE keys and attestations so that we need not. */

/** Loaded with the first passkey: nobody who has none waits for it, nor does the start. */
const library = () => import("@simplewebauthn/server");

/** The passkey that was made. Throws `passkey_wrong`. */
export async function verifyAttestation({
  response,
  challenge,
  userHandle,
}: {
  response: Attestation;
  challenge: string;
  userHandle: string;
}): Promise<NewPasskey> {
  const { verifyRegistrationResponse } = await library();
  const attestationObject = await orWrong(withoutStatement(response.response.attestationObject));
  const { verified, registrationInfo } = await orWrong(
    verifyRegistrationResponse({
      response: { ...response, response: { ...response.response, attestationObject }, clientExtensionResults: {} },
      ...expected(challenge),
      expectedType: "webauthn.create",
      // It stands for both factors: the finger, face or PIN is the second.
      requireUserVerification: true,
    }),
  );
  if (!verified) throw new AuthError("passkey_wrong");
  const { credential, aaguid } = registrationInfo;
  // What was signed has an id of its own, which may be of any length; only the one that was looked at is stored.
  if (credential.id !== response.id) throw new AuthError("passkey_wrong");
  return {
    id: credential.id,
    userHandle,
    publicKey: Buffer.from(credential.publicKey).toString("base64url"),
    signCount: credential.counter,
    transports: (response.response.transports ?? []).join(" "),
    aaguid,
    name: authenticatorName(aaguid),
  };
}

/**
 * What the device says of itself, without its maker's word for it (WebAuthn Level 3, section 8.7), which we ask no browser for. To check one,
 * the library reads certificates that anybody may have written, and asks for what they revoke at the addresses that stand in
 * them: a stranger could send this server wherever it can reach.
 */
async function withoutStatement(attestationObject: string): Promise<string> {
  const { isoCBOR, decodeAttestationObject } = await import("@simplewebauthn/server/helpers");
  const authData = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, "base64url"))).get("authData");
  const bare = new Map<string, unknown>([
    ["fmt", "none"],
    ["attStmt", new Map()],
    ["authData", authData],
  ]);
  return Buffer.from(isoCBOR.encode(bare as never)).toString("base64url");
}

/** How often the authenticator says it was used. Throws `passkey_wrong`. */
export async function verifyAssertion({
  response,
  challenge,
  passkey,
}: {
  response: Assertion;
  challenge: string;
  passkey: Pick<Passkey, "id" | "publicKey" | "userHandle">;
}): Promise<{ signCount: number }> {
  // A passkey that says it is another person's than the one it was made for.
  const { userHandle } = response.response;
  if (userHandle && userHandle !== passkey.userHandle) throw new AuthError("passkey_wrong");
  const { verifyAuthenticationResponse } = await library();
  const { verified, authenticationInfo } = await orWrong(
    verifyAuthenticationResponse({
      response: {
        ...response,
        response: { ...response.response, userHandle: userHandle ?? undefined },
        clientExtensionResults: {},
      },
      ...expected(challenge),
      expectedType: "webauthn.get",
      requireUserVerification: true,
      // Whether its count went back is for us to say (use.ts): here it would be an error like any other.
      credential: {
        id: passkey.id,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, "base64url")),
        counter: 0,
      },
    }),
  );
  if (!verified) throw new AuthError("passkey_wrong");
  return { signCount: authenticationInfo.newCounter };
}

function expected(challenge: string) {
  const site = relyingParty();
  if (!site) throw new AuthError("passkeys_off");
  return { expectedChallenge: challenge, expectedOrigin: site.origin, expectedRPID: site.id };
}

/** The library throws at whatever does not fit; what somebody sends is no fault of ours. */
const orWrong = <T>(looking: Promise<T>): Promise<T> =>
  looking.catch(() => {
    throw new AuthError("passkey_wrong");
  });
