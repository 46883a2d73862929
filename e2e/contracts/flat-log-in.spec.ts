import { createRemoteJWKSet, jwtVerify } from "jose";
import { aJwt, expectAnswer, expectRefusal, inEnvelope } from "#e2e/fixtures/answers.ts";
import { bearer, expect, flatApi, person, said, test } from "#e2e/fixtures/flat.ts";
import { accountOf, change, passCooldowns } from "#e2e/fixtures/store.ts";

const INCORRECT = "Incorrect username or password";
const TOKEN = "The token is not valid or has expired";

test("the right password answers with the token in its header and the documented data, key for key", async ({
  api,
  flatMember,
  server,
}) => {
  const who = await flatMember();
  const answer = await flatApi(api).logIn(who);
  expectAnswer(answer, 200, {
    message: "Login successful",
    data: {
      access_key: "",
      expires_in: "900",
      id_token: aJwt,
      identity_id: `us-east-1:${(await accountOf(server, who.email)).sub}`,
      secret_key: "",
      session_key: "",
      token: aJwt,
      refresh_token: aJwt,
    },
    error: false,
  });
  const { token } = answer.body.data;
  expect(answer.headers.get("x-amzn-remapped-authorization")).toBe(`Bearer ${token}`);
  expect((await api.get("/auth/me", bearer(token))).body.email).toBe(who.email);
});

test("the ID token verifies against the published keys, and says who it is about", async ({
  api,
  flatMember,
  server,
}) => {
  const who = await flatMember();
  const { id_token, expires_in } = (await flatApi(api).logIn(who)).body.data;
  const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", server.url));
  const { payload, protectedHeader } = await jwtVerify(id_token, keys, { issuer: server.origin, audience: "latchkey" });
  expect(protectedHeader).toMatchObject({ alg: "ES256", typ: "JWT" });
  const { sub } = await accountOf(server, who.email);
  expect(payload).toMatchObject({ sub, email: who.email, email_verified: true, name: who.username });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(Number(expires_in));
});

test("a wrong password and an unknown name are refused with one sentence", async ({ api, flatMember }) => {
  const who = await flatMember();
  for (const refused of [
    await flatApi(api).logIn({ ...who, password: "not the one" }),
    await flatApi(api).logIn(person()),
    await flatApi(api).logIn({ ...person(), username: person().email }),
  ]) {
    expectRefusal(refused, 401, INCORRECT, inEnvelope);
    expect(refused.headers.get("x-amzn-remapped-authorization")).toBeNull();
  }
});

test("an account that is not confirmed is told so by the right password, and mailed anew after the cool-down", async ({
  api,
  newName,
  mailFor,
  mailsTo,
  codeFor,
  server,
}) => {
  const flat = flatApi(api);
  const who = await newName();
  const first = await mailFor(who.email);
  const sentence = "This account is not confirmed yet. A new code has been sent";
  expectRefusal(await flat.logIn(who), 403, sentence, inEnvelope);
  expectRefusal(await flat.logIn({ ...who, password: "not the one" }), 401, INCORRECT, inEnvelope);
  expect(await mailsTo(who.email)).toHaveLength(1);
  await passCooldowns(server, who.email);
  expectRefusal(await flat.logIn(who), 403, sentence, inEnvelope);
  expectAnswer(
    await flat.confirm(who.username, await codeFor(who.email, undefined, first)),
    200,
    said("Email confirmed"),
  );
});

test("a blocked account is told so by the right password, and its tokens end", async ({ api, flatMember, server }) => {
  const flat = flatApi(api);
  const who = await flatMember();
  await change(server, "update accounts set status = 2 where email = ?", who.email);
  expectRefusal(await flat.logIn(who), 403, "This account is blocked", inEnvelope);
  expectRefusal(await flat.refresh(who.username, who.refreshToken), 401, TOKEN, inEnvelope);
  expectRefusal(await flat.template(bearer(who.token)), 401, TOKEN, inEnvelope);
});

test("refreshing answers with the documented data and no new refresh token: the old one stays good", async ({
  api,
  flatMember,
  server,
}) => {
  const who = await flatMember();
  const { sub } = await accountOf(server, who.email);
  for (let n = 0; n < 3; n++) {
    const answer = await flatApi(api).refresh(who.username, who.refreshToken);
    expectAnswer(answer, 200, {
      message: "Token refreshed",
      data: {
        access_key: "",
        expires_in: "900",
        id_token: aJwt,
        identity_id: `us-east-1:${sub}`,
        secret_key: "",
        session_key: "",
        token: aJwt,
      },
      error: false,
    });
    expect((await api.get("/auth/me", bearer(answer.body.data.token))).body.sub).toBe(sub);
  }
});

test("thirty parallel refreshes with one token all go well, and leave it good", async ({ api, flatMember }) => {
  const who = await flatMember();
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => flatApi(api).refresh(who.username, who.refreshToken)),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(200));
  expect((await flatApi(api).refresh(who.email, who.refreshToken)).status).toBe(200);
});

test("a refresh token is bound to the name it was given to", async ({ api, flatMember }) => {
  const [who, other] = [await flatMember(), await flatMember()];
  for (const name of [other.username, other.email, person().username, person().email])
    expectRefusal(await flatApi(api).refresh(name, who.refreshToken), 401, TOKEN, inEnvelope);
  expect((await flatApi(api).refresh(who.username, who.refreshToken)).status).toBe(200);
});

test("a refresh token lives for thirty days, and ends with its session", async ({ api, flatMember, server }) => {
  const flat = flatApi(api);
  const who = await flatMember();
  const [, claims = ""] = who.refreshToken.split(".");
  const { iat, exp } = JSON.parse(Buffer.from(claims, "base64url").toString());
  expect(exp - iat).toBe(30 * 24 * 60 * 60);
  const other = (await flat.logIn(who)).body.data;
  const { id } = await accountOf(server, who.email);
  await change(
    server,
    "update sessions set ended_at = ? where account_id = ? and id = ?",
    Date.now(),
    id,
    sidOf(who.token),
  );
  expectRefusal(await flat.refresh(who.username, who.refreshToken), 401, TOKEN, inEnvelope);
  expectRefusal(await flat.template(bearer(who.token)), 401, TOKEN, inEnvelope);
  expect((await flat.refresh(who.username, other.refresh_token)).status).toBe(200);
  await change(server, "update sessions set expires_at = ? where account_id = ?", Date.now() - 1, id);
  expectRefusal(await flat.refresh(who.username, other.refresh_token), 401, TOKEN, inEnvelope);
});

test("what was never a refresh token is refused", async ({ api, flatMember }) => {
  const { username, token } = await flatMember();
  for (const wrong of [token, "x", "a.b.c", "\u0007", "eyJhbGciOiJub25lIn0.e30."])
    expectRefusal(await flatApi(api).refresh(username, wrong), 401, TOKEN, inEnvelope);
});

test("an account without a username is found by its address, and not by half of it", async ({ api, newMember }) => {
  // Accounts made through the auth contract have no username at all.
  const who = await newMember();
  expect((await flatApi(api).logIn({ ...who, username: who.email })).status).toBe(200);
  expectRefusal(
    await flatApi(api).logIn({ ...who, username: who.email.split("@")[0] ?? "" }),
    401,
    INCORRECT,
    inEnvelope,
  );
});

const sidOf = (token: string): string => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).sid;
