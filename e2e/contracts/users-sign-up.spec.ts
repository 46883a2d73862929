import { aDate, aToken, expectAnswer, expectRefusal } from "#e2e/fixtures/answers.ts";
import { accountOf, change, passCooldowns, row, rows } from "#e2e/fixtures/store.ts";
import { expect, otherCode, person, profile, test, tokenIn, usersApi } from "#e2e/fixtures/users.ts";

const DAY = 24 * 60 * 60_000;
const TOKEN = "The token is not valid or has expired";
const WRONG = "The code is wrong";
const DEAD = "The code is no longer valid. Ask for a new one";

test("signing up answers with the whole user and a session of type 9, key for key", async ({ api, server }) => {
  const who = profile();
  const began = Date.now();
  const answer = await usersApi(api).signUp(who);
  const { id } = await accountOf(server, who.email);
  expectAnswer(answer, 200, {
    id,
    first_name: "Ada",
    last_name: "Byron",
    email: who.email,
    phone_number: "+44 20 7946 0000",
    avatar: null,
    biography: null,
    account_type: 0,
    status: 0,
    login_failed_count: 0,
    created_on: aDate,
    updated_on: aDate,
    session: {
      token: aToken,
      user_id: id,
      remark: "Email authorization code",
      session_type: 9,
      expired_on: aDate,
      created_on: aDate,
      updated_on: aDate,
    },
  });
  const { created_on, session } = answer.body;
  expect(Date.parse(created_on)).toBeGreaterThanOrEqual(began);
  expect(session.created_on).toBe(session.updated_on);
  // The date in the answer is the one that the token really ends at.
  const { expires_at } = await row<{ expires_at: number }>(
    server,
    "select expires_at from code_tokens where account_id = ?",
    id,
  );
  expect(Date.parse(session.expired_on)).toBe(expires_at);
  expect(expires_at - Date.parse(session.created_on)).toBe(7 * DAY);
});

test("the mailed code, with the token as a header, proves the address and answers with the bare id", async ({
  api,
  newUser,
  codeFor,
  server,
}) => {
  const users = usersApi(api);
  const who = await newUser();
  const code = await codeFor(who.email);
  const answer = await users.giveCode(who.session, code);
  expectAnswer(answer, 200, who.id);
  expect(answer.text).toBe(String(who.id));
  expect((await accountOf(server, who.email)).status).toBe(1);
  expect((await users.logIn(who)).status).toBe(200);
  expectRefusal(await users.giveCode(who.session, code), 400, "This account is already verified");
});

test("the code may be typed with the space people read it with", async ({ api, newUser, codeFor }) => {
  const who = await newUser();
  const code = await codeFor(who.email);
  expectAnswer(await usersApi(api).giveCode(who.session, ` ${code.slice(0, 3)} ${code.slice(3)} `), 200, who.id);
});

test("the token outlives a resend, and goes with the newest code alone", async ({
  api,
  newUser,
  mailFor,
  codeFor,
  server,
}) => {
  const users = usersApi(api);
  const who = await newUser();
  const first = await mailFor(who.email);
  await passCooldowns(server, who.email);
  await api.post("/api/resend_confirmcode", { username: who.email });
  const code = await codeFor(who.email, undefined, first);
  // One in a million pairs of codes is the same.
  if (first.code !== code) expectRefusal(await users.giveCode(who.session, first.code ?? ""), 400, WRONG);
  expectAnswer(await users.giveCode(who.session, code), 200, who.id);
});

test("five wrong codes kill the code, and the link in the same mail still proves the address", async ({
  api,
  newUser,
  mailFor,
  server,
}) => {
  const users = usersApi(api);
  const who = await newUser();
  const mail = await mailFor(who.email);
  const code = mail.code ?? "";
  for (let n = 1; n <= 4; n++) expectRefusal(await users.giveCode(who.session, otherCode(code)), 400, WRONG);
  expectRefusal(await users.giveCode(who.session, otherCode(code)), 400, DEAD);
  expectRefusal(await users.giveCode(who.session, code), 400, DEAD);
  expect((await api.post("/verify", { authToken: tokenIn(mail) })).status).toBe(200);
  expect((await accountOf(server, who.email)).status).toBe(1);
});

test("of twenty parallel guesses five are looked at", async ({ api, newUser, codeFor }) => {
  const users = usersApi(api);
  const who = await newUser();
  const code = await codeFor(who.email);
  const answers = await Promise.all(Array.from({ length: 20 }, () => users.giveCode(who.session, otherCode(code))));
  expect(answers.map(({ body }) => body.message).sort()).toEqual([...Array(16).fill(DEAD), ...Array(4).fill(WRONG)]);
  expectRefusal(await users.giveCode(who.session, code), 400, DEAD);
});

test("fifteen wrong codes a day are all an account gets, whatever new mails it asks for", async ({
  api,
  newUser,
  mailFor,
  server,
}) => {
  const users = usersApi(api);
  const who = await newUser();
  let mail = await mailFor(who.email);
  for (let round = 1; round <= 3; round++) {
    for (let n = 1; n <= 5; n++) await users.giveCode(who.session, otherCode(mail.code ?? ""));
    await passCooldowns(server, who.email);
    await api.post("/api/resend_confirmcode", { username: who.email });
    mail = await mailFor(who.email, { after: mail });
  }
  expectRefusal(await users.giveCode(who.session, mail.code ?? ""), 400, DEAD);
  expect((await api.post("/verify", { authToken: tokenIn(mail) })).status).toBe(200);
});

test("of parallel uses of one code exactly one wins", async ({ api, newUser, codeFor }) => {
  const users = usersApi(api);
  const who = await newUser();
  const code = await codeFor(who.email);
  const answers = await Promise.all(Array.from({ length: 5 }, () => users.giveCode(who.session, code)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
});

test("a code ten minutes old is refused", async ({ api, newUser, codeFor, server }) => {
  const who = await newUser();
  const code = await codeFor(who.email);
  const { sent_at, code_expires_at } = await row<{ sent_at: number; code_expires_at: number }>(
    server,
    "select sent_at, code_expires_at from challenges where account_id = ?",
    who.id,
  );
  expect(code_expires_at - sent_at).toBe(10 * 60_000);
  await change(server, "update challenges set code_expires_at = ? where account_id = ?", Date.now() - 1, who.id);
  expectRefusal(await usersApi(api).giveCode(who.session, code), 400, DEAD);
});

test("without its token, or with one of nobody, a code proves nothing", async ({ api, newUser, codeFor, server }) => {
  const who = await newUser();
  const code = await codeFor(who.email);
  const give = (headers: Record<string, string>) => api.post("/api/users/verifyAuthorizationCode", { code }, headers);
  for (const headers of [
    {},
    { token: "" },
    { token: "x" },
    { token: "557abf55-3964-4f4f-9002-8fcc99de863c" },
    { token: who.session.toUpperCase() },
    { authorization: `Bearer ${who.session}` },
    { cookie: `token=${who.session}` },
  ] as Record<string, string>[])
    expectRefusal(await give(headers), 400, TOKEN);
  expect((await api.post("/api/users/verifyAuthorizationCode", { code, token: who.session })).status).toBe(400);
  await change(server, "update code_tokens set expires_at = ? where account_id = ?", Date.now() - 1, who.id);
  expectRefusal(await give({ token: who.session }), 400, TOKEN);
  expect((await accountOf(server, who.email)).status).toBe(0);
});

test("somebody else's code goes with nobody's token but theirs", async ({ api, newUser, codeFor }) => {
  const [one, other] = [await newUser(), await newUser()];
  const [code, othersCode] = [await codeFor(one.email), await codeFor(other.email)];
  if (code !== othersCode) expectRefusal(await usersApi(api).giveCode(one.session, othersCode), 400, WRONG);
});

test("only the token's hash is kept", async ({ newUser, server }) => {
  const who = await newUser();
  const kept = JSON.stringify(await rows(server, "select * from code_tokens where account_id = ?", who.id));
  expect(kept).not.toContain(who.session);
});

for (const proved of [false, true])
  test(`an address that is taken is refused, ${proved ? "proved" : "not proved yet"}`, async ({
    api,
    newUser,
    provedUser,
  }) => {
    const { email } = proved ? await provedUser() : await newUser();
    const again = { ...profile(), email: ` ${email.toUpperCase()}` };
    expectRefusal(await usersApi(api).signUp(again), 400, "There is already an account with this email");
  });

test("of parallel sign-ups with one address exactly one wins", async ({ api, server }) => {
  const who = profile();
  const answers = await Promise.all(Array.from({ length: 8 }, () => usersApi(api).signUp(who)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(400)]);
  expect(await rows(server, "select id from accounts where email = ?", who.email)).toHaveLength(1);
});

test("a common password, and one's own address as one, are refused", async ({ api, server }) => {
  const { email } = person();
  for (const password of ["password1", "12345678", email, email.toUpperCase()])
    expectRefusal(
      await usersApi(api).signUp({ ...profile(), email, password }),
      400,
      "This password is too common. Choose one that is harder to guess",
    );
  expect(await rows(server, "select id from accounts where email = ?", email)).toEqual([]);
});

test("names are kept as people write them, but for spaces at their ends", async ({ api }) => {
  const answer = await usersApi(api).signUp({
    ...profile(),
    first_name: "  Zoe\u0308 ",
    last_name: "O’Neill-武田 🦊",
    phone_number: " (020) 7946/0000 ",
  });
  expect(answer.body).toMatchObject({
    first_name: "Zoë",
    last_name: "O’Neill-武田 🦊",
    phone_number: "(020) 7946/0000",
  });
  const bare = await usersApi(api).signUp({ ...profile(), first_name: "", last_name: "", phone_number: "" });
  expect(bare.body).toMatchObject({ first_name: "", last_name: "", phone_number: "" });
});

test("ids are never used twice", async ({ newUser, server }) => {
  const gone = await newUser();
  await change(server, "delete from accounts where id = ?", gone.id);
  expect((await newUser()).id).toBeGreaterThan(gone.id);
});

test("all 128 bits of a session's token are random", async ({ api, provedUser }) => {
  const who = await provedUser();
  const tokens = new Set<string>();
  for (let n = 0; n < 8; n++) tokens.add((await usersApi(api).logIn(who)).body.session.token);
  // In a UUID these two digits say its version and variant: the one is always 4, the other never below 8.
  expect([...tokens].every((token) => /^.{14}4.{4}[89ab]/.test(token))).toBe(false);
});
