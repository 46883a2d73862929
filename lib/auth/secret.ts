import { hkdfSync, randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "#db/place.ts";
import { env } from "#lib/env.ts";

const keys = new Map<string, Uint8Array<ArrayBuffer>>();

/**
 * A 32-byte key for one use only, drawn from AUTH_SECRET by HKDF-SHA-256 (RFC 5869) with the use as its `info`: a key that
 * leaks in one place opens no other.
 */
export function secretKey(use: string): Uint8Array<ArrayBuffer> {
  let key = keys.get(use);
  if (!key) {
    key = new Uint8Array(hkdfSync("sha256", authSecret(), "latchkey", use, 32));
    keys.set(use, key);
  }
  return key;
}

const signers = new Map<string, Promise<CryptoKey>>();

/** The same key, as one that signs and checks JWTs with HS256: made once, since making it takes longer than using it. */
export function signerKey(use: string): Promise<CryptoKey> {
  let key = signers.get(use);
  if (!key) {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    key = crypto.subtle.importKey("raw", secretKey(use), algorithm, false, ["sign", "verify"]);
    signers.set(use, key);
  }
  return key;
}

function authSecret(): string {
  return env().AUTH_SECRET ?? secretBesideDatabase();
}

function secretBesideDatabase(): string {
  const file = join(dataFolder(), "auth-secret");
  if (!existsSync(file)) makeSecret(file);
  const secret = readFileSync(file, "utf8").trim();
  // One that was cut short or emptied could be guessed, and with it every key drawn from it.
  if (Buffer.byteLength(secret) < 32)
    throw new Error(`The secret in ${file} is shorter than 32 bytes. Restore the whole file, or set AUTH_SECRET.`);
  return secret;
}

/**
 * Written whole under another name first: a crash half-way must not leave an empty secret behind. `link` fails where the
 * file is, so of two processes that start at once one makes the secret and both read it.
 */
function makeSecret(file: string): void {
  mkdirSync(dataFolder(), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  writeFileSync(draft, `${randomBytes(48).toString("base64url")}\n`, { flag: "wx", mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(draft);
  }
}
