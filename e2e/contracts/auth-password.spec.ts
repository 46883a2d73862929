import { expectAnswer, expectRefusal } from "#e2e/fixtures/answers.ts";
import { bearer, expect, logIn, person, SITE, test, tokenIn } from "#e2e/fixtures/member.ts";
import { accountOf, change, passCooldowns, rows } from "#e2e/fixtures/store.ts";

const SENT = { message: "Verification email has been sent" };
const CHANGED = { message: "Password has been changed successfully" };
const EXPIRED = "Failed! Unable to change password, Session Expired";
const NEW = "another good phrase";

test("asking for a reset mails a link, which sets a new password once", async ({ api, newMember, linkToken }) => {
  const who = await newMember();
  expectAnswer(await api.post("/password/forget", { email: who.email }), 200, SENT);
  const authToken = await linkToken(who.email, /password/i);
  expectAnswer(await api.post("/password/reset", { authToken, password: NEW }), 200, CHANGED);
  expect((await logIn(api, who)).status).toBe(400);
  expect((await logIn(api, { ...who, password: NEW })).status).toBe(200);
  expectRefusal(await api.post("/password/reset", { authToken, password: "yet another phrase" }), 403, EXPIRED);
  expect((await logIn(api, { ...who, password: NEW })).status).toBe(200);
});

test("a reset ends every session of the account and mails a notice", async ({ api, newMember, linkToken, mailFor }) => {
  const who = await newMember();
  const other = (await logIn(api, who)).body;
  await api.post("/password/forget", { email: who.email });
  const resetMail = await mailFor(who.email, { subject: /password/i });
  await api.post("/password/reset", { authToken: await linkToken(who.email, /password/i), password: NEW });
  for (const { accessToken, refreshToken } of [who, other]) {
    expect((await api.get("/auth/me", bearer(accessToken))).status).toBe(401);
    expect((await api.post("/auth/refresh", { refreshToken })).status).toBe(403);
  }
  const notice = await mailFor(who.email, { after: resetMail });
  expect(notice.subject).toMatch(/password.*changed/i);
  expect(notice.code).toBeNull();
});

test("of parallel uses of one reset link exactly one wins, and its password is the one", async ({
  api,
  newMember,
  linkToken,
}) => {
  const who = await newMember();
  await api.post("/password/forget", { email: who.email });
  const authToken = await linkToken(who.email, /password/i);
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, n) => api.post("/password/reset", { authToken, password: `phrase number ${n}` })),
  );
  const won = answers.flatMap(({ status }, n) => (status === 200 ? [n] : []));
  expect(won).toHaveLength(1);
  for (const answer of answers.filter(({ status }) => status !== 200)) expectRefusal(answer, 403, EXPIRED);
  expect((await logIn(api, { ...who, password: `phrase number ${won[0]}` })).status).toBe(200);
});

test("an unknown address is told so, as documented", async ({ api }) => {
  const { email } = person();
  expectRefusal(await api.post("/password/forget", { email }), 404, `Failed! No Account found with email ${email}`);
});

test("a second request within a minute is answered alike and mails nothing more", async ({
  api,
  newMember,
  mailFor,
  mailsTo,
  server,
}) => {
  const { email } = await newMember();
  await api.post("/password/forget", { email });
  const first = await mailFor(email, { subject: /password/i });
  for (let n = 0; n < 3; n++) expectAnswer(await api.post("/password/forget", { email }), 200, SENT);
  const { id } = await accountOf(server, email);
  expect(
    await rows(server, "select id from outbox where account_id = ? and template = 'reset-password'", id),
  ).toHaveLength(1);

  await passCooldowns(server, email);
  expectAnswer(await api.post("/password/forget", { email }), 200, SENT);
  const second = await mailFor(email, { after: first });
  expect(await mailsTo(email)).toHaveLength(3);
  expectRefusal(await api.post("/password/reset", { authToken: tokenIn(first), password: NEW }), 403, EXPIRED);
  expectAnswer(await api.post("/password/reset", { authToken: tokenIn(second), password: NEW }), 200, CHANGED);
});

test("the reset link leads to the redirectURL", async ({ api, newMember, mailFor, server }) => {
  const { email } = await newMember();
  await api.post("/password/forget", { email, redirectURL: `${SITE}/welcome/back` });
  const mail = await mailFor(email, { subject: /password/i });
  expect(mail.link).toMatch(/^https:\/\/app\.example\.com\/welcome\/back\?authToken=eyJ/);

  const other = await newMember();
  await api.post("/password/forget", { email: other.email });
  const own = await mailFor(other.email, { subject: /password/i });
  expect(own.link?.startsWith(`${server.origin}/reset-password?authToken=eyJ`)).toBe(true);
});

test("a reset link that has expired is refused, and changes nothing", async ({ api, newMember, linkToken, server }) => {
  const who = await newMember();
  await api.post("/password/forget", { email: who.email });
  const authToken = await linkToken(who.email, /password/i);
  const { id } = await accountOf(server, who.email);
  await change(server, "update challenges set link_expires_at = ? where account_id = ?", Date.now() - 1, id);
  expectRefusal(await api.post("/password/reset", { authToken, password: NEW }), 403, EXPIRED);
  expect((await logIn(api, who)).status).toBe(200);
});

test("a reset link lives for one hour", async ({ api, newMember, linkToken }) => {
  const { email } = await newMember();
  await api.post("/password/forget", { email });
  const [, payload = ""] = (await linkToken(email, /password/i)).split(".");
  const { iat, exp } = JSON.parse(Buffer.from(payload, "base64url").toString());
  expect(exp - iat).toBe(60 * 60);
});

test("a reset refused for its password leaves the link good", async ({ api, newMember, linkToken }) => {
  const who = await newMember();
  await api.post("/password/forget", { email: who.email });
  const authToken = await linkToken(who.email, /password/i);
  for (const password of ["short", "password1", who.email])
    expect((await api.post("/password/reset", { authToken, password })).status).toBe(400);
  expectAnswer(await api.post("/password/reset", { authToken, password: NEW }), 200, CHANGED);
});

test("the reset token of an account that is gone names the address", async ({ api, newMember, linkToken, server }) => {
  const { email } = await newMember();
  await api.post("/password/forget", { email });
  const authToken = await linkToken(email, /password/i);
  await change(server, "delete from accounts where email = ?", email);
  expectRefusal(
    await api.post("/password/reset", { authToken, password: NEW }),
    404,
    `Failed! No Account found with email ${email}`,
  );
});

test("a reset proves the address, and ends what an impostor who signed up first had", async ({
  api,
  newPerson,
  mailFor,
  linkToken,
  server,
}) => {
  const who = await newPerson();
  const verifyMail = await mailFor(who.email);
  await api.post("/password/forget", { email: who.email });
  const authToken = await linkToken(who.email, /password/i);
  expectAnswer(await api.post("/password/reset", { authToken, password: NEW }), 200, CHANGED);
  expect((await accountOf(server, who.email)).status).toBe(1);
  expect((await logIn(api, { ...who, password: NEW })).status).toBe(200);
  expect((await logIn(api, who)).status).toBe(400);
  expect((await api.post("/verify", { authToken: tokenIn(verifyMail) })).status).toBe(403);
});

test("a reset clears the lock-out that wrong passwords caused", async ({ api, newMember, linkToken }) => {
  const who = await newMember();
  for (let n = 0; n < 10; n++) await logIn(api, { ...who, password: `guess number ${n}` });
  expect((await logIn(api, who)).status).toBe(429);
  await api.post("/password/forget", { email: who.email });
  await api.post("/password/reset", { authToken: await linkToken(who.email, /password/i), password: NEW });
  expect((await logIn(api, { ...who, password: NEW })).status).toBe(200);
});

for (const method of ["GET", "HEAD"])
  test(`${method} changes no password and uses no link up`, async ({ api, newMember, linkToken }) => {
    const who = await newMember();
    await api.post("/password/forget", { email: who.email });
    const authToken = await linkToken(who.email, /password/i);
    for (const path of ["/password/reset", "/auth/password/reset/", "/api/auth/password/reset"])
      expect(
        (await api.call(method, `${path}?authToken=${authToken}&password=${encodeURIComponent(NEW)}`)).status,
      ).toBe(405);
    expect((await logIn(api, who)).status).toBe(200);
    expectAnswer(await api.post("/password/reset", { authToken, password: NEW }), 200, CHANGED);
  });
