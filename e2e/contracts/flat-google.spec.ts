import { createHash, randomBytes } from "node:crypto";
import { decodeJwt } from "jose";
import type { Page } from "playwright/test";
import { expect, type OpenIdProvider, person, signInAtProvider, test } from "#e2e/fixtures/google.ts";
import { OWN_REDIRECT } from "#e2e/fixtures/openid-provider.ts";
import { rows } from "#e2e/fixtures/store.ts";

/** A client that logs in at the provider by itself, as one with a page of its own would; returns its code. */
async function codeFromProvider(page: Page, provider: OpenIdProvider, login: string) {
  const verifier = randomBytes(32).toString("base64url");
  const request = new URLSearchParams({
    client_id: provider.clientId,
    redirect_uri: OWN_REDIRECT,
    response_type: "code",
    scope: "openid email profile",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  await page.goto(`${provider.issuer}/auth?${request}`);
  await signInAtProvider(page, login);
  const consent = await page.locator("form").getAttribute("action");
  const agreed = await page.request.post(consent ?? "", { form: { prompt: "consent" }, maxRedirects: 0 });
  const resumed = await page.request.get(agreed.headers().location ?? "", { maxRedirects: 0 });
  const code = new URL(resumed.headers().location ?? "").searchParams.get("code") ?? "";
  return { code, redirect_uri: OWN_REDIRECT, code_verifier: verifier };
}

/** The same client trades the code itself and has the provider's ID token. */
async function idTokenFromProvider(page: Page, provider: OpenIdProvider, login: string): Promise<string> {
  const grant = await codeFromProvider(page, provider, login);
  const answer = await fetch(`${provider.issuer}/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${btoa(`${provider.clientId}:${encodeURIComponent(provider.clientSecret).replace(/%20/g, "+")}`)}`,
    },
    body: new URLSearchParams({ grant_type: "authorization_code", ...grant }),
  });
  return (await answer.json()).id_token;
}

test("a code is answered with the documented data, both spellings of the refresh token in it", async ({
  page,
  provider,
  api,
}) => {
  const { email } = person();
  const grant = await codeFromProvider(page, provider, email);
  const { status, body } = await api.post("/staging/auth/login_google", grant);
  expect(status).toBe(200);
  expect(Object.keys(body.data).toSorted()).toEqual([
    "access_key",
    "expires_in",
    "id_token",
    "identity_id",
    "refresh_token",
    "resfresh_token",
    "secret_key",
    "session_key",
    "token",
  ]);
  expect(body.data.resfresh_token).toBe(body.data.refresh_token);
  expect(decodeJwt(body.data.id_token)).toMatchObject({ email, email_verified: true, name: "Grace Hopper" });
  expect((await api.post("/api/users/verifyAccessToken", { token: body.data.token })).status).toBe(200);
  const refreshed = await api.post("/api/refresh_token", { username: email, refresh_token: body.data.refresh_token });
  expect(refreshed.status).toBe(200);
});

test("a code is good once, and only with its own verifier", async ({ page, provider, api }) => {
  const grant = await codeFromProvider(page, provider, person().email);
  const stolen = await api.post("/api/login_google", { ...grant, code_verifier: "x".repeat(43) });
  expect([stolen.status, stolen.body.error]).toEqual([401, true]);
  await page.context().clearCookies();
  const second = await codeFromProvider(page, provider, person().email);
  expect((await api.post("/api/login_google", second)).status).toBe(200);
  expect((await api.post("/api/login_google", second)).status).toBe(401);
});

test("an ID token of the provider logs in", async ({ page, provider, api }) => {
  const { email } = person();
  const idToken = await idTokenFromProvider(page, provider, email);
  const { status, body } = await api.post("/api/login_google/", { id_token: idToken });
  expect(status).toBe(200);
  expect(decodeJwt(body.data.id_token)).toMatchObject({ email });
});

test("an ID token for somebody else, altered, or one of our own, logs nobody in", async ({
  page,
  provider,
  api,
  server,
}) => {
  const { email } = person();
  const idToken = await idTokenFromProvider(page, provider, email);
  const [head, payload, signature] = idToken.split(".") as [string, string, string];
  const otherAudience = Buffer.from(JSON.stringify({ ...decodeJwt(idToken), sub: "somebody-else" })).toString(
    "base64url",
  );
  const unsigned = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
  const own = (await api.post("/api/login_google", { id_token: idToken })).body.data.id_token;
  for (const bad of [`${head}.${otherAudience}.${signature}`, `${unsigned}.${payload}.`, own, "eyJ", `${idToken}x`]) {
    const answer = await api.post("/api/login_google", { id_token: bad });
    expect([answer.status, answer.body]).toEqual([
      401,
      { message: "Google did not confirm this log-in", data: {}, error: true },
    ]);
  }
  expect(await rows(server, "select subject from identities where subject = 'somebody-else'")).toEqual([]);
});

test("an address that the provider did not verify logs nobody in and makes nothing", async ({
  page,
  provider,
  api,
  server,
}) => {
  const email = `unverified-${person().email}`;
  const idToken = await idTokenFromProvider(page, provider, email);
  expect((await api.post("/api/login_google", { id_token: idToken })).status).toBe(403);
  expect(await rows(server, "select id from accounts where email = ?", email)).toEqual([]);
});

test("without a token or a whole code it says what is missing", async ({ api }) => {
  for (const body of [{}, { code: "x" }, { code: "x", redirect_uri: OWN_REDIRECT }, { code_verifier: "x" }]) {
    const answer = await api.post("/api/login_google", body);
    expect([answer.status, answer.body.error]).toEqual([400, true]);
    expect(answer.body.errors).toEqual([
      { field: "id_token", message: "is required, or code with redirect_uri and code_verifier" },
    ]);
  }
});
