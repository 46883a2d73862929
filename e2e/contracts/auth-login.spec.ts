import { aJwt, expectAnswer, expectRefusal, expectTooMany } from "#e2e/fixtures/answers.ts";
import { bearer, expect, logIn, person, test } from "#e2e/fixtures/member.ts";
import { accountOf, change, passCooldowns } from "#e2e/fixtures/store.ts";

test("the right password opens a session with a token pair", async ({ api, newMember }) => {
  const who = await newMember();
  const answer = await logIn(api, who);
  expectAnswer(answer, 200, { accessToken: aJwt, refreshToken: aJwt, message: "Login successful" });
  const me = await api.get("/auth/me", bearer(answer.body.accessToken));
  expect(me.body.email).toBe(who.email);
});

test("a wrong password is refused with the documented sentence", async ({ api, newMember }) => {
  const { email } = await newMember();
  expectRefusal(await logIn(api, { email, password: "not the one" }), 400, `Incorrect credentials for ${email}`);
});

test("an unknown address is told apart, as documented", async ({ api }) => {
  const { email, password } = person();
  expectRefusal(await logIn(api, { email, password }), 404, `No account found for mail ${email}`);
});

test("the address is answered as it was written, spaces at its ends apart", async ({ api, newMember }) => {
  const { email } = await newMember();
  const written = email.toUpperCase();
  const answer = await logIn(api, { email: `  ${written} `, password: "not the one" });
  expectRefusal(answer, 400, `Incorrect credentials for ${written}`);
});

test("the right password of an unproved address is refused, and mailed anew only after the cool-down", async ({
  api,
  newPerson,
  mailFor,
  mailsTo,
  server,
}) => {
  const who = await newPerson();
  const first = await mailFor(who.email);
  const sentence = `Verification email has been sent ${who.email}`;
  expectRefusal(await logIn(api, who), 403, sentence);
  expect(await mailsTo(who.email)).toHaveLength(1);

  await passCooldowns(server, who.email);
  expectRefusal(await logIn(api, who), 403, sentence);
  const second = await mailFor(who.email, { after: first });
  expect(second.link).not.toBe(first.link);
});

test("a wrong password of an unproved address says nothing of the proof and mails nothing", async ({
  api,
  newPerson,
  mailFor,
  mailsTo,
}) => {
  const { email } = await newPerson();
  await mailFor(email);
  expectRefusal(await logIn(api, { email, password: "not the one" }), 400, `Incorrect credentials for ${email}`);
  expect(await mailsTo(email)).toHaveLength(1);
});

test("the mail that a log-in causes leads to the log-in's redirectURL", async ({ api, newPerson, mailFor, server }) => {
  const who = await newPerson();
  const first = await mailFor(who.email);
  await passCooldowns(server, who.email);
  await api.post("/auth/login", { ...who, redirectURL: "https://app.example.com/welcome" });
  const second = await mailFor(who.email, { after: first });
  expect(second.link).toMatch(/^https:\/\/app\.example\.com\/welcome\?authToken=eyJ/);
});

test("a blocked account is refused whatever it presents", async ({ api, newMember, linkToken, server }) => {
  const who = await newMember();
  await api.post("/password/forget", { email: who.email });
  const resetToken = await linkToken(who.email, /password/i);
  await change(server, "update accounts set status = 2 where email = ?", who.email);

  expectRefusal(await logIn(api, who), 403, "This account is blocked");
  expectRefusal(await logIn(api, { ...who, password: "not the one" }), 400, `Incorrect credentials for ${who.email}`);
  expectRefusal(await api.get("/auth/me", bearer(who.accessToken)), 401, "Session expired or token is not valid");
  expectRefusal(
    await api.post("/auth/refresh", { refreshToken: who.refreshToken }),
    403,
    "Session expired or token is not valid",
  );
  await api.post("/password/reset", { authToken: resetToken, password: "another good phrase" });
  expect((await accountOf(server, who.email)).status).toBe(2);
  expectRefusal(
    await logIn(api, { email: who.email, password: "another good phrase" }),
    ...([403, "This account is blocked"] as const),
  );
});

test("the eleventh guess is refused with the seconds to wait, the right password included", async ({
  api,
  newMember,
}) => {
  const who = await newMember();
  for (let guess = 1; guess <= 10; guess++)
    expect((await logIn(api, { ...who, password: `guess number ${guess}` })).status).toBe(400);
  const wait = expectTooMany(await logIn(api, who));
  expect(wait).toBeGreaterThan(50);
  expect(wait).toBeLessThanOrEqual(60);
});
