import { createHash } from "node:crypto";
import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  EncryptJWT,
  errors,
  type JWTPayload,
  jwtDecrypt,
  jwtVerify,
} from "jose";
import * as oidc from "openid-client";
import { AuthError, refusals } from "#lib/auth/errors.ts";
import { type Counter, take, tryTake } from "#lib/auth/limits.ts";
import { secretKey } from "#lib/auth/secret.ts";
import { clock, clockDate, inSeconds } from "#lib/clock.ts";
import { env, isLoopback } from "#lib/env.ts";
import { withoutHiddenCharacters } from "#lib/identifiers.ts";

/**
 * Log-in with Google, or any OpenID provider named by GOOGLE_ISSUER: authorization code flow with PKCE, state and nonce, all
 * of it by openid-client (certified). This file only keeps what a log-in under way must remember.
 */

/** What the provider says of a person, its token checked. */
export type ProviderClaims = {
  issuer: string;
  subject: string;
  email: string;
  emailVerified: boolean;
  firstName: string;
  lastName: string;
  /** The organisation whose domain Google runs for them; empty where there is none. */
  hostedDomain: string;
};

/** Seconds a log-in may be under way. */
export const PENDING_TTL = 600;
const TIMEOUT_SECONDS = 5;

export const googleIsConfigured = (): boolean => env().GOOGLE_CLIENT_ID !== undefined;

type Pending = { state: string; nonce: string; verifier: string; next: string };

/**
 * Starts a log-in: where to send the browser, and what it must bring back in a cookie (encrypted: the PKCE verifier is in
 * it). `redirectUri` is our callback; `next` where the person was going.
 */
export async function beginGoogleLogIn({
  redirectUri,
  next,
}: {
  redirectUri: string;
  next: string;
}): Promise<{ url: string; state: string; pending: string }> {
  const config = await provider();
  const pending = {
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    verifier: oidc.randomPKCECodeVerifier(),
    next,
  };
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: "openid email profile",
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: "S256",
  });
  return { url: url.href, state: pending.state, pending: await seal(pending) };
}

/**
 * Finishes a log-in with the address the provider sent the browser to. The state must be the one this very browser was
 * given, less than ten minutes ago and never used: else somebody could be logged in to an account that is not theirs.
 * Throws `provider_lost`, `provider_cancelled`, `provider_refused`.
 */
export async function finishGoogleLogIn({
  callbackUrl,
  pending,
}: {
  callbackUrl: URL;
  pending: string | undefined;
}): Promise<{ claims: ProviderClaims; next: string }> {
  const begun = pending === undefined ? null : await unseal(pending);
  if (!begun || callbackUrl.searchParams.get("state") !== begun.state) throw new AuthError("provider_lost");
  await take([["provider-state", begun.state]], clock()).catch((error) => {
    throw error instanceof AuthError ? new AuthError("provider_lost") : error;
  });
  const claims = await exchange(callbackUrl, {
    expectedState: begun.state,
    expectedNonce: begun.nonce,
    pkceCodeVerifier: begun.verifier,
  });
  return { claims, next: begun.next };
}

/** Of the two ways in which a client of its own brings what the provider said. */
export const CLAIMS_REFUSALS = refusals("provider_off", "provider_refused");

/** Trades a code that a client of its own got from the provider. Throws `provider_refused`. */
export async function claimsFromCode(input: {
  code: string;
  redirectUri: string;
  codeVerifier: string;
  nonce?: string | undefined;
}): Promise<ProviderClaims> {
  const url = URL.parse(input.redirectUri);
  if (!url) throw new AuthError("provider_refused");
  url.search = "";
  url.searchParams.set("code", input.code);
  // A provider that names itself in its answers (RFC 9207) did so to the client, who has told us the code alone. There is
  // one provider here, so none can be mistaken for another.
  const { issuer, authorization_response_iss_parameter_supported: namesItself } = (await provider()).serverMetadata();
  if (namesItself) url.searchParams.set("iss", issuer);
  return exchange(url, {
    pkceCodeVerifier: input.codeVerifier,
    idTokenExpected: true,
    expectedState: oidc.skipStateCheck,
    ...(input.nonce === undefined ? {} : { expectedNonce: input.nonce }),
  });
}

/**
 * Reads an ID token that a client of its own got from the provider: signature by the provider's published keys, issuer,
 * our client id as the only audience, time, nonce (OpenID Connect Core 1.0, 3.1.3.7). Each token is taken once.
 * Throws `provider_refused`.
 */
export async function claimsFromIdToken({
  idToken,
  nonce,
}: {
  idToken: string;
  nonce?: string | undefined;
}): Promise<ProviderClaims> {
  const config = await provider();
  const { issuer, jwks_uri } = config.serverMetadata();
  const { client_id: ours } = config.clientMetadata();
  try {
    const { payload, protectedHeader } = await jwtVerify(idToken, publishedKeys(jwks_uri ?? ""), {
      issuer,
      audience: ours,
      requiredClaims: ["sub", "exp", "iat"],
      maxTokenAge: "1h",
      currentDate: clockDate(),
    });
    if (!isIdTokenFor(ours, payload, protectedHeader.typ) || payload.nonce !== nonce)
      throw new AuthError("provider_refused");
    const claims = presented(payload);
    await takeOnce(idToken);
    return claims;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) throw new AuthError("provider_refused");
    throw error;
  }
}

function isIdTokenFor(ours: string, { aud, azp, events }: JWTPayload, typ = "JWT"): boolean {
  // The same keys sign access and log-out tokens, which say nothing of who is there.
  const isIdToken = typ.toUpperCase() === "JWT" && events === undefined;
  // One made for several, or for another of the provider's clients, is theirs to replay here.
  return isIdToken && [aud].flat().every((one) => one === ours) && (azp ?? ours) === ours;
}

/** What an ID token is counted by: what is signed is what counts, since one signature can be written in several ways. */
export function tokenCounter(idToken: string): Counter {
  const signed = idToken.slice(0, idToken.lastIndexOf("."));
  return ["provider-token", createHash("sha256").update(signed).digest("base64url")];
}

async function takeOnce(idToken: string): Promise<void> {
  if (!(await tryTake([tokenCounter(idToken)], clock()))) throw new AuthError("provider_refused");
}

async function exchange(url: URL, checks: oidc.AuthorizationCodeGrantChecks): Promise<ProviderClaims> {
  const config = await provider();
  try {
    const tokens = await oidc.authorizationCodeGrant(config, url, checks);
    const claims = tokens.claims();
    const { typ } = decodeProtectedHeader(tokens.id_token ?? "");
    if (!claims || !isIdTokenFor(config.clientMetadata().client_id, claims, typ))
      throw new AuthError("provider_refused");
    return presented(claims);
  } catch (error) {
    if (error instanceof AuthError) throw error;
    if (error instanceof oidc.AuthorizationResponseError && error.error === "access_denied")
      throw new AuthError("provider_cancelled");
    throw new AuthError("provider_refused");
  }
}

function presented(claims: JWTPayload): ProviderClaims {
  // People are told apart by it: two whose subject is no string must not be one.
  // The store keeps text as UTF-8, in which all lone surrogates are one character: two people would be one.
  if (typeof claims.sub !== "string" || claims.sub.length < 1 || claims.sub.length > 255 || !claims.sub.isWellFormed())
    throw new AuthError("provider_refused");
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const name = (value: unknown): string =>
    withoutHiddenCharacters(text(value)).normalize("NFC").trim().slice(0, 100).toWellFormed();
  return {
    issuer: text(claims.iss),
    subject: claims.sub,
    email: text(claims.email),
    // Only the boolean `true` counts, and not the text "true".
    emailVerified: claims.email_verified === true,
    firstName: name(claims.given_name),
    lastName: name(claims.family_name),
    hostedDomain: text(claims.hd).toLowerCase(),
  };
}

let discovered: Promise<oidc.Configuration> | undefined;
let keys: ReturnType<typeof createRemoteJWKSet> | undefined;

function publishedKeys(uri: string): ReturnType<typeof createRemoteJWKSet> {
  keys ??= createRemoteJWKSet(new URL(uri), { timeoutDuration: TIMEOUT_SECONDS * 1000 });
  return keys;
}

/** The provider's own description of itself, asked for once; asked for again after a failure. */
async function provider(): Promise<oidc.Configuration> {
  const { GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, GOOGLE_ISSUER } = env();
  if (!GOOGLE_CLIENT_ID) throw new AuthError("provider_off");
  const issuer = new URL(GOOGLE_ISSUER);
  discovered ??= oidc.discovery(issuer, GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, undefined, {
    timeout: TIMEOUT_SECONDS,
    // Plain http only where nothing leaves the machine (lib/env.ts allows no other).
    execute: isLoopback(issuer.hostname) && issuer.protocol === "http:" ? [oidc.allowInsecureRequests] : [],
  });
  try {
    return await discovered;
  } catch {
    discovered = undefined;
    throw new AuthError("provider_refused");
  }
}

async function seal(pending: Pending): Promise<string> {
  return new EncryptJWT(pending)
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", typ: "provider-log-in+jwt" })
    .setIssuedAt(inSeconds(0))
    .setExpirationTime(inSeconds(PENDING_TTL))
    .encrypt(secretKey("provider log-in under way"));
}

async function unseal(value: string): Promise<Pending | null> {
  try {
    const { payload } = await jwtDecrypt<Pending>(value, secretKey("provider log-in under way"), {
      typ: "provider-log-in+jwt",
      currentDate: clockDate(),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}
