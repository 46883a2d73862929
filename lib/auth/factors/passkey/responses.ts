import * as z from "zod/mini";
import { AuthError } from "#lib/auth/errors.ts";

/** What a browser sends of a ceremony (WebAuthn Level 3, section 5.1), looked at before anything else believes it. */

const base64url = (most: number) => z.string().check(z.maxLength(most), z.regex(/^[A-Za-z0-9_-]+$/));
/** An authenticator's id is 1023 bytes at most. */
const credentialId = base64url(1364);
const envelope = {
  id: credentialId,
  rawId: credentialId,
  type: z.literal("public-key"),
  clientExtensionResults: z.optional(z.record(z.string(), z.unknown())),
};

const assertion = z.object({
  ...envelope,
  response: z.object({
    clientDataJSON: base64url(8192),
    authenticatorData: base64url(8192),
    signature: base64url(8192),
    userHandle: z.nullish(base64url(128)),
  }),
});

const attestation = z.object({
  ...envelope,
  response: z.object({
    clientDataJSON: base64url(8192),
    attestationObject: base64url(65_536),
    transports: z.optional(z.array(z.string().check(z.maxLength(32), z.regex(/^[a-z-]+$/))).check(z.maxLength(8))),
  }),
});

export type Assertion = z.infer<typeof assertion>;
export type Attestation = z.infer<typeof attestation>;

/** Both take JSON, and throw `passkey_wrong`. */
export const readAssertion = (sent: string): Assertion => read(assertion, sent);
export const readAttestation = (sent: string): Attestation => read(attestation, sent);

function read<T>(schema: z.ZodMiniType<T>, sent: string): T {
  const { data, success } = schema.safeParse(parsed(sent));
  if (!success || (data as Assertion).id !== (data as Assertion).rawId) throw new AuthError("passkey_wrong");
  return data as T;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
