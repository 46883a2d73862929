import { randomBytes } from "node:crypto";
import { type Attested, attestation } from "#e2e/fixtures/attestation.ts";
import { expect, test } from "#e2e/fixtures/test.ts";
import { type Attestation, readAttestation } from "#lib/auth/factors/passkey/responses.ts";
import { verifyAttestation } from "#lib/auth/factors/passkey/verify.ts";
import { env } from "#lib/env.ts";

/** What a device says of a new passkey, and what of it is believed. */

const challenge = randomBytes(32).toString("base64url");
const userHandle = "someone";

const { origin } = new URL(env().APP_URL);
const sent = (what: Partial<Attested> = {}): string => attestation({ challenge, origin, ...what });
const verified = (text: string) =>
  verifyAttestation({ response: readAttestation(text) as Attestation, challenge, userHandle });

test("its maker's word is not looked at: no certificate that a stranger wrote sends this server anywhere", async () => {
  const id = randomBytes(32);
  for (const fmt of ["none", "packed", "android-key", "tpm", "fido-u2f", "apple", "nonsense"]) {
    const statement = fmt === "none" ? new Map() : new Map<string, unknown>([["x5c", [new Uint8Array([48, 0])]]]);
    expect(await verified(sent({ id, fmt, statement })), fmt).toMatchObject({
      id: id.toString("base64url"),
      userHandle,
      name: "Passkey",
    });
  }
});

test("the id is the one that was looked at, and no longer than an id can be", async () => {
  await expect(verified(sent({ claimed: randomBytes(32) }))).rejects.toMatchObject({ code: "passkey_wrong" });
  const long = randomBytes(20_000);
  await expect(verified(sent({ id: long, claimed: randomBytes(32) }))).rejects.toMatchObject({
    code: "passkey_wrong",
  });
  await expect(async () => verified(sent({ id: long }))).rejects.toMatchObject({ code: "passkey_wrong" });
});
