import { createHash } from "node:crypto";
import { aDate, aToken, expectAnswer, expectRefusal, expectTooMany } from "#e2e/fixtures/answers.ts";
import { accountOf, change, passCooldowns, row, rows } from "#e2e/fixtures/store.ts";
import { expect, logIn, person, profile, test, usersApi } from "#e2e/fixtures/users.ts";

const DAY = 24 * 60 * 60_000;
const INCORRECT = "Incorrect email or password";
const TOKEN = "The token is not valid or has expired";

test("the right password answers with the whole user and a session of type 0, key for key", async ({
  api,
  provedUser,
  server,
}) => {
  const who = await provedUser();
  const began = Date.now();
  const answer = await usersApi(api).logIn({ ...who, email: ` ${who.email.toUpperCase()} ` });
  expectAnswer(answer, 200, {
    id: who.id,
    first_name: "Ada",
    last_name: "Byron",
    email: who.email,
    phone_number: "+44 20 7946 0000",
    avatar: null,
    biography: null,
    account_type: 0,
    status: 1,
    login_failed_count: 0,
    created_on: aDate,
    updated_on: aDate,
    session: {
      token: aToken,
      user_id: who.id,
      remark: "Normal user session",
      session_type: 0,
      expired_on: aDate,
      created_on: aDate,
      updated_on: aDate,
    },
  });
  const { session } = answer.body;
  expect(Date.parse(session.created_on)).toBeGreaterThanOrEqual(began);
  const tokenHash = createHash("sha256").update(session.token).digest("base64url");
  const kept = await row<{ expires_at: number }>(server, "select * from sessions where token_hash = ?", tokenHash);
  expect(Date.parse(session.expired_on)).toBe(kept.expires_at);
  expect(kept.expires_at - Date.parse(session.created_on)).toBe(30 * DAY);
  // Whoever reads the table can open nothing with it.
  expect(JSON.stringify(kept)).not.toContain(session.token);
});

test("a wrong password and an unknown address are refused with one sentence", async ({ api, provedUser }) => {
  const { email } = await provedUser();
  expectRefusal(await usersApi(api).logIn({ email, password: "not the one" }), 400, INCORRECT);
  expectRefusal(await usersApi(api).logIn(person()), 400, INCORRECT);
});

test("an unproved address is refused with a sentence, and its code is mailed anew after the cool-down", async ({
  api,
  newUser,
  mailFor,
  mailsTo,
  codeFor,
  server,
}) => {
  const users = usersApi(api);
  const who = await newUser();
  const first = await mailFor(who.email);
  const sentence = "This account is not verified yet. A new authorization code has been sent";
  expectRefusal(await users.logIn(who), 400, sentence);
  expectRefusal(await users.logIn({ ...who, password: "not the one" }), 400, INCORRECT);
  expect(await mailsTo(who.email)).toHaveLength(1);
  await passCooldowns(server, who.email);
  expectRefusal(await users.logIn(who), 400, sentence);
  expectAnswer(await users.giveCode(who.session, await codeFor(who.email, undefined, first)), 200, who.id);
});

test("a blocked account is told so by the right password, and its tokens end", async ({ api, provedUser, server }) => {
  const users = usersApi(api);
  const who = await provedUser();
  await change(server, "update accounts set status = 2 where id = ?", who.id);
  expectRefusal(await users.logIn(who), 400, "This account is blocked");
  expectRefusal(await users.logIn({ ...who, password: "not the one" }), 400, INCORRECT);
  for (const refused of [await users.whose(who.token), await users.logOut(who.token)])
    expectRefusal(refused, 400, TOKEN);
});

test("login_failed_count counts wrong passwords through every door, and a log-in sets it back", async ({
  api,
  provedUser,
  server,
}) => {
  const who = await provedUser();
  const count = async () => (await accountOf(server, who.email)).login_failed_count;
  const wrong = "not the one";
  await usersApi(api).logIn({ ...who, password: wrong });
  await logIn(api, { ...who, password: wrong });
  await api.post("/api/user_login", { username: who.email, password: wrong });
  expect(await count()).toBe(3);
  expect((await usersApi(api).logIn(who)).body.login_failed_count).toBe(0);
  expect(await count()).toBe(0);
});

test("a token is told to be whose it is with the bare id", async ({ api, provedUser }) => {
  const who = await provedUser();
  const answer = await usersApi(api).whose(who.token);
  expectAnswer(answer, 200, who.id);
  expect(answer.text).toBe(String(who.id));
});

test("access tokens of the auth and flat contracts are told to be whose they are, too", async ({ api, provedUser }) => {
  const who = await provedUser();
  const auth = (await logIn(api, who)).body;
  const flat = (await api.post("/api/user_login", { username: who.email, password: who.password })).body.data;
  for (const token of [auth.accessToken, flat.token]) expectAnswer(await usersApi(api).whose(token), 200, who.id);
  for (const token of [auth.refreshToken, flat.refresh_token, flat.id_token])
    expectRefusal(await usersApi(api).whose(token), 400, TOKEN);
  await api.post("/auth/logout", { refreshToken: auth.refreshToken });
  expectRefusal(await usersApi(api).whose(auth.accessToken), 400, TOKEN);
});

test("logging out answers with the bare id, and ends this session and no other", async ({ api, provedUser }) => {
  const users = usersApi(api);
  const who = await provedUser();
  const other = (await users.logIn(who)).body.session.token;
  const answer = await users.logOut(who.token);
  expectAnswer(answer, 200, who.id);
  expect(answer.text).toBe(String(who.id));
  for (const refused of [await users.whose(who.token), await users.logOut(who.token)])
    expectRefusal(refused, 400, TOKEN);
  expectAnswer(await users.whose(other), 200, who.id);
});

test("of parallel log-outs with one token none is a fault", async ({ api, provedUser }) => {
  const who = await provedUser();
  const answers = await Promise.all(Array.from({ length: 6 }, () => usersApi(api).logOut(who.token)));
  for (const { status } of answers) expect([200, 400]).toContain(status);
  expect(answers.map(({ status }) => status)).toContain(200);
});

test("what was never a token is refused", async ({ api }) => {
  for (const token of ["x", "557abf55-3964-4f4f-9002-8fcc99de863c", "a.b.c", "....", "\u0007", "' or 1=1 --", " "])
    for (const refused of [await usersApi(api).whose(token), await usersApi(api).logOut(token)])
      expectRefusal(refused, 400, TOKEN);
});

test("a session ends at its expired_on", async ({ api, provedUser, server }) => {
  const who = await provedUser();
  await change(server, "update sessions set expires_at = ? where account_id = ?", Date.now() - 1, who.id);
  expectRefusal(await usersApi(api).whose(who.token), 400, TOKEN);
  expectRefusal(await usersApi(api).logOut(who.token), 400, TOKEN);
});

test("fifty failed log-ins from one address shut it, whatever the accounts, and the others stay open", async ({
  api,
  provedUser,
  server,
}) => {
  const who = await provedUser();
  const users = usersApi(api);
  for (let n = 1; n <= 50; n++) expectRefusal(await users.logIn(person()), 400, INCORRECT);
  expectTooMany(await users.logIn(who));
  expect(await rows(server, "select 1 from limits where key like ?", `password:${who.id}:%`)).toEqual([]);
});

test("cookies open nothing", async ({ api, provedUser }) => {
  const { token } = await provedUser();
  const cookie = `token=${token}; latchkey_access=${token}; session=${token}`;
  for (const path of ["/api/users/logout", "/api/users/verifyAccessToken"])
    expect((await api.post(path, {}, { cookie })).status).toBe(400);
  expect((await usersApi(api).whose(token)).status).toBe(200);
});

test("an account made through the users contract shows the same profile through the others", async ({
  api,
  provedUser,
}) => {
  const who = await provedUser();
  const { accessToken } = (await logIn(api, who)).body;
  const me = (await api.get("/auth/me", { authorization: `Bearer ${accessToken}` })).body;
  const { first_name, last_name, phone_number } = profile();
  expect(me).toMatchObject({ id: who.id, firstName: first_name, lastName: last_name, phoneNumber: phone_number });
});
