import { aDate, aToken, expectAnswer, expectRefusal, expectTooMany } from "#e2e/fixtures/answers.ts";
import { accountOf, change, passCooldowns, row, rows } from "#e2e/fixtures/store.ts";
import {
  type Api,
  api as apiOf,
  bearer,
  clientAddress,
  expect,
  logIn,
  otherCode,
  person,
  test,
  tokenIn,
  usersApi,
} from "#e2e/fixtures/users.ts";

const NEW = "another good phrase";
const TOKEN = "The token is not valid or has expired";
const INERT = "Give the mailed code first";
const WRONG = "The code is wrong";
const DEAD = "The code is no longer valid. Ask for a new one";

const askedToken = async (api: Api, email: string): Promise<string> =>
  (await usersApi(api).askReset(email)).body.session.token;

test("asking for a reset answers with every key of a user, and tells nothing that was not sent but the id", async ({
  api,
  provedUser,
  server,
}) => {
  const who = await provedUser();
  await usersApi(api).logIn({ ...who, password: "not the one" });
  const answer = await usersApi(api).askReset(who.email);
  expectAnswer(answer, 200, {
    id: who.id,
    first_name: "",
    last_name: "",
    email: who.email,
    phone_number: "",
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
      remark: "Reset password",
      session_type: 8,
      expired_on: aDate,
      created_on: aDate,
      updated_on: aDate,
    },
  });
  const { created_on, updated_on, session } = answer.body;
  expect([created_on, updated_on, session.updated_on]).toEqual(Array(3).fill(session.created_on));
  const { expires_at } = await row<{ expires_at: number }>(
    server,
    "select expires_at from code_tokens where account_id = ? and purpose = 'reset-password'",
    who.id,
  );
  expect(Date.parse(session.expired_on)).toBe(expires_at);
  expect(expires_at - Date.parse(session.created_on)).toBe(60 * 60_000);
});

test("an unproved address is not told from a proved one", async ({ api, newUser }) => {
  const { email } = await newUser();
  expect((await usersApi(api).askReset(email)).body.status).toBe(1);
});

test("an address nobody has is told so", async ({ api }) => {
  expectRefusal(await usersApi(api).askReset(person().email), 404, "There is no account with this email");
});

test("the token sets no password by itself, nor with a wrong code", async ({ api, provedUser, codeFor, server }) => {
  const users = usersApi(api);
  const who = await provedUser();
  const token = await askedToken(api, who.email);
  const code = await codeFor(who.email, /password/i);
  expectRefusal(await users.setPassword(token, NEW), 400, INERT);
  expectRefusal(await users.setPassword(token, NEW, otherCode(code)), 400, WRONG);
  expectRefusal(await users.giveCode(token, otherCode(code)), 400, WRONG);
  expectRefusal(await users.setPassword(token, NEW), 400, INERT);
  expect((await users.logIn(who)).status).toBe(200);
  expect(
    await rows(server, "select 1 from outbox where template = 'password-changed' and account_id = ?", who.id),
  ).toEqual([]);
});

test("the code given to verifyAuthorizationCode wakes the token, which then sets a password once", async ({
  api,
  provedUser,
  codeFor,
  mailFor,
}) => {
  const users = usersApi(api);
  const who = await provedUser();
  const token = await askedToken(api, who.email);
  const given = await users.giveCode(token, await codeFor(who.email, /password/i));
  expectAnswer(given, 200, who.id);
  const set = await users.setPassword(token, NEW);
  expectAnswer(set, 200, who.id);
  expect([given.text, set.text]).toEqual([String(who.id), String(who.id)]);
  expect((await users.logIn(who)).status).toBe(400);
  expect((await users.logIn({ ...who, password: NEW })).status).toBe(200);
  expectRefusal(await users.setPassword(token, "yet another phrase"), 400, TOKEN);
  expect((await mailFor(who.email, { subject: /password.*changed/i })).code).toBeNull();
});

test("the code may stand beside the new password instead", async ({ api, provedUser, codeFor }) => {
  const users = usersApi(api);
  const who = await provedUser();
  const token = await askedToken(api, who.email);
  const code = await codeFor(who.email, /password/i);
  expectAnswer(await users.setPassword(token, NEW, `${code.slice(0, 3)} ${code.slice(3)}`), 200, who.id);
  expect((await users.logIn({ ...who, password: NEW })).status).toBe(200);
});

test("a code beside a password that is refused is not lost", async ({ api, provedUser, codeFor }) => {
  const users = usersApi(api);
  const who = await provedUser();
  const token = await askedToken(api, who.email);
  const code = await codeFor(who.email, /password/i);
  for (const password of ["short", "password1", who.email])
    expect((await users.setPassword(token, password, code)).status).toBe(400);
  expectAnswer(await users.setPassword(token, NEW, code), 200, who.id);
});

test("following the mail's link does not wake the token, however it is opened", async ({
  api,
  provedUser,
  mailFor,
  local,
}) => {
  const users = usersApi(api);
  const who = await provedUser();
  const token = await askedToken(api, who.email);
  const mail = await mailFor(who.email, { subject: /password/i });
  const { pathname, search } = new URL(mail.link ?? "");
  for (const method of ["GET", "HEAD"]) expect((await api.call(method, pathname + search)).status).toBe(200);
  await (await local.newPage()).goto(pathname + search);
  expectRefusal(await users.setPassword(token, NEW), 400, INERT);
  // The mail's reader sets a password of their own; the token of whoever asked is over with it.
  expect((await api.post("/password/reset", { authToken: tokenIn(mail), password: NEW })).status).toBe(200);
  expectRefusal(await users.setPassword(token, "the asker's phrase"), 400, TOKEN);
  expectRefusal(await users.setPassword(token, "the asker's phrase", mail.code ?? ""), 400, TOKEN);
  expect((await users.logIn({ ...who, password: NEW })).status).toBe(200);
});

test("the owner's code wakes the owner's token and nobody else's", async ({ api, provedUser, codeFor, mailsTo }) => {
  const users = usersApi(api);
  const who = await provedUser();
  const strangers = await askedToken(api, who.email);
  const owners = await askedToken(api, who.email);
  const code = await codeFor(who.email, /password/i);
  // Within the cool-down both wait for one mail.
  expect(await mailsTo(who.email)).toHaveLength(2);
  expectAnswer(await users.giveCode(owners, code), 200, who.id);
  expectRefusal(await users.setPassword(strangers, NEW), 400, INERT);
  expectRefusal(await users.setPassword(strangers, NEW, code), 400, DEAD);
  expectAnswer(await users.setPassword(owners, NEW), 200, who.id);
  expectRefusal(await users.setPassword(strangers, NEW), 400, TOKEN);
});

test("the token outlives a resend, and goes with the newest code alone", async ({
  api,
  provedUser,
  mailFor,
  codeFor,
  server,
}) => {
  const users = usersApi(api);
  const who = await provedUser();
  const token = await askedToken(api, who.email);
  const first = await mailFor(who.email, { subject: /password/i });
  await passCooldowns(server, who.email);
  await api.post("/api/forgot_password", { username: who.email });
  const code = await codeFor(who.email, undefined, first);
  if (first.code !== code) expectRefusal(await users.giveCode(token, first.code ?? ""), 400, WRONG);
  expectAnswer(await users.setPassword(token, NEW, code), 200, who.id);
});

test("a stolen session never sets a password, whatever stands beside it", async ({ api, provedUser, codeFor }) => {
  const users = usersApi(api);
  const who = await provedUser();
  const auth = (await logIn(api, who)).body;
  const flat = (await api.post("/api/user_login", { username: who.email, password: who.password })).body.data;
  await askedToken(api, who.email);
  const code = await codeFor(who.email, /password/i);
  for (const stolen of [who.token, auth.accessToken, auth.refreshToken, flat.token, flat.refresh_token])
    for (const refused of [
      await users.setPassword(stolen, NEW),
      await users.setPassword(stolen, NEW, code),
      await users.giveCode(stolen, code),
      await api.post("/api/users/updatePassword", { password: NEW, code }, bearer(stolen)),
    ])
      expectRefusal(refused, 400, TOKEN);
  expect((await users.logIn(who)).status).toBe(200);
});

test("a reset ends the sessions of every contract, and older tokens that were awakened", async ({
  api,
  provedUser,
  mailFor,
  codeFor,
  server,
}) => {
  const users = usersApi(api);
  const who = await provedUser();
  const auth = (await logIn(api, who)).body;
  const flat = (await api.post("/api/user_login", { username: who.email, password: who.password })).body.data;
  const older = await askedToken(api, who.email);
  const first = await mailFor(who.email, { subject: /password/i });
  expectAnswer(await users.giveCode(older, first.code ?? ""), 200, who.id);
  await passCooldowns(server, who.email);
  const newer = await askedToken(api, who.email);
  expectAnswer(await users.setPassword(newer, NEW, await codeFor(who.email, undefined, first)), 200, who.id);

  expectRefusal(await users.setPassword(older, "the thief's phrase"), 400, TOKEN);
  expectRefusal(await users.whose(who.token), 400, TOKEN);
  expect((await api.get("/auth/me", bearer(auth.accessToken))).status).toBe(401);
  expect((await api.post("/auth/refresh", { refreshToken: auth.refreshToken })).status).toBe(403);
  expect((await api.get("/api/template-invite-mail", bearer(flat.token))).status).toBe(401);
  const { refresh_token } = flat;
  expect((await api.post("/api/refresh_token", { username: who.email, refresh_token })).status).toBe(401);
  expect((await users.logIn({ ...who, password: NEW })).status).toBe(200);
});

test("of parallel uses of one awakened token exactly one wins, and its password is the one", async ({
  api,
  provedUser,
  codeFor,
}) => {
  const users = usersApi(api);
  const who = await provedUser();
  const token = await askedToken(api, who.email);
  await users.giveCode(token, await codeFor(who.email, /password/i));
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => users.setPassword(token, `phrase number ${n}`)),
  );
  const won = answers.flatMap(({ status }, n) => (status === 200 ? [n] : []));
  expect(won).toHaveLength(1);
  expect((await users.logIn({ ...who, password: `phrase number ${won[0]}` })).status).toBe(200);
});

test("of parallel uses of one code with two tokens exactly one wins", async ({ api, provedUser, codeFor }) => {
  const users = usersApi(api);
  const who = await provedUser();
  const tokens = [await askedToken(api, who.email), await askedToken(api, who.email)];
  const code = await codeFor(who.email, /password/i);
  const answers = await Promise.all(tokens.map((token) => users.setPassword(token, NEW, code)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
});

test("five wrong codes kill the code whichever way they come, and the mail's link still works", async ({
  api,
  provedUser,
  mailFor,
}) => {
  const users = usersApi(api);
  const who = await provedUser();
  const token = await askedToken(api, who.email);
  const mail = await mailFor(who.email, { subject: /password/i });
  const wrong = otherCode(mail.code ?? "");
  await users.giveCode(token, wrong);
  await users.setPassword(token, NEW, wrong);
  for (let n = 0; n < 3; n++)
    await api.post("/api/confirm_code_forgot_password", { username: who.email, password: NEW, confirm_code: wrong });
  expectRefusal(await users.setPassword(token, NEW, mail.code ?? ""), 400, DEAD);
  expect((await api.post("/password/reset", { authToken: tokenIn(mail), password: NEW })).status).toBe(200);
});

test("an hour later the token is over, awakened or not", async ({ api, provedUser, codeFor, server }) => {
  const users = usersApi(api);
  const who = await provedUser();
  const [inert, awakened] = [await askedToken(api, who.email), await askedToken(api, who.email)];
  await users.giveCode(awakened, await codeFor(who.email, /password/i));
  await change(server, "update code_tokens set expires_at = ? where account_id = ?", Date.now() - 1, who.id);
  for (const token of [inert, awakened]) expectRefusal(await users.setPassword(token, NEW), 400, TOKEN);
});

test("a reset proves the address, and ends what an impostor who signed up first had", async ({
  api,
  newUser,
  mailFor,
  codeFor,
  server,
}) => {
  const users = usersApi(api);
  const impostor = await newUser();
  const verifyMail = await mailFor(impostor.email);
  const token = await askedToken(api, impostor.email);
  expectAnswer(await users.setPassword(token, NEW, await codeFor(impostor.email, /password/i)), 200, impostor.id);
  expect((await accountOf(server, impostor.email)).status).toBe(1);
  expect((await users.logIn(impostor)).status).toBe(400);
  expectRefusal(await users.giveCode(impostor.session, verifyMail.code ?? ""), 400, TOKEN);
});

test("a reset opens an account that wrong passwords had shut", async ({ api, provedUser, codeFor }) => {
  const users = usersApi(api);
  const who = await provedUser();
  for (let n = 1; n <= 10; n++) await users.logIn({ ...who, password: `guess number ${n}` });
  expectTooMany(await users.logIn(who));
  const token = await askedToken(api, who.email);
  await users.setPassword(token, NEW, await codeFor(who.email, /password/i));
  expect((await users.logIn({ ...who, password: NEW })).status).toBe(200);
});

test("the code of a verification wakes no reset, nor the code of a reset a verification", async ({
  api,
  newUser,
  codeFor,
}) => {
  const users = usersApi(api);
  const who = await newUser();
  const verifyCode = await codeFor(who.email);
  const reset = await askedToken(api, who.email);
  const resetCode = await codeFor(who.email, /password/i);
  if (verifyCode !== resetCode) {
    expectRefusal(await users.setPassword(reset, NEW, verifyCode), 400, WRONG);
    expectRefusal(await users.giveCode(who.session, resetCode), 400, WRONG);
  }
  for (const code of [undefined, resetCode, verifyCode])
    expectRefusal(await users.setPassword(who.session, NEW, code), 400, TOKEN);
});

test("five mails an hour to one destination are all, and the sixth says when to try again", async ({
  provedUser,
  server,
}) => {
  const who = await provedUser();
  const stranger = usersApi(apiOf(server.url, { "x-forwarded-for": clientAddress() }));
  for (let n = 2; n <= 5; n++) {
    expect((await stranger.askReset(who.email)).status).toBe(200);
    await passCooldowns(server, who.email);
  }
  expect(expectTooMany(await stranger.askReset(who.email))).toBeLessThanOrEqual(3_600);
});

test("sixty tokens an hour are all that one address is handed", async ({ api, newUser, server }) => {
  const who = await newUser();
  const answers = await Promise.all(Array.from({ length: 70 }, () => usersApi(api).askReset(who.email)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(60);
  for (const answer of answers.filter(({ status }) => status !== 200)) expectTooMany(answer);
  expect(
    await rows(server, "select 1 from code_tokens where account_id = ? and purpose = 'reset-password'", who.id),
  ).toHaveLength(60);
});

test("without its header no token is taken", async ({ api, provedUser, codeFor }) => {
  const who = await provedUser();
  const token = await askedToken(api, who.email);
  const code = await codeFor(who.email, /password/i);
  for (const [body, headers] of [
    [{ password: NEW, code, token }, {}],
    [{ password: NEW, code }, { cookie: `token=${token}` }],
    [{ password: NEW, code }, { token: ` ${token},${token}` }],
    [{ password: NEW, code }, bearer(token)],
  ] as [object, Record<string, string>][])
    expectRefusal(await api.post("/api/users/updatePassword", body, headers), 400, TOKEN);
});
