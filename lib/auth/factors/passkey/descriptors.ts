import type { PublicKeyCredentialDescriptorJSON } from "@simplewebauthn/browser";
import type { Passkey } from "#db/schema.ts";

/** A passkey as a browser looks for it, among those on its devices (WebAuthn Level 3, section 5.1). */
export type Descriptor = PublicKeyCredentialDescriptorJSON;

export const described = (passkeys: readonly Passkey[]): Descriptor[] =>
  passkeys.map(({ id, transports }) => ({
    id,
    type: "public-key",
    ...(transports !== "" && { transports: transports.split(" ") }),
  }));
