import { expectAnswer, expectRefusal, expectTooMany, inEnvelope } from "#e2e/fixtures/answers.ts";
import { api as apiOf } from "#e2e/fixtures/api.ts";
import { bearer, clientAddress, expect, flatApi, otherCode, person, said, test } from "#e2e/fixtures/flat.ts";
import { passCooldowns } from "#e2e/fixtures/store.ts";

const NEW = "another good phrase";
const SENT = said("A code to reset the password has been sent");
const CHANGED = said("Password has been changed");

test("the mailed code sets a new password, once", async ({ api, flatMember, codeFor, mailFor }) => {
  const flat = flatApi(api);
  const who = await flatMember();
  expectAnswer(await flat.forgot(who.username), 200, SENT);
  const code = await codeFor(who.email, /password/i);
  expectAnswer(await flat.setPassword(who.username, NEW, code), 200, CHANGED);
  expect((await flat.logIn(who)).status).toBe(401);
  expect((await flat.logIn({ ...who, password: NEW })).status).toBe(200);
  const dead = "The code is no longer valid. Ask for a new one";
  expectRefusal(await flat.setPassword(who.username, "yet another phrase", code), 400, dead, inEnvelope);
  expect((await mailFor(who.email, { subject: /password.*changed/i })).code).toBeNull();
});

test("a reset ends every session of the account", async ({ api, flatMember, codeFor }) => {
  const flat = flatApi(api);
  const who = await flatMember();
  await flat.forgot(who.email);
  await flat.setPassword(who.email, NEW, await codeFor(who.email, /password/i));
  expect((await flat.refresh(who.username, who.refreshToken)).status).toBe(401);
  expect((await flat.template(bearer(who.token))).status).toBe(401);
});

test("a name nobody has is told so", async ({ api }) => {
  const unknown = "There is no account with this username";
  for (const name of [person().username, person().email]) {
    expectRefusal(await flatApi(api).forgot(name), 404, unknown, inEnvelope);
    expectRefusal(await flatApi(api).setPassword(name, NEW, "123456"), 404, unknown, inEnvelope);
  }
});

test("a wrong code sets nothing, and five kill the right one", async ({ api, flatMember, codeFor }) => {
  const flat = flatApi(api);
  const who = await flatMember();
  await flat.forgot(who.username);
  const code = await codeFor(who.email, /password/i);
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => flat.setPassword(who.username, NEW, otherCode(code))),
  );
  expect(answers.filter(({ body }) => body.message === "The code is wrong")).toHaveLength(4);
  const dead = "The code is no longer valid. Ask for a new one";
  expectRefusal(await flat.setPassword(who.username, NEW, code), 400, dead, inEnvelope);
  expect((await flat.logIn(who)).status).toBe(200);
});

test("of parallel uses of one code exactly one wins, and its password is the one", async ({
  api,
  flatMember,
  codeFor,
}) => {
  const flat = flatApi(api);
  const who = await flatMember();
  await flat.forgot(who.username);
  const code = await codeFor(who.email, /password/i);
  const answers = await Promise.all(
    Array.from({ length: 5 }, (_, n) => flat.setPassword(who.username, `phrase number ${n}`, code)),
  );
  const won = answers.flatMap(({ status }, n) => (status === 200 ? [n] : []));
  expect(won).toHaveLength(1);
  expect((await flat.logIn({ ...who, password: `phrase number ${won[0]}` })).status).toBe(200);
});

test("a password that is refused leaves the code good", async ({ api, flatMember, codeFor }) => {
  const flat = flatApi(api);
  const who = await flatMember();
  await flat.forgot(who.username);
  const code = await codeFor(who.email, /password/i);
  for (const password of ["short", "password1", who.username, who.email])
    expect((await flat.setPassword(who.username, password, code)).status).toBe(400);
  expectAnswer(await flat.setPassword(who.username, NEW, code), 200, CHANGED);
});

test("a code for a confirmation sets no password", async ({ api, newName, codeFor }) => {
  const who = await newName();
  const code = await codeFor(who.email);
  expect((await flatApi(api).setPassword(who.username, NEW, code)).status).toBe(400);
  await flatApi(api).forgot(who.username);
  const reset = await codeFor(who.email, /password/i);
  if (reset !== code) expect((await flatApi(api).setPassword(who.username, NEW, code)).status).toBe(400);
});

test("five mails an hour to one destination are all, and the sixth says when to try again", async ({
  flatMember,
  server,
}) => {
  const who = await flatMember();
  const stranger = flatApi(apiOf(server.url, { "x-forwarded-for": clientAddress() }));
  for (let n = 2; n <= 5; n++) {
    expectAnswer(await stranger.forgot(who.email), 200, SENT);
    await passCooldowns(server, who.email);
  }
  expect(expectTooMany(await stranger.forgot(who.email), inEnvelope)).toBeLessThanOrEqual(3_600);
});
