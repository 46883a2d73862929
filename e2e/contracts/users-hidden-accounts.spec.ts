import { aDate, aToken, expectAnswer, expectRefusal } from "#e2e/fixtures/answers.ts";
import type { Answer } from "#e2e/fixtures/api.ts";
import { passCooldowns } from "#e2e/fixtures/store.ts";
import { expect, otherCode, person, profile, test, usersApi } from "#e2e/fixtures/users.ts";

test.use({ serverSettings: { HIDE_ACCOUNTS: "true" } });

const NEW = "another good phrase";
const TOKEN_OR_CODE = "The token or the code is not valid";

const stranger = {
  id: 0,
  avatar: null,
  biography: null,
  account_type: 0,
  login_failed_count: 0,
  created_on: aDate,
  updated_on: aDate,
};
const session = { token: aToken, user_id: 0, expired_on: aDate, created_on: aDate, updated_on: aDate };

test("with accounts hidden, signing up answers alike whether the address was free or taken", async ({
  api,
  provedUser,
  mailFor,
  server,
}) => {
  const known = await provedUser();
  const before = await mailFor(known.email);
  await passCooldowns(server, known.email);
  for (const email of [known.email, person().email]) {
    const { password: _unsaid, ...who } = { ...profile(), email };
    expectAnswer(await usersApi(api).signUp({ ...profile(), email }), 200, {
      ...stranger,
      ...who,
      status: 0,
      session: { ...session, remark: "Email authorization code", session_type: 9 },
    });
  }
  // The owner is told by mail, and nothing that could be used is in it.
  const told = await mailFor(known.email, { after: before });
  expect([told.code, told.link?.includes("authToken") ?? false]).toEqual([null, false]);
  expect((await usersApi(api).logIn(known)).status).toBe(200);
});

test("with accounts hidden, the token of a taken address and that of a free one refuse codes alike", async ({
  api,
  provedUser,
  codeFor,
}) => {
  const users = usersApi(api);
  const known = await provedUser();
  const free = profile();
  const taken = (await users.signUp({ ...profile(), email: known.email })).body.session.token;
  const fresh = (await users.signUp(free)).body.session.token;
  const wrong = otherCode(await codeFor(free.email));
  for (const token of [taken, fresh, "557abf55-3964-4f4f-9002-8fcc99de863c"])
    for (let n = 1; n <= 6; n++) expectRefusal(await users.giveCode(token, wrong), 400, TOKEN_OR_CODE);
});

test("with accounts hidden, asking for a reset answers alike, and mails only who is there", async ({
  api,
  provedUser,
  mailFor,
  mailsTo,
}) => {
  const known = (await provedUser()).email;
  const unknown = person().email;
  for (const email of [known, unknown])
    expectAnswer(await usersApi(api).askReset(email), 200, {
      ...stranger,
      email,
      first_name: "",
      last_name: "",
      phone_number: "",
      status: 1,
      session: { ...session, remark: "Reset password", session_type: 8 },
    });
  await mailFor(known, { subject: /password/i });
  expect(await mailsTo(unknown)).toEqual([]);
});

test("with accounts hidden, no password and no code tells a reset token of somebody from one of nobody", async ({
  api,
  provedUser,
}) => {
  const users = usersApi(api);
  const known = (await provedUser()).email;
  const answersFor = async (email: string): Promise<Answer["body"][]> => {
    const { token } = (await users.askReset(email)).body.session;
    const answers = [
      await users.giveCode(token, "000000"),
      await users.setPassword(token, NEW),
      await users.setPassword(token, "password1"),
      await users.setPassword(token, email),
      await users.setPassword(token, NEW, "000000"),
      await users.setPassword(token, "password1", "000000"),
      await users.setPassword(token, email, "000000"),
      await users.setPassword(token, "short", "000000"),
      await users.setPassword(token, NEW, "000001"),
      await users.setPassword(token, NEW, "000002"),
      await users.giveCode(token, "000003"),
    ];
    return answers.map(({ status, body }) => [status, body]);
  };
  expect(await answersFor(known)).toEqual(await answersFor(person().email));
});

test("with accounts hidden, the limits do not tell who has an account either", async ({ api, provedUser }) => {
  const users = usersApi(api);
  const known = (await provedUser()).email;
  const statuses = async (email: string): Promise<[number, boolean][]> => {
    const answers: Answer[] = [];
    for (let n = 1; n <= 11; n++) answers.push(await users.logIn({ email, password: `guess number ${n}` }));
    for (let n = 1; n <= 4; n++) answers.push(await users.askReset(email));
    return answers.map(({ status, headers }) => [status, headers.has("retry-after")]);
  };
  expect(await statuses(known)).toEqual(await statuses(person().email));
});

test("with accounts hidden, the whole way still works, and the id is told at log-in", async ({ api, codeFor }) => {
  const users = usersApi(api);
  const who = profile();
  const { token } = (await users.signUp(who)).body.session;
  const { body: id } = await users.giveCode(token, await codeFor(who.email));
  expect(id).toBeGreaterThan(0);
  expect((await users.logIn(who)).body.id).toBe(id);
  const reset = (await users.askReset(who.email)).body.session.token;
  expectAnswer(await users.setPassword(reset, NEW, await codeFor(who.email, /password/i)), 200, id);
  expect((await users.logIn({ ...who, password: NEW })).body.id).toBe(id);
});
