import { expectAnswer, expectRefusal, inEnvelope } from "#e2e/fixtures/answers.ts";
import { expect, flatApi, otherCode, person, said, test, tokenIn } from "#e2e/fixtures/flat.ts";
import { accountOf, change, passCooldowns, rows } from "#e2e/fixtures/store.ts";

const CONFIRMED = said("Email confirmed");
const SENT = said("A confirmation code has been sent");

test("signing up answers in the envelope and mails a code", async ({ api, mailFor, server }) => {
  const who = person();
  expectAnswer(await flatApi(api).signUp(who), 200, said("Account created. A confirmation code has been sent"));
  const mail = await mailFor(who.email);
  expect(mail.code).toMatch(/^\d{6}$/);
  expect(mail.link?.startsWith(`${server.origin}/verify-email?authToken=eyJ`)).toBe(true);
  expect(await accountOf(server, who.email)).toMatchObject({ status: 0, username: who.username });
});

test("the mailed code confirms the address, once", async ({ api, newName, codeFor, server }) => {
  const flat = flatApi(api);
  const who = await newName();
  const code = await codeFor(who.email);
  expectAnswer(await flat.confirm(who.username, code), 200, CONFIRMED);
  expect((await accountOf(server, who.email)).status).toBe(1);
  expect((await flat.logIn(who)).status).toBe(200);
  expectRefusal(await flat.confirm(who.username, code), 409, "This account is already confirmed", inEnvelope);
});

for (const [what, spell] of [
  ["in upper case", ({ username }: { username: string }) => username.toUpperCase()],
  ["between spaces", ({ username }: { username: string }) => ` ${username}\n`],
  ["the e-mail address instead", ({ email }: { email: string }) => email],
  ["the e-mail address in upper case", ({ email }: { email: string }) => email.toUpperCase()],
  ["the e-mail address with a full-width at sign", ({ email }: { email: string }) => email.replace("@", "＠")],
] as [string, (who: { email: string; username: string }) => string][])
  test(`an account is known by its username ${what}`, async ({ api, newName, codeFor }) => {
    const flat = flatApi(api);
    const who = await newName();
    expectAnswer(await flat.confirm(spell(who), await codeFor(who.email)), 200, CONFIRMED);
    const { data } = (await flat.logIn({ ...who, username: spell(who) })).body;
    expect((await flat.refresh(spell(who), data.refresh_token)).status).toBe(200);
  });

test("a code may be typed with the space people read it with", async ({ api, newName, codeFor }) => {
  const who = await newName();
  const code = await codeFor(who.email);
  expectAnswer(await flatApi(api).confirm(who.username, `${code.slice(0, 3)} ${code.slice(3)}`), 200, CONFIRMED);
});

test("asking for another code ends the older one, and within the cool-down mails nothing", async ({
  api,
  newName,
  mailFor,
  mailsTo,
  server,
}) => {
  const flat = flatApi(api);
  const who = await newName();
  const first = await mailFor(who.email);
  expectAnswer(await flat.resend(who.username), 200, SENT);
  expect(await mailsTo(who.email)).toHaveLength(1);
  await passCooldowns(server, who.email);
  expectAnswer(await flat.resend(who.username), 200, SENT);
  const second = await mailFor(who.email, { after: first });
  if (first.code !== second.code)
    expectRefusal(await flat.confirm(who.username, first.code ?? ""), 400, "The code is wrong", inEnvelope);
  expectAnswer(await flat.confirm(who.username, second.code ?? ""), 200, CONFIRMED);
});

test("a code for a name nobody has, or an account that is confirmed, is refused", async ({ api, flatMember }) => {
  const flat = flatApi(api);
  const unknown = "There is no account with this username";
  for (const name of [person().username, person().email])
    for (const answer of [await flat.resend(name), await flat.confirm(name, "123456")])
      expectRefusal(answer, 404, unknown, inEnvelope);
  expectRefusal(await flat.resend((await flatMember()).username), 409, "This account is already confirmed", inEnvelope);
});

test("five wrong codes kill the code, and the link in the same mail still confirms", async ({
  api,
  newName,
  mailFor,
}) => {
  const flat = flatApi(api);
  const who = await newName();
  const mail = await mailFor(who.email);
  const code = mail.code ?? "";
  const dead = "The code is no longer valid. Ask for a new one";
  for (let n = 1; n <= 4; n++)
    expectRefusal(await flat.confirm(who.username, otherCode(code)), 400, "The code is wrong", inEnvelope);
  for (const one of [otherCode(code), code])
    expectRefusal(await flat.confirm(who.username, one), 400, dead, inEnvelope);
  expect((await api.post("/verify", { authToken: tokenIn(mail) })).status).toBe(200);
});

test("codes that are none are wrong, whatever they look like", async ({ api, newName, codeFor }) => {
  const who = await newName();
  const code = await codeFor(who.email);
  for (const wrong of ["0", `${code}0`, `0${code}`, `-${code}`])
    expectRefusal(await flatApi(api).confirm(who.username, wrong), 400, "The code is wrong", inEnvelope);
  expectAnswer(await flatApi(api).confirm(who.username, code), 200, CONFIRMED);
});

test("a taken address and a taken name are refused, each with its sentence", async ({ api, newName }) => {
  const flat = flatApi(api);
  const who = await newName();
  expectRefusal(
    await flat.signUp({ ...person(), email: who.email.toUpperCase() }),
    409,
    "There is already an account with this email",
    inEnvelope,
  );
  for (const username of [who.username, who.username.toUpperCase()])
    expectRefusal(await flat.signUp({ ...person(), username }), 409, "This username is taken", inEnvelope);
});

test("of parallel sign-ups with one name exactly one wins", async ({ api, server }) => {
  const { username } = person();
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      flatApi(api).signUp({ ...person(), username: n % 2 ? username : username.toUpperCase() }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(409)]);
  expect(await rows(server, "select id from accounts where username_key = ?", username)).toHaveLength(1);
});

test("a common password, and one's own names as one, are refused", async ({ api }) => {
  const who = person();
  for (const password of ["password1", "qwertyuiop", who.email, who.username, who.username.toUpperCase()])
    expectRefusal(
      await flatApi(api).signUp({ ...who, password }),
      400,
      "This password is too common. Choose one that is harder to guess",
      inEnvelope,
    );
});

test("the name is kept as it was written", async ({ api, flatMember }) => {
  const username = person().username.replace("someone", "SomeOne");
  const { token } = await flatMember({ username });
  const me = await api.get("/auth/me", { authorization: `Bearer ${token}` });
  expect(me.body.username).toBe(username);
});

test("a code outlives no block", async ({ api, newName, codeFor, server }) => {
  const who = await newName();
  const code = await codeFor(who.email);
  await change(server, "update accounts set status = 2 where email = ?", who.email);
  expectRefusal(await flatApi(api).confirm(who.username, code), 403, "This account is blocked", inEnvelope);
  expect((await accountOf(server, who.email)).status).toBe(2);
});
