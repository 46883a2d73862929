import {
  calculateJwkThumbprint,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importJWK,
  importPKCS8,
  type JWK,
} from "jose";
import { atomically, must } from "#db/client.ts";
import type { SigningKey } from "#db/schema.ts";
import { insertSigningKey, listSigningKeys, retireSigningKey } from "#db/signing-keys.ts";
import { SealBroken, seal, unseal } from "#lib/auth/at-rest.ts";
import { clock } from "#lib/clock.ts";
import { env } from "#lib/env.ts";
import { once } from "#lib/once.ts";

/** The pairs that sign access and ID tokens: ES256 (RFC 7518, 3.4), published as a JWK set (RFC 7517). */

type Ready = { signing: { kid: string; key: CryptoKey }; verifying: Map<string, CryptoKey>; jwks: { keys: JWK[] } };

/** How long a process goes on with the keys it read; a rotation reaches every process within this time. */
const CACHE_MS = 60_000;
const RETRY_MS = 1_000;

// Each of Next's bundles would read them for itself, and one that has not yet could not while the store is away.
const read = once("signing-keys", (): { cached?: { at: number; ready: Promise<Ready> } | undefined } => ({}));

/** The key new tokens are signed with, and its id. Makes the first one at first use. */
export async function signingKey(): Promise<Ready["signing"]> {
  return (await keys()).signing;
}

/** The public key of this id, if it is one of ours; an unknown id makes us look again, at most once a second. */
export async function verifyingKey(kid: string | undefined): Promise<CryptoKey | undefined> {
  if (kid === undefined) return undefined;
  const known = (await keys()).verifying.get(kid);
  return known ?? (await keys(1_000)).verifying.get(kid);
}

/** What `/.well-known/jwks.json` answers. */
export async function publicKeys(): Promise<Ready["jwks"]> {
  return (await keys()).jwks;
}

/**
 * Retires the signing key and makes a new one. The old one stays published until the last token it may have signed has
 * expired: one token's life, and the time for which a running process does not notice.
 */
export async function rotateSigningKeys(): Promise<{ from: string; to: string }> {
  const now = clock();
  const { kid: from } = await signingKey();
  const fresh = await makeKey(now);
  const done = await atomically(() => [
    must(retireSigningKey(from, now, now + env().ACCESS_TOKEN_TTL + 2 * CACHE_MS)),
    must(insertSigningKey(fresh)),
  ]);
  read.cached = undefined;
  if (!done) throw new Error("The key was rotated by another process just now; nothing was changed.");
  return { from, to: fresh.kid };
}

function keys(maxAge = CACHE_MS): Promise<Ready> {
  const before = read.cached;
  if (!before || clock() - before.at > maxAge) {
    const ready = readKeys();
    read.cached = { at: clock(), ready };
    // Keys that were read stay good while the store is away; an unknown one cannot be told from a forged one, and must wait.
    ready.catch(() => {
      read.cached = before && { ...before, at: clock() - CACHE_MS + RETRY_MS };
    });
    return before && maxAge === CACHE_MS ? ready.catch(() => before.ready) : ready;
  }
  return before.ready;
}

async function readKeys(): Promise<Ready> {
  const now = clock();
  let rows = await listSigningKeys(now);
  if (!rows.some((row) => row.retiredAt === null)) {
    await insertSigningKey(await makeKey(now));
    rows = await listSigningKeys(now);
  }
  const active = rows.find((row) => row.retiredAt === null);
  if (!active) throw new Error("There is no signing key, and none could be made.");
  const jwks = rows.map((row) => JSON.parse(row.publicJwk) as JWK);
  const verifying = await Promise.all(
    jwks.map(
      async (jwk): Promise<[string, CryptoKey]> => [jwk.kid ?? "", (await importJWK(jwk, "ES256")) as CryptoKey],
    ),
  );
  return {
    signing: { kid: active.kid, key: await importPKCS8(decrypt(active), "ES256") },
    verifying: new Map(verifying),
    jwks: { keys: jwks },
  };
}

async function makeKey(now: number): Promise<Pick<SigningKey, "kid" | "publicJwk" | "privateKey" | "createdAt">> {
  const pair = await generateKeyPair("ES256", { extractable: true });
  const bare = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(bare);
  const publicJwk = JSON.stringify({ ...bare, kid, alg: "ES256", use: "sig" });
  return { kid, publicJwk, privateKey: seal(await exportPKCS8(pair.privateKey), at(kid)), createdAt: now };
}

/** A stolen table signs nothing. */
const at = (kid: string) => ({ use: "signing keys at rest", row: kid });

function decrypt({ kid, privateKey }: SigningKey): string {
  try {
    return unseal(privateKey, at(kid));
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    throw new Error("The signing key cannot be decrypted: AUTH_SECRET is not the one this database was made with.");
  }
}
