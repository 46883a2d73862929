import { createRemoteJWKSet, jwtVerify } from "jose";
import { accountOf } from "#e2e/fixtures/store.ts";
import { type Sts, startSts } from "#e2e/fixtures/sts.ts";
import { test as base, expect, person } from "#e2e/fixtures/test.ts";

const test = base.extend<{ member: { email: string; password: string; sub: string } }, { sts: Sts }>({
  sts: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures needed from this pattern
    async ({}, use) => {
      const sts = await startSts();
      await use(sts);
      await sts.stop();
    },
    { scope: "worker" },
  ],
  serverSettings: [
    async ({ sts }, use) =>
      use({
        AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/latchkey-people",
        AWS_STS_ENDPOINT: sts.url,
        AWS_REGION: "eu-central-1",
      }),
    { scope: "worker" },
  ],
  server: [
    async ({ server, sts }, use) => {
      sts.issuer = server.url;
      await use(server);
    },
    { scope: "worker" },
  ],
  member: async ({ api, mailFor, server }, use) => {
    const { email, password } = person();
    await api.post("/api/auth/signup", { email, password });
    await api.post("/api/auth_confirm", { username: email, confirm_code: (await mailFor(email)).code });
    await use({ email, password, sub: (await accountOf(server, email)).sub });
  },
});

// The double's mood is one for all tests of this file.
test.describe.configure({ mode: "serial" });

const empty = { access_key: "", secret_key: "", session_key: "" };

test("a log-in brings temporary AWS credentials in exchange for its ID token", async ({ api, member, sts, server }) => {
  sts.mood = "answers";
  const { status, body } = await api.post("/staging/user_login", { username: member.email, password: member.password });
  expect(status).toBe(200);
  expect(body.message).toBe("Login successful");
  expect(body.data).toMatchObject({
    access_key: `ASIA-${member.sub}`,
    secret_key: `secret-of-${member.sub}`,
    session_key: `session-of-${member.sub}`,
    identity_id: `eu-central-1:${member.sub}`,
    expires_in: "900",
  });
  const keys = createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`));
  const { payload } = await jwtVerify(body.data.id_token, keys, { issuer: server.url, audience: "latchkey" });
  expect(payload).toMatchObject({ sub: member.sub, email: member.email, email_verified: true, name: member.email });
});

test("a refresh hands out the same credentials without asking STS again", async ({ api, member, sts }) => {
  sts.mood = "answers";
  const { body } = await api.post("/staging/user_login", { username: member.email, password: member.password });
  sts.mood = "refuses";
  const refreshed = await api.post("/staging/refresh_token", {
    username: member.email,
    refresh_token: body.data.refresh_token,
  });
  expect(refreshed.body.data.access_key).toBe(body.data.access_key);
  expect(sts.calls.filter((name) => name === member.sub)).toHaveLength(1);
});

for (const mood of ["refuses", "hangs", "late"] as const)
  test(`when STS ${mood}, log-in works, the three are empty and the message says so`, async ({ api, member, sts }) => {
    sts.mood = mood;
    const began = performance.now();
    const { status, body } = await api.post("/staging/user_login", {
      username: member.email,
      password: member.password,
    });
    expect(performance.now() - began).toBeLessThan(6_000);
    expect([status, body.error]).toEqual([200, false]);
    expect(body.message).toBe("Login successful. AWS credentials are not to be had at the moment");
    expect(body.data).toMatchObject(empty);
    expect(body.data.token).toMatch(/^eyJ/);
  });

test("no credential and no token gets into the log", async ({ server, member, api, sts }) => {
  sts.mood = "answers";
  const { body } = await api.post("/staging/user_login", { username: member.email, password: member.password });
  for (const secret of [body.data.secret_key, body.data.session_key, body.data.id_token])
    expect(server.output()).not.toContain(secret);
});
