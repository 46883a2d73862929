import { randomUUID } from "node:crypto";
import { decodeJwt } from "jose";
import type { Answer, Api } from "#e2e/fixtures/api.ts";
import { type App, addApp } from "#e2e/fixtures/authenticator.ts";
import { test as base, expect, from, type Member } from "#e2e/fixtures/member.ts";
import { accountOf, change, rows } from "#e2e/fixtures/store.ts";
import { startTokenIssuer, type TokenIssuer } from "#e2e/fixtures/token-issuer.ts";
import type { Visitor } from "#e2e/fixtures/visitor.ts";

/**
 * Accounts with an app for codes, met by clients that know of none: `X-Latchkey-OTP` is all that is new to them. What each log-in is
 * answered stands in the table of pages/the-square.spec.ts; here is what comes beside and after it.
 */

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
      use({
        GOOGLE_ISSUER: provider.issuer,
        GOOGLE_CLIENT_ID: provider.clientId,
        GOOGLE_CLIENT_SECRET: "a secret",
        TRUSTED_ISSUERS: provider.issuer,
        CORS_ORIGINS: "https://app.example.com",
      }),
    { scope: "worker" },
  ],
});

type Way = {
  wrongPassword: number;
  logIn: (api: Api, who: { email: string; password: string }, headers?: Record<string, string>) => Promise<Answer>;
};

const WAYS: Record<string, Way> = {
  auth: {
    wrongPassword: 400,
    logIn: (api, { email, password }, headers) => api.post("/auth/login", { email, password }, headers),
  },
  users: {
    wrongPassword: 400,
    logIn: (api, { email, password }, headers) => api.post("/api/users/login", { email, password }, headers),
  },
  flat: {
    wrongPassword: 401,
    logIn: (api, { email, password }, headers) => api.post("/api/user_login", { username: email, password }, headers),
  },
};

const otp = (code: string) => ({ "x-latchkey-otp": code });
const shown = (answer: Answer) => [answer.status, answer.body.message, answer.headers.get("x-latchkey-otp")];
const NEEDED = "A second factor is needed";
const WRONG = "The code of the second factor is wrong or was used already";

for (const [door, { logIn }] of Object.entries(WAYS))
  test.describe(door, () => {
    test("a recovery code goes through however it was copied, and its owner hears of it", async ({
      api,
      newMember,
      server,
      mailFor,
    }) => {
      const who = await newMember();
      const { recoveryCodes } = await addApp(server, who);
      expect(recoveryCodes).toHaveLength(10);
      expect((await logIn(api, who, otp((recoveryCodes[0] ?? "").toUpperCase()))).status).toBe(200);
      await mailFor(who.email, { subject: "recovery code" });
    });
  });

test("of 64 log-ins with one code one gets in, through whichever door", async ({ newMember, server }) => {
  const who = await newMember();
  const app = await addApp(server, who);
  for (const code of [await app.code(), app.recoveryCodes[3] ?? ""]) {
    const ways = Object.values(WAYS);
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, n) => (ways[n % ways.length] as Way).logIn(from(server), who, otp(code))),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    // Of the others some had their try, and were too late; the rest found the count full.
    const others = answers.filter(({ status }) => status !== 200);
    expect(others.filter(({ status }) => status >= 500 && status !== 503)).toEqual([]);
    const { id } = await accountOf(server, who.email);
    await change(server, "delete from limits where key like ?", `second-factor:${id}%`);
  }
});

test("five wrong codes pause all doors, the pages too, and a right one then waits", async ({
  api,
  newMember,
  server,
}) => {
  const who = await newMember();
  const app = await addApp(server, who);
  const ways = Object.values(WAYS);
  for (let n = 0; n < 5; n += 1)
    expect(shown(await (ways[n % 3] as Way).logIn(api, who, otp("000000"))).slice(1)).toEqual([WRONG, "required"]);
  for (const { logIn } of ways) {
    const answer = await logIn(api, who, otp(await app.code()));
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  }
  // Somebody who knows no password cannot bring that about.
  expect((await (ways[0] as Way).logIn(api, who)).status).toBe(403);
});

test("the owner hears that somebody with the password tries codes, once a day", async ({
  api,
  newMember,
  server,
  mailFor,
}) => {
  const who = await newMember();
  await addApp(server, who);
  const { logIn } = WAYS.auth as Way;
  for (let n = 0; n < 5; n += 1) expect((await logIn(api, who, otp("000000"))).status).toBe(403);
  const told = () => rows(server, "select id from outbox where to_email = ? and about = 'codes-refused'", who.email);
  expect(await told(), "who only mistypes is not told of it").toEqual([]);
  for (let n = 0; n < 3; n += 1) expect((await logIn(api, who, otp("000000"))).status).toBe(429);
  await mailFor(who.email, { subject: "Someone tried codes" });
  expect(await told()).toHaveLength(1);
});

test("who has the passwords of many tries sixty codes in all, and their owners are not kept out by it", async ({
  api,
  newMember,
  server,
}) => {
  const { logIn } = WAYS.auth as Way;
  const accounts: { who: Member; app: App }[] = [];
  while (accounts.length < 13) {
    const who = await newMember();
    accounts.push({ who, app: await addApp(server, who) });
  }
  const [first, last] = [accounts[0], accounts[12]] as { who: Member; app: App }[];
  if (!first || !last) throw new Error("There is nobody");
  expect((await logIn(api, first.who, otp(await first.app.code()))).status, "a right one does not count").toBe(200);
  for (const { who } of accounts.slice(0, 12))
    for (let n = 0; n < 5; n += 1)
      expect(shown(await logIn(api, who, otp("000000")))).toEqual([403, WRONG, "required"]);
  const thief = await logIn(api, last.who, otp(await last.app.code()));
  expect(thief.status).toBe(429);
  expect(Number(thief.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await logIn(from(server), last.who, otp(await last.app.code()))).status, "from elsewhere").toBe(200);
});

test("a right code forgets the wrong ones before it", async ({ api, newMember, server }) => {
  const who = await newMember();
  const app = await addApp(server, who);
  const { logIn } = WAYS.auth as Way;
  for (let round = 0; round < 3; round += 1) {
    for (let n = 0; n < 4; n += 1) expect((await logIn(api, who, otp("000000"))).status).toBe(403);
    expect((await logIn(api, who, otp(await app.code()))).status).toBe(200);
  }
});

test("an ID token of the provider is not enough, and is still good with the code", async ({
  api,
  newMember,
  server,
  provider,
}) => {
  const who = await newMember();
  const signed = () => provider.sign({ sub: who.email, email: who.email, jti: randomUUID() });
  expect((await api.post("/api/login_google", { id_token: await signed() })).status).toBe(200);
  const app = await addApp(server, who);
  const id_token = await signed();
  expect(shown(await api.post("/api/login_google", { id_token }))).toEqual([401, NEEDED, "required"]);
  expect((await api.post("/api/login_google", { id_token }, otp(await app.code()))).status).toBe(200);
  expect((await api.post("/api/login_google", { id_token }, otp(await app.code()))).status).toBe(401);
});

test("a reset by mail sets the password and opens nothing", async ({ api, newMember, server, linkToken }) => {
  const who = await newMember();
  const app = await addApp(server, who);
  await change(server, "delete from limits where key like ?", "cooldown:%");
  expect((await api.post("/password/forget", { email: who.email })).status).toBe(200);
  const authToken = await linkToken(who.email, /password/i);
  const password = `another-${randomUUID()}`;
  expect((await api.post("/auth/password/reset", { authToken, password })).status).toBe(200);
  const { logIn } = WAYS.auth as Way;
  expect(shown(await logIn(api, { ...who, password }))).toEqual([403, NEEDED, "required"]);
  expect((await logIn(api, { ...who, password }, otp(await app.code()))).status).toBe(200);
});

test("tokens say by what, and when, their person logged in", async ({ api, newMember, server }) => {
  const who = await newMember();
  const before = Math.floor(Date.now() / 1000);
  const plain = await api.post("/auth/login", { email: who.email, password: who.password });
  expect(decodeJwt(plain.body.accessToken)).toMatchObject({ amr: ["pwd"] });
  expect(Number(decodeJwt(plain.body.accessToken).auth_time)).toBeGreaterThanOrEqual(before);
  const app = await addApp(server, who);
  const flat = await api.post(
    "/api/user_login",
    { username: who.email, password: who.password },
    otp(await app.code()),
  );
  for (const token of [flat.body.data.token, flat.body.data.id_token])
    expect(decodeJwt(token)).toMatchObject({ amr: ["pwd", "otp", "mfa"], auth_time: expect.any(Number) });
});

test("adding an app ends what was opened without it", async ({ api, newMember, server }) => {
  const who = await newMember();
  expect((await api.get("/api/auth/me", { authorization: `Bearer ${who.accessToken}` })).status).toBe(200);
  await addApp(server, who);
  expect((await api.get("/api/auth/me", { authorization: `Bearer ${who.accessToken}` })).status).toBe(401);
  expect((await api.post("/api/auth/refresh", { refreshToken: who.refreshToken })).status).toBe(403);
});

test("a log-in under way while an app is added does not get past it", async ({ newMember, server }) => {
  for (let round = 0; round < 6; round += 1) {
    const who = await newMember();
    const entering = Array.from({ length: 12 }, async (_, n) => {
      await new Promise((resolve) => setTimeout(resolve, n * 12));
      return (WAYS.auth as Way).logIn(from(server), who);
    });
    await addApp(server, who);
    await Promise.all(entering);
    const { id } = await accountOf(server, who.email);
    const live = await rows<{ amr: string }>(
      server,
      "select amr from sessions where account_id = ? and ended_at is null and kind <> 'pages'",
      id,
    );
    expect(live).toEqual([]);
  }
});

test("a page of another origin may send the header and read it", async ({ api, newMember, server }) => {
  const origin = { origin: "https://app.example.com" };
  const preflight = await api.call("OPTIONS", "/auth/login", undefined, {
    ...origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "x-latchkey-otp",
  });
  expect(preflight.headers.get("access-control-allow-headers")).toContain("x-latchkey-otp");
  const who: Member = await newMember();
  const app: App = await addApp(server, who);
  const answer = await (WAYS.auth as Way).logIn(api, who, origin);
  expect(answer.headers.get("access-control-expose-headers")).toContain("x-latchkey-otp");
  expect((await (WAYS.auth as Way).logIn(api, who, { ...origin, ...otp(await app.code()) })).status).toBe(200);
});

test.describe("an app password", () => {
  for (const [door, { logIn, wrongPassword }] of Object.entries(WAYS))
    test(`made for ${door} is told by mail, taken with or without its dashes, and no other in its place`, async ({
      api,
      newMember,
      server,
      mailFor,
    }) => {
      const who = await newMember();
      const app = await addApp(server, who);
      const password = await makeAppPassword(app.visitor, door);
      await mailFor(who.email, { subject: "app password was made" });
      for (const form of [password, password.replaceAll("-", "")])
        expect((await logIn(api, { ...who, password: form })).status).toBe(200);
      expect((await logIn(api, { ...who, password: "aaaaa-bbbbb-ccccc-ddddd" })).status).toBe(wrongPassword);
    });

  test("is removed with all that it opened, and by a new password", async ({ api, newMember, server }) => {
    const who = await newMember();
    const app = await addApp(server, who);
    const { logIn } = WAYS.auth as Way;
    const removed = await makeAppPassword(app.visitor, "auth");
    const { body } = await logIn(api, { ...who, password: removed });
    const kept = await logIn(api, who, otp(await app.code()));
    await app.visitor.submit("/account/security", "scanner");
    expect((await logIn(api, { ...who, password: removed })).status).toBe(400);
    expect((await api.post("/auth/refresh", { refreshToken: body.refreshToken })).status).toBe(403);
    expect((await api.post("/auth/refresh", { refreshToken: kept.body.refreshToken })).status).toBe(200);

    const ended = await makeAppPassword(app.visitor, "auth");
    await app.visitor.submit("/account/password", "Change password", {
      currentPassword: who.password,
      newPassword: "a new password of theirs",
    });
    expect((await logIn(api, { ...who, password: ended })).status).toBe(400);
  });

  test("is guessed no more often than a password", async ({ newMember, server }) => {
    const who = await newMember();
    await addApp(server, who);
    const caller = from(server);
    const { logIn } = WAYS.auth as Way;
    const statuses: number[] = [];
    for (let n = 0; n < 12; n += 1)
      statuses.push((await logIn(caller, { ...who, password: "aaaaa-bbbbb-ccccc-ddddd" })).status);
    expect(statuses).toEqual([...Array(10).fill(400), 429, 429]);
  });

  test("twenty and no more, however many are made at once; none lies in the store as it is", async ({
    newMember,
    server,
  }) => {
    const who = await newMember();
    const app = await addApp(server, who);
    const form = await app.visitor.form("/account/security/app-passwords/new", "Make the app password");
    const answers = await Promise.all(
      Array.from({ length: 30 }, () =>
        app.visitor.twin().post("/account/security/app-passwords/new", { ...form, name: "one of many", door: "auth" }),
      ),
    );
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(20);
    expect(answers.find(({ status }) => status === 200)?.html).toContain("You have twenty app passwords already");
    await app.visitor.submit("/account/security", "one of many");
    const password = await makeAppPassword(app.visitor, "auth");
    const stored = JSON.stringify(await rows(server, "select * from app_passwords"));
    for (const secret of [password, password.replaceAll("-", "")]) {
      expect(stored).not.toContain(secret);
      expect(server.output()).not.toContain(secret);
    }
  });
});

async function makeAppPassword(visitor: Visitor, door: string): Promise<string> {
  const made = await visitor.submit("/account/security/app-passwords/new", "Make the app password", {
    name: "scanner",
    door,
  });
  if (made.status !== 303) throw new Error(`Making an app password answered ${made.status}:\n${made.html}`);
  const { html } = await visitor.open("/account/security/app-passwords");
  return /<code class="key">([0-9a-z-]{23})<\/code>/.exec(html)?.[1] ?? "";
}
