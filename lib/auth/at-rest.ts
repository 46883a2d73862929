import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { secretKey } from "./secret.ts";

/**
 * What the store holds and nobody who steals it may read: AES-256-GCM under a key drawn from AUTH_SECRET for this use alone, bound to
 * the row it belongs to, so that one row's cannot be put in another's place.
 */
export type Sealed = { use: string; row: string };

const NONCE = 12;
const TAG = 16;

/** Base64url of nonce, tag and ciphertext. */
export function seal(text: string, { use, row }: Sealed): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", secretKey(use), nonce).setAAD(Buffer.from(row));
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url");
}

/** What was sealed with another key, for another row, or was changed. */
export class SealBroken extends Error {}

/** Throws `SealBroken`. */
export function unseal(sealed: string, { use, row }: Sealed): string {
  const bytes = Buffer.from(sealed, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", secretKey(use), bytes.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(Buffer.from(row))
    .setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
  const body = decipher.update(bytes.subarray(NONCE + TAG));
  try {
    return Buffer.concat([body, decipher.final()]).toString("utf8");
  } catch {
    throw new SealBroken("What was sealed cannot be opened with this AUTH_SECRET");
  }
}
