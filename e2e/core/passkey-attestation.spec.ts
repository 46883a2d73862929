import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";
import { expect, test } from "#e2e/fixtures/test.ts";
import { type Attestation, readAttestation } from "#lib/auth/factors/passkey/responses.ts";
import { verifyAttestation } from "#lib/auth/factors/passkey/verify.ts";
import { env } from "#lib/env.ts";

/** What a device says of a new passkey, and what of it is believed. */

const challenge = randomBytes(32).toString("base64url");
const userHandle = "someone";

type Sent = { id?: Buffer; claimed?: Buffer; fmt?: string; statement?: Map<string, unknown> };

/** As a browser would send it, or nearly. `claimed`: the id beside the one that is signed. */
function attestation({ id = randomBytes(32), claimed, fmt = "none", statement = new Map() }: Sent = {}): string {
  const { origin, hostname } = new URL(env().APP_URL);
  const { x = "", y = "" } = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
  const key = new Map<number, unknown>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, bytes(x)],
    [-3, bytes(y)],
  ]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(id.length);
  // User present and verified, with a key.
  const head = Buffer.concat([
    createHash("sha256").update(hostname).digest(),
    Buffer.from([0b1000101]),
    Buffer.alloc(4),
  ]);
  const authData = Buffer.concat([head, Buffer.alloc(16), length, id, isoCBOR.encode(key as never)]);
  const object = new Map<string, unknown>([
    ["fmt", fmt],
    ["attStmt", statement],
    ["authData", new Uint8Array(authData)],
  ]);
  const clientData = JSON.stringify({ type: "webauthn.create", challenge, origin, crossOrigin: false });
  return JSON.stringify({
    id: (claimed ?? id).toString("base64url"),
    rawId: (claimed ?? id).toString("base64url"),
    type: "public-key",
    response: {
      clientDataJSON: Buffer.from(clientData).toString("base64url"),
      attestationObject: Buffer.from(isoCBOR.encode(object as never)).toString("base64url"),
    },
  });
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text, "base64url"));
const verified = (sent: string) =>
  verifyAttestation({ response: readAttestation(sent) as Attestation, challenge, userHandle });

test("its maker's word is not looked at: no certificate that a stranger wrote sends this server anywhere", async () => {
  const id = randomBytes(32);
  for (const fmt of ["none", "packed", "android-key", "tpm", "fido-u2f", "apple", "nonsense"]) {
    const statement = fmt === "none" ? new Map() : new Map<string, unknown>([["x5c", [new Uint8Array([48, 0])]]]);
    expect(await verified(attestation({ id, fmt, statement })), fmt).toMatchObject({
      id: id.toString("base64url"),
      userHandle,
      name: "Passkey",
    });
  }
});

test("the id is the one that was looked at, and no longer than an id can be", async () => {
  await expect(verified(attestation({ claimed: randomBytes(32) }))).rejects.toMatchObject({ code: "passkey_wrong" });
  const long = randomBytes(20_000);
  await expect(verified(attestation({ id: long, claimed: randomBytes(32) }))).rejects.toMatchObject({
    code: "passkey_wrong",
  });
  await expect(async () => verified(attestation({ id: long }))).rejects.toMatchObject({ code: "passkey_wrong" });
});
