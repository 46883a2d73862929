import { createHmac, hkdfSync, randomUUID } from "node:crypto";
import { exportJWK, exportSPKI, generateKeyPair, importJWK, type JWTHeaderParameters, SignJWT } from "jose";
import { bearer, expect, poll, type RunningServer, test } from "#e2e/fixtures/member.ts";
import { secretOf } from "#e2e/fixtures/secret.ts";
import { change, row } from "#e2e/fixtures/store.ts";

type Claims = Record<string, unknown>;
type Signer = (claims: Claims, header?: Partial<JWTHeaderParameters>) => Promise<string>;

const now = () => Math.floor(Date.now() / 1000);

test("an access token is taken only as the server writes it", async ({ api, newMember, server }) => {
  const who = await newMember();
  const good = decode(who.accessToken).claims;
  const sign = await trustedKey(server);
  const status = async (token: string) => (await api.get("/auth/me", bearer(token))).status;
  // The key is one that the server trusts from now on, so what is refused below is refused for the reason named.
  await poll(async () => (await status(await sign(good))) === 200, { what: "the server to know the key" });

  const refused: Record<string, Claims> = {
    expired: { ...good, iat: now() - 1000, exp: now() - 1 },
    "without an end": without(good, "exp"),
    "of another issuer": { ...good, iss: "https://evil.example.com" },
    "of no issuer": without(good, "iss"),
    "for another audience": { ...good, aud: "https://evil.example.com" },
    "for a refresh slot": { ...good, aud: "refresh:auth" },
    "of no audience": without(good, "aud"),
    "of nobody": without(good, "sub"),
    "of somebody else": { ...good, sub: randomUUID() },
    "of no session": without(good, "sid"),
    "of another session": { ...good, sid: randomUUID() },
    "not valid yet": { ...good, nbf: now() + 100 },
    "of strange types": { ...good, sid: { $ne: "" } },
  };
  for (const [what, claims] of Object.entries(refused))
    expect([what, await status(await sign(claims))]).toEqual([what, 401]);

  const headers: Record<string, Partial<JWTHeaderParameters>> = {
    "a refresh token's type": { typ: "refresh+jwt" },
    "no type in particular": { typ: "JWT" },
    "an unknown extension": { crit: ["x"], x: 1 } as Partial<JWTHeaderParameters>,
    "an unknown key": { kid: "x" },
    "a key's path": { kid: "../../etc/passwd" },
    "no key": { kid: undefined as unknown as string },
    "a key brought along": { kid: "x", jwk: (await exportJWK((await generateKeyPair("ES256")).publicKey)) as never },
    "a key to fetch": { kid: "x", jku: "https://evil.example.com/jwks.json" } as Partial<JWTHeaderParameters>,
  };
  for (const [what, header] of Object.entries(headers))
    expect([what, await status(await sign(good, header))]).toEqual([what, 401]);
});

test("a key that was never the server's signs nothing", async ({ api, newMember }) => {
  const who = await newMember();
  const { claims, header } = decode(who.accessToken);
  const stranger = await generateKeyPair("ES256");
  const forged = await new SignJWT(claims).setProtectedHeader(header).sign(stranger.privateKey);
  expect((await api.get("/auth/me", bearer(forged))).status).toBe(401);
});

test("neither no signature nor the public key as a password passes for a signature", async ({ api, newMember }) => {
  const who = await newMember();
  const { claims, header } = decode(who.accessToken);
  const { keys } = (await api.get("/.well-known/jwks.json")).body;
  const jwk = keys.find(({ kid }: { kid: string }) => kid === header.kid);
  const spki = await exportSPKI((await importJWK(jwk, "ES256", { extractable: true })) as CryptoKey);
  const [head = "", body = ""] = who.accessToken.split(".");
  const tokens: Record<string, string> = {
    "alg none": `${encode({ ...header, alg: "none" })}.${body}.`,
    "alg NONE": `${encode({ ...header, alg: "NONE" })}.${body}.`,
    "no signature": `${head}.${body}.`,
    "no third part": `${head}.${body}`,
    "two signatures": `${who.accessToken}.x`,
    "a zero signature": `${head}.${body}.${Buffer.alloc(64).toString("base64url")}`,
  };
  const secrets: Record<string, string> = {
    "the key as PEM": spki,
    "the key as PEM without its end": spki.trim(),
    "the key as JSON": JSON.stringify(jwk),
    "the key's x": jwk.x,
    nothing: "",
  };
  for (const [what, secret] of Object.entries(secrets))
    for (const alg of ["HS256", "HS384", "HS512"])
      tokens[`${alg} with ${what}`] = hmac({ ...header, alg }, claims, Buffer.from(secret));
  for (const [what, token] of Object.entries(tokens))
    expect([what, (await api.get("/auth/me", bearer(token))).status]).toEqual([what, 401]);
  expect((await api.get("/auth/me", bearer(who.accessToken))).status).toBe(200);
});

test("a refresh token is taken only as the server writes it", async ({ api, newMember, server }) => {
  const who = await newMember();
  const { claims: good, header } = decode(who.refreshToken);
  const key = derivedKey(server, "refresh tokens");
  const status = async (token: string) => (await api.post("/auth/refresh", { refreshToken: token })).status;
  const refused: Record<string, string> = {
    expired: hmac(header, { ...good, iat: now() - 1000, exp: now() - 1 }, key),
    "without an end": hmac(header, without(good, "exp"), key),
    "of another issuer": hmac(header, { ...good, iss: "https://evil.example.com" }, key),
    "of another door": hmac(header, { ...good, aud: "refresh:pages" }, key),
    "for the access slot": hmac(header, { ...good, aud: good.iss }, key),
    "of an access token's type": hmac({ ...header, typ: "at+jwt" }, good, key),
    "of another algorithm": hmac({ ...header, alg: "HS512" }, good, key),
    unsigned: `${encode({ ...header, alg: "none" })}.${encode(good)}.`,
    "of another key": hmac(header, good, derivedKey(server, "links: verify-email")),
    "of no session": hmac(header, without(good, "sid"), key),
    "of a session that never was": hmac(header, { ...good, sid: randomUUID() }, key),
    "of no generation": hmac(header, without(good, "gen"), key),
  };
  for (const [what, token] of Object.entries(refused)) expect([what, await status(token)]).toEqual([what, 403]);
  // The same bytes from the same key pass: what was refused above was refused for the reason named.
  expect(hmac(header, good, key)).toBe(who.refreshToken);
  expect(await status(who.refreshToken)).toBe(200);
});

test("a mailed link's token is taken only as the server writes it", async ({ api, newPerson, linkToken, server }) => {
  const { email } = await newPerson();
  const authToken = await linkToken(email);
  const { claims: good, header } = decode(authToken);
  const key = derivedKey(server, "links: verify-email");
  const status = async (token: string) => (await api.post("/verify", { authToken: token })).status;
  const refused: Record<string, string> = {
    "of another issuer": hmac(header, { ...good, iss: "https://evil.example.com" }, key),
    "of another purpose": hmac(header, { ...good, aud: "reset-password" }, key),
    "of another type": hmac({ ...header, typ: "reset-password+jwt" }, good, key),
    "without an end": hmac(header, without(good, "exp"), key),
    "of no challenge": hmac(header, without(good, "jti"), key),
    unsigned: `${encode({ ...header, alg: "none" })}.${encode(good)}.`,
    "of the other purpose's key": hmac(header, good, derivedKey(server, "links: reset-password")),
    "of the refresh tokens' key": hmac(header, good, derivedKey(server, "refresh tokens")),
  };
  for (const [what, token] of Object.entries(refused)) expect([what, await status(token)]).toEqual([what, 403]);
  expect(hmac(header, good, key)).toBe(authToken);
  expect(await status(authToken)).toBe(200);
});

test("the published keys are public ones, each with its id, and may be kept for a minute", async ({ api }) => {
  const answer = await api.get("/.well-known/jwks.json");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toContain("application/jwk-set+json");
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  const { keys } = answer.body;
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys)
    expect(key).toEqual({
      kty: "EC",
      crv: "P-256",
      x: expect.any(String),
      y: expect.any(String),
      kid: expect.any(String),
      alg: "ES256",
      use: "sig",
    });
});

/** Puts a key of the test's own among those that the server still accepts, as a rotation leaves them. */
async function trustedKey(server: RunningServer): Promise<Signer> {
  const pair = await generateKeyPair("ES256", { extractable: true });
  const kid = `test-${randomUUID()}`;
  const publicJwk = JSON.stringify({ ...(await exportJWK(pair.publicKey)), kid, alg: "ES256", use: "sig" });
  const time = Date.now();
  await change(
    server,
    "insert into signing_keys (kid, public_jwk, private_key, created_at, retired_at, expires_at) values (?, ?, 'none', ?, ?, ?)",
    kid,
    publicJwk,
    time - 2,
    time - 1,
    time + 60_000,
  );
  expect(await row(server, "select kid from signing_keys where kid = ?", kid)).toEqual({ kid });
  return (claims, header) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid, ...header })
      .sign(pair.privateKey, { crit: { x: true } });
}

/** The key the server draws from its secret for one use; knowing it is what the tests above are about. */
function derivedKey(server: RunningServer, use: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secretOf(server), "latchkey", use, 32));
}

/** Signs with an HMAC, and with keys shorter than a library would let us. */
function hmac(header: JWTHeaderParameters, claims: Claims, secret: Uint8Array): string {
  const content = `${encode(header)}.${encode(claims)}`;
  const digest = header.alg.replace(/^HS/, "sha");
  return `${content}.${createHmac(digest, secret).update(content).digest("base64url")}`;
}

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

function decode(token: string): { header: JWTHeaderParameters; claims: Claims } {
  const [header, claims] = token.split(".").map((part) => Buffer.from(part, "base64url").toString());
  return { header: JSON.parse(header ?? ""), claims: JSON.parse(claims ?? "") };
}

function without(claims: Claims, name: string): Claims {
  const { [name]: _left, ...rest } = claims;
  return rest;
}
