import type { Passkey } from "#db/schema.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { authenticatorName } from "./authenticator-names.ts";
import { relyingParty } from "./relying-party.ts";
import type { Assertion, Attestation } from "./responses.ts";

/** What an authenticator signed, checked by @simplewebauthn/server: it reads CBOR, COSE keys and attestations so that we need not. */

/** Loaded with the first passkey: nobody who has none waits for it, nor does the start. */
const library = () => import("@simplewebauthn/server");

/** Of a passkey that was made: all that is stored of it but whose it is. */
export type NewPasskey = Pick<
  Passkey,
  "id" | "userHandle" | "publicKey" | "signCount" | "transports" | "aaguid" | "name"
>;

/** Throws `passkey_wrong`. */
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
  const { verified, registrationInfo } = await orWrong(
    verifyRegistrationResponse({
      response: { ...response, clientExtensionResults: {} },
      ...expected(challenge),
      expectedType: "webauthn.create",
      // It stands for both factors: the finger, face or PIN is the second.
      requireUserVerification: true,
    }),
  );
  if (!verified) throw new AuthError("passkey_wrong");
  const { credential, aaguid } = registrationInfo;
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
