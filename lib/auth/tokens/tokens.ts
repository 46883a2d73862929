import { hash } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import type { Account, Session } from "#db/schema.ts";
import { signerKey } from "#lib/auth/secret.ts";
import { clock, clockDate } from "#lib/clock.ts";
import type { Door } from "#lib/doors.ts";
import { env } from "#lib/env.ts";
import { howOpened } from "./how-opened.ts";
import { signingKey, verifyingKey } from "./signing-keys.ts";

/**
 * The JWTs of a session. Each kind has its own `typ`, audience and key, so that a token works in its own slot and in no
 * other (RFC 8725, 3.11 and 3.12).
 */

/** What an access token says once its signature holds. Whether its session still lives, only the store can tell. */
export type AccessClaims = { sub: string; sessionId: string; generation: number };

/** What a refresh token says once its signature holds. */
export type RefreshClaims = { sessionId: string; generation: number };

export type IssuedTokens = {
  accessToken: string;
  refreshToken: string;
  /** Seconds the access token lives. */
  expiresIn: number;
};

/**
 * The pair of a session's present generation. The refresh token depends on the session row and nothing else: asked twice
 * for one generation, it is the same byte for byte.
 */
export async function issueTokens({ account, session }: { account: Account; session: Session }): Promise<IssuedTokens> {
  const [accessToken, refreshToken] = await Promise.all([
    issueAccessToken(account, session),
    issueRefreshToken(session),
  ]);
  return { accessToken, refreshToken, expiresIn: env().ACCESS_TOKEN_TTL / 1000 };
}

/** An access token in the form of RFC 9068 (`at+jwt`), signed with the published ES256 key. */
async function issueAccessToken(account: Account, session: Session): Promise<string> {
  const { kid, key } = await signingKey();
  const now = Math.floor(clock() / 1000);
  return new SignJWT({ client_id: "latchkey", sid: session.id, gen: session.generation, ...howOpened(session) })
    .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid })
    .setIssuer(env().APP_URL)
    .setAudience(env().APP_URL)
    .setSubject(account.sub)
    .setIssuedAt(now)
    .setExpirationTime(now + env().ACCESS_TOKEN_TTL / 1000)
    .setJti(crypto.randomUUID())
    .sign(key);
}

/** Checks signature, type, issuer, audience and time; null for anything else than an access token of ours. */
export async function readAccessToken(token: string): Promise<AccessClaims | null> {
  // By digest: a lookup by the token itself would compare secrets in a time that depends on how much of one was guessed.
  const digest = hash("sha256", token, "base64url");
  const held = heldSignatures.get(digest) ?? (await checkAccessToken(token));
  if (!held) return null;
  // What can change is looked at each time: its key may be withdrawn, and it expires.
  const isGood = held.expiresAt > clock() && (await verifyingKey(held.kid)) !== undefined;
  if (isGood) remember(digest, held);
  else heldSignatures.delete(digest);
  return isGood ? held.claims : null;
}

type HeldSignature = { kid: string; expiresAt: number; claims: AccessClaims };

/**
 * Access tokens whose signature held, the least lately used first. A client sends one token with every call of its
 * fifteen minutes, and checking the signature again takes longer than the rest of the call.
 */
const heldSignatures = new Map<string, HeldSignature>();
/** About two megabytes. Only good tokens come in, so nobody fills it with made-up ones. */
const MOST_HELD = 5_000;

function remember(digest: string, held: HeldSignature): void {
  heldSignatures.delete(digest);
  heldSignatures.set(digest, held);
  if (heldSignatures.size <= MOST_HELD) return;
  const [leastLately] = heldSignatures.keys();
  heldSignatures.delete(leastLately ?? "");
}

async function checkAccessToken(token: string): Promise<HeldSignature | null> {
  return orNull(async () => {
    const { payload, protectedHeader } = await jwtVerify(
      token,
      async (header) => {
        const key = await verifyingKey(header.kid);
        if (!key) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      {
        algorithms: ["ES256"],
        typ: "at+jwt",
        issuer: env().APP_URL,
        audience: env().APP_URL,
        requiredClaims: ["exp", "sub"],
        currentDate: clockDate(),
      },
    );
    return {
      kid: protectedHeader.kid ?? "",
      expiresAt: Number(payload.exp) * 1000,
      claims: { sub: payload.sub ?? "", sessionId: String(payload.sid), generation: Number(payload.gen) },
    };
  });
}

async function issueRefreshToken(session: Session): Promise<string> {
  return new SignJWT({ sid: session.id, gen: session.generation })
    .setProtectedHeader({ alg: "HS256", typ: "refresh+jwt" })
    .setIssuer(env().APP_URL)
    .setAudience(`refresh:${session.kind}`)
    .setIssuedAt(Math.floor(session.rotatedAt / 1000))
    .setExpirationTime(Math.floor(session.expiresAt / 1000))
    .sign(await signerKey("refresh tokens"));
}

/** Checks signature, type, issuer, the door it belongs to, and time; null for anything else. */
export async function readRefreshToken(token: string, door: Door): Promise<RefreshClaims | null> {
  return orNull(async () => {
    const { payload } = await jwtVerify(token, await signerKey("refresh tokens"), {
      algorithms: ["HS256"],
      typ: "refresh+jwt",
      issuer: env().APP_URL,
      audience: `refresh:${door.name}`,
      requiredClaims: ["exp", "sid", "gen"],
      currentDate: clockDate(),
    });
    return { sessionId: String(payload.sid), generation: Number(payload.gen) };
  });
}

async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    // Whatever is wrong with a token, its sender gets the same answer.
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}
