import { randomBytes } from "node:crypto";
import { type Attested, attestation } from "#e2e/fixtures/attestation.ts";
import { expect, test } from "#e2e/fixtures/test.ts";
import { readAttestation } from "#lib/auth/factors/passkey/responses.ts";
import { verifyAttestation } from "#lib/auth/factors/passkey/verify.ts";
import { env } from "#lib/env.ts";

/** What a device says of a new passkey, and what of it is believed. */

const challenge = randomBytes(32).toString("base64url");
const userHandle = "someone";

const verified = (sent: Partial<Attested>) => {
  const { origin } = new URL(env().APP_URL);
  const response = readAttestation(attestation({ challenge, origin, ...sent }));
  return verifyAttestation({ response, challenge, userHandle });
};

test("its maker's word is not looked at: no certificate that a stranger wrote sends this server anywhere", async () => {
  const id = randomBytes(32);
  for (const fmt of ["none", "packed", "android-key", "tpm", "fido-u2f", "apple", "nonsense"]) {
    const statement = fmt === "none" ? new Map() : new Map<string, unknown>([["x5c", [new Uint8Array([48, 0])]]]);
    expect(await verified({ id, fmt, statement }), fmt).toMatchObject({
      id: id.toString("base64url"),
      userHandle,
      name: "Passkey",
    });
  }
});

test("the id is the one that was looked at, and no longer than an id can be", async () => {
  await expect(verified({ claimed: randomBytes(32) })).rejects.toMatchObject({ code: "passkey_wrong" });
  const long = randomBytes(20_000);
  await expect(verified({ id: long, claimed: randomBytes(32) })).rejects.toMatchObject({
    code: "passkey_wrong",
  });
  await expect(async () => verified({ id: long })).rejects.toMatchObject({ code: "passkey_wrong" });
});
