import { expectAnswer, expectRefusal, inEnvelope } from "#e2e/fixtures/answers.ts";
import { type Answer, api as apiOf } from "#e2e/fixtures/api.ts";
import { clientAddress, expect, flatApi, otherCode, person, said, test } from "#e2e/fixtures/flat.ts";
import { passCooldowns } from "#e2e/fixtures/store.ts";

test.use({ serverSettings: { HIDE_ACCOUNTS: "true" } });

const NEW = "another good phrase";
const told = (answers: Answer[]) =>
  answers.map(({ status, body, headers }) => [status, body, headers.has("retry-after")]);

test("with accounts hidden, asking for a code answers alike, and mails only who is there", async ({
  api,
  flatMember,
  newName,
  mailFor,
  mailsTo,
}) => {
  const flat = flatApi(api);
  const [proved, unproved, nobody] = [await flatMember(), await newName(), person()];
  for (const { username, email } of [proved, unproved, nobody])
    for (const name of [username, email]) {
      expectAnswer(await flat.forgot(name), 200, said("A code to reset the password has been sent"));
      expectAnswer(await flat.resend(name), 200, said("A confirmation code has been sent"));
    }
  await mailFor(proved.email, { subject: /password/i });
  await mailFor(unproved.email, { subject: /password/i });
  expect(await mailsTo(nobody.email)).toEqual([]);
});

test("with accounts hidden, giving a code answers alike for a proved, an unproved and no account", async ({
  api,
  flatMember,
  newName,
  codeFor,
  server,
}) => {
  const [proved, unproved, nobody] = [await flatMember(), await newName(), person()];
  const code = await codeFor(unproved.email);
  const answersFor = async (name: string): Promise<Answer[]> => {
    // From an address of its own, since one may type sixty codes an hour.
    const flat = flatApi(apiOf(server.url, { "x-forwarded-for": clientAddress() }));
    await flat.forgot(name);
    const answers: Answer[] = [];
    for (let n = 1; n <= 6; n++) answers.push(await flat.confirm(name, otherCode(code)));
    for (const password of [NEW, "password1", name.repeat(3).slice(0, 8), name, NEW, "short", NEW, NEW])
      answers.push(await flat.setPassword(name, password, otherCode(code)));
    return answers;
  };
  for (const by of ["username", "email"] as const) {
    const ofNobody = told(await answersFor(nobody[by]));
    expect(told(await answersFor(proved[by]))).toEqual(ofNobody);
    expect(told(await answersFor(unproved[by]))).toEqual(ofNobody);
  }
  expectRefusal(
    await flatApi(api).confirm(nobody.email, "123456"),
    400,
    "The username or the code is not valid",
    inEnvelope,
  );
});

test("with accounts hidden, log-in answers alike for a wrong password and an unknown name", async ({
  api,
  flatMember,
}) => {
  const answersFor = async (username: string): Promise<Answer[]> => {
    const answers: Answer[] = [];
    for (let n = 1; n <= 11; n++) answers.push(await flatApi(api).logIn({ username, password: `guess number ${n}` }));
    return answers;
  };
  expect(told(await answersFor((await flatMember()).username))).toEqual(told(await answersFor(person().username)));
});

test("with accounts hidden, signing up with a taken address answers alike; a taken name must be told", async ({
  api,
  flatMember,
  mailFor,
  server,
}) => {
  const flat = flatApi(api);
  const known = await flatMember();
  const before = await mailFor(known.email);
  await passCooldowns(server, known.email);
  for (const email of [known.email, person().email])
    expectAnswer(
      await flat.signUp({ ...person(), email }),
      200,
      said("Account created. A confirmation code has been sent"),
    );
  const mail = await mailFor(known.email, { after: before });
  expect([mail.code, mail.link?.includes("authToken") ?? false]).toEqual([null, false]);
  expectRefusal(
    await flat.signUp({ ...person(), username: known.username }),
    409,
    "This username is taken",
    inEnvelope,
  );
  expect((await flat.logIn(known)).status).toBe(200);
});

test("with accounts hidden, inviting in somebody's name answers alike whether they are proved, unproved or nobody", async ({
  api,
  flatMember,
  newName,
  mailFor,
  mailsTo,
}) => {
  const senders = [await flatMember(), await newName(), person()];
  const destinations: string[] = [];
  const answers: Answer[][] = [];
  for (const { username } of senders) {
    const to = person().email;
    destinations.push(to);
    answers.push([await flatApi(api).invite(username, to), await flatApi(api).invite(username, to)]);
  }
  for (const [first, second] of answers) {
    expectAnswer(first as Answer, 200, said("The mail has been sent"));
    expect(second?.status).toBe(429);
  }
  await mailFor(destinations[0] ?? "");
  for (const to of destinations.slice(1)) expect(await mailsTo(to)).toEqual([]);
});

test("with accounts hidden, the whole way still works", async ({ api, flatMember, codeFor }) => {
  const flat = flatApi(api);
  const who = await flatMember();
  await flat.forgot(who.username);
  const done = await flat.setPassword(who.username, NEW, await codeFor(who.email, /password/i));
  expectAnswer(done, 200, said("Password has been changed"));
  expect((await flat.logIn({ ...who, password: NEW })).status).toBe(200);
});
