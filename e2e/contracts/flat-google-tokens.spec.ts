import { randomUUID } from "node:crypto";
import { decodeJwt, type JWTPayload } from "jose";
import { visitorOf } from "#e2e/fixtures/doors.ts";
import { tokenIn } from "#e2e/fixtures/member.ts";
import { accountOf, rows } from "#e2e/fixtures/store.ts";
import { test as base, expect, person } from "#e2e/fixtures/test.ts";
import { startTokenIssuer, type TokenIssuer } from "#e2e/fixtures/token-issuer.ts";

/** What the JSON door takes of ID tokens that a real provider signed: the provider here is one that we do not trust. */
const test = base.extend<object, { provider: TokenIssuer }>({
  provider: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures needed from this pattern
    async ({}, use) => {
      const provider = await startTokenIssuer();
      await use(provider);
      provider.stop();
    },
    { scope: "worker" },
  ],
  serverSettings: [
    async ({ provider }, use) =>
      use({ GOOGLE_ISSUER: provider.issuer, GOOGLE_CLIENT_ID: provider.clientId, GOOGLE_CLIENT_SECRET: "a secret" }),
    { scope: "worker" },
  ],
});

const somebody = () => ({ sub: randomUUID(), email: person().email });

test("an ID token is taken once: of 30 parallel replays one gets in", async ({ provider, api, server }) => {
  // Another first: the server has asked the provider for its description and keys when the burst comes.
  expect((await api.post("/api/login_google", { id_token: await provider.sign(somebody()) })).status).toBe(200);
  const claims = somebody();
  const id_token = await provider.sign(claims);
  const answers = await Promise.all(Array.from({ length: 30 }, () => api.post("/api/login_google", { id_token })));
  const statuses = answers.map(({ status }) => status).toSorted();
  expect(statuses).toEqual([200, ...Array(29).fill(401)]);
  const { id } = await accountOf(server, String(claims.email));
  expect(await rows(server, "select id from sessions where account_id = ?", id)).toHaveLength(1);
});

test("a token with a nonce needs it, one for others too is refused, and so is any other kind of token", async ({
  provider,
  api,
  server,
}) => {
  const claims = somebody();
  const bad: [JWTPayload, { typ?: string }?, { nonce?: string }?][] = [
    [{ nonce: "n" }],
    [{ nonce: "n" }, {}, { nonce: "other" }],
    [{}, {}, { nonce: "n" }],
    [{ azp: "another-client" }],
    [{ aud: [provider.clientId, "another-client"] }],
    [{ aud: "another-client" }],
    [{}, { typ: "at+jwt" }],
    [{}, { typ: "logout+jwt" }],
    [{ events: { "http://schemas.openid.net/event/backchannel-logout": {} } }],
  ];
  for (const [more, header, beside] of bad) {
    const id_token = await provider.sign({ ...claims, ...more }, header);
    expect((await api.post("/api/login_google", { id_token, ...beside })).status, JSON.stringify(more)).toBe(401);
  }
  expect(await rows(server, "select id from accounts where email = ?", claims.email)).toEqual([]);
  const good = await provider.sign(
    { ...claims, nonce: "n", azp: provider.clientId, aud: [provider.clientId] },
    { typ: "JWT" },
  );
  expect((await api.post("/api/login_google", { id_token: good, nonce: "n" })).status).toBe(200);
});

test("a subject is a string of 1 to 255, so that two people are never one", async ({ provider, api, server }) => {
  // SQLite keeps all lone surrogates as one character.
  for (const sub of [1, 2, "", "x".repeat(256), null, ["a"], "q\ud800", "q\ud801"]) {
    const { email } = person();
    const id_token = await provider.sign({ ...somebody(), sub: sub as string, email });
    expect((await api.post("/api/login_google", { id_token })).status).toBe(401);
    expect(await rows(server, "select id from accounts where email = ?", email)).toEqual([]);
  }
});

test("a provider's word alone never opens an account that is somebody's already", async ({
  provider,
  api,
  mailFor,
  server,
}) => {
  const { email, password } = person();
  await api.post("/auth/signup", { email, password });
  await api.post("/api/auth_confirm", { username: email, confirm_code: (await mailFor(email)).code });
  const sub = randomUUID();
  const answer = await api.post("/api/login_google", {
    id_token: await provider.sign({ sub, email, hd: "example.com" }),
  });
  expect([answer.status, answer.body.message]).toEqual([
    403,
    "A mail is on its way that asks whether this Google account may log in to your account",
  ]);
  expect(await rows(server, "select subject from identities where subject = ?", sub)).toEqual([]);
  expect((await mailFor(email, { subject: "Allow log-in with Google" })).text).toContain("Wasn’t you?");
});

test("nor does it take over a sign-up that nobody has proved: its owner's yes by mail does, and nothing of its maker stays", async ({
  provider,
  api,
  mailFor,
  server,
}) => {
  const { email, password, username } = person();
  await api.post("/api/user_signup", { email, password, username });
  const first = await mailFor(email);
  const sub = randomUUID();
  const signed = () => provider.sign({ sub, email, jti: randomUUID() });
  expect((await api.post("/api/login_google", { id_token: await signed() })).status).toBe(403);
  expect(await accountOf(server, email)).toMatchObject({ status: 0, username });
  const { link } = await mailFor(email, { subject: "Allow log-in with Google", after: first });
  const owner = visitorOf(server);
  await owner.submit((link ?? "").slice(server.url.length), "Allow log-in with Google");
  expect(await accountOf(server, email)).toMatchObject({ status: 1, username: null, password_hash: null });
  expect((await api.post("/auth/login", { email, password })).status).toBe(400);
  expect((await api.post("/auth/verify", { authToken: tokenIn(first) })).status).toBe(403);
  expect((await api.post("/api/login_google", { id_token: await signed() })).status).toBe(200);
});

test("tries are counted like log-ins, and new accounts like sign-ups", async ({ provider, api, server }) => {
  const made = [];
  for (let n = 0; n < 21; n++)
    made.push(await api.post("/api/login_google", { id_token: await provider.sign(somebody()) }));
  expect(made.map(({ status }) => status)).toEqual([...Array(20).fill(200), 429]);
  expect(Number(made.at(-1)?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(
    (await rows(server, "select key from limits where key like 'login-address:%' and count > 0")).length,
  ).toBeGreaterThan(0);
  const tries = [];
  for (let n = 0; n < 50; n++) tries.push((await api.post("/api/login_google", { id_token: `eyJ.${n}.x` })).status);
  expect(tries.slice(0, 40)).toEqual(Array(40).fill(401));
  expect(tries.at(-1)).toBe(429);
});

test("a provider's name loses what does not show", async ({ provider, api }) => {
  const id_token = await provider.sign({
    ...somebody(),
    given_name: "Gra\r\nce\u0000\u202e",
    family_name: "Hop\u200bper\u{e0041}",
  });
  const { body } = await api.post("/api/login_google", { id_token });
  expect(decodeJwt(body.data.id_token)).toMatchObject({ name: "Grace Hopper" });
});
