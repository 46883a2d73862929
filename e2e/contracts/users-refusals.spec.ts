import { expectInvalid, expectRefusal, expectTooMany, sentenceOnly } from "#e2e/fixtures/answers.ts";
import { type BodyEndpoint, refusesBadBodies } from "#e2e/fixtures/bad-bodies.ts";
import { rows } from "#e2e/fixtures/store.ts";
import { expect, person, profile, test, usersApi } from "#e2e/fixtures/users.ts";

const email = "nobody@example.com";
const password = "a good phrase";
const token = "557abf55-3964-4f4f-9002-8fcc99de863c";

const ENDPOINTS: BodyEndpoint[] = [
  { path: "/api/users/login", body: { email, password } },
  { path: "/api/users/logout", body: { token } },
  { path: "/api/users/verifyAccessToken", body: { token } },
  {
    path: "/karely/api/users/signUp",
    body: { first_name: "Ada", last_name: "Byron", phone_number: "+44 20 7946 0000", email, password },
  },
  { path: "/api/users/verifyAuthorizationCode", body: { code: "123456" } },
  { path: "/api/users/resetPassword", body: { email } },
  { path: "/api/users/updatePassword", body: { password }, optional: ["code"] },
];
for (const endpoint of ENDPOINTS) refusesBadBodies(endpoint, sentenceOnly);

for (const [field, value, message] of [
  ["first_name", "Ada\u0000", "must not contain a NUL character"],
  ["first_name", "Ada\u0007", "must not contain control characters or ones that do not show"],
  ["last_name", "Byron\r\nBcc: other@example.com", "must not contain control characters or ones that do not show"],
  ["phone_number", "call me", "must be a phone number"],
  ["phone_number", "+44<script>", "must be a phone number"],
  ["email", "nobody", "must be an e-mail address"],
  ["email", "nobody@example.com, other@example.com", "must be an e-mail address"],
  ["password", "seven77", "must be at least 8 characters"],
  ["password", "x".repeat(257), "must be at most 256 characters"],
] as const)
  test(`signing up with ${JSON.stringify(value.slice(0, 40))} as ${field} is refused`, async ({ api, server }) => {
    const who = { ...profile(), [field]: value };
    expectInvalid(await usersApi(api).signUp(who), [{ field, message }]);
    expect(await rows(server, "select id from accounts where email = ?", who.email)).toEqual([]);
  });

test("fields beyond the documented ones are ignored", async ({ api, server }) => {
  const who = profile();
  const more = {
    id: 1,
    status: 1,
    account_type: 9,
    avatar: "x",
    login_failed_count: -1,
    username: "admin",
    session: {},
  };
  expect((await api.post("/api/users/signUp", { ...who, ...more })).body).toMatchObject({ status: 0, account_type: 0 });
  expect(
    await rows(server, "select status, account_type, avatar, username from accounts where email = ?", who.email),
  ).toEqual([{ status: 0, account_type: 0, avatar: null, username: null }]);
});

test("the eleventh wrong password is refused with the seconds to wait, the right one included", async ({
  api,
  provedUser,
}) => {
  const users = usersApi(api);
  const who = await provedUser();
  for (let guess = 1; guess <= 10; guess++)
    expect((await users.logIn({ ...who, password: `guess number ${guess}` })).status).toBe(400);
  expect(expectTooMany(await users.logIn(who))).toBeLessThanOrEqual(60);
});

test("an address nobody has runs into the same limit", async ({ api }) => {
  const users = usersApi(api);
  const nobody = person();
  for (let guess = 1; guess <= 10; guess++) expect((await users.logIn(nobody)).status).toBe(400);
  expectTooMany(await users.logIn(nobody));
});

test("the twenty-first sign-up from one address within an hour is refused", async ({ api }) => {
  const users = usersApi(api);
  for (let n = 1; n <= 20; n++) expect((await users.signUp(profile())).status).toBe(200);
  expect(expectTooMany(await users.signUp(profile()))).toBeGreaterThan(3_500);
});

test("the thirty-first mail that one address causes within an hour is refused", async ({ api, newUser }) => {
  const users = usersApi(api);
  const known: string[] = [];
  for (let n = 0; n < 15; n++) known.push((await newUser()).email);
  for (const one of known) expect((await users.askReset(one)).status).toBe(200);
  expect(expectTooMany(await users.askReset(person().email))).toBeGreaterThan(3_500);
});

test("what is posted as a form is told which type to send", async ({ api }) => {
  const answer = await api.post("/api/users/login", new URLSearchParams({ email, password }));
  expectRefusal(answer, 415, "Send the body as application/json");
});

test("no answer of these tests was a fault of the server", async ({ api, server }) => {
  await api.post("/api/users/login", {});
  expect(server.log().filter(({ event }) => event === "request_failed")).toEqual([]);
});
