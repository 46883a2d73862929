import { expectInvalid, expectRefusal, expectTooMany, inEnvelope } from "#e2e/fixtures/answers.ts";
import { type BodyEndpoint, refusesBadBodies } from "#e2e/fixtures/bad-bodies.ts";
import { expect, flatApi, person, test } from "#e2e/fixtures/flat.ts";
import { rawRequest } from "#e2e/fixtures/raw-request.ts";
import { rows } from "#e2e/fixtures/store.ts";

const email = "nobody@example.com";
const username = "nobody";
const password = "a good phrase";
const confirm_code = "123456";
const refresh_token = "eyJhbGciOiJIUzI1NiJ9.e30.x";

const ENDPOINTS: BodyEndpoint[] = [
  { path: "/staging/user_signup", body: { email, username, password }, most: { username: 64 } },
  { path: "/api/user_login", body: { username, password } },
  { path: "/staging/auth/auth_confirm", body: { username, confirm_code } },
  { path: "/api/resend_confirmcode", body: { username } },
  { path: "/api/forgot_password", body: { username } },
  { path: "/api/confirm_code_forgot_password", body: { username, password, confirm_code } },
  { path: "/api/refresh_token", body: { username, refresh_token } },
  { path: "/dev/send-mail/reference-email", body: { username, destination_email: email } },
];
for (const endpoint of ENDPOINTS) refusesBadBodies(endpoint, inEnvelope);

const NAME = "must be 3 to 64 of letters, digits, dot, underscore and hyphen";
for (const [field, value, message] of [
  ["username", "ab", NAME],
  ["username", "", NAME],
  ["username", "some body", NAME],
  // Nobody's name may be somebody else's address.
  ["username", "somebody@example.com", NAME],
  ["username", "somebody＠example.com", NAME],
  ["username", "аdmin", NAME],
  ["username", "ＡＢＣ", NAME],
  ["username", "a/b", NAME],
  ["username", "abc\n", NAME],
  ["email", "nobody", "must be an e-mail address"],
  ["password", "seven77", "must be at least 8 characters"],
  ["password", "x".repeat(257), "must be at most 256 characters"],
] as const)
  test(`signing up with ${JSON.stringify(value.slice(0, 40))} as ${field} is refused`, async ({ api, server }) => {
    const who = { ...person(), [field]: value };
    expectInvalid(await flatApi(api).signUp(who), [{ field, message }], inEnvelope);
    expect(await rows(server, "select id from accounts where email = ?", who.email)).toEqual([]);
  });

test("nothing but spaces is no username", async ({ api }) => {
  for (const path of ["user_login", "auth_confirm", "forgot_password", "resend_confirmcode"])
    expectInvalid(
      await api.post(`/api/${path}`, { username: " \n\t", password, confirm_code }),
      [{ field: "username", message: "is required" }],
      inEnvelope,
    );
});

test("the eleventh wrong password is refused with the seconds to wait, however its name is spelt", async ({
  api,
  flatMember,
}) => {
  const flat = flatApi(api);
  const who = await flatMember();
  const names = [who.email, who.email.toUpperCase(), ` ${who.email} `];
  for (let guess = 0; guess < 10; guess++)
    expect((await flat.logIn({ username: names[guess % 3] ?? "", password: `guess number ${guess}` })).status).toBe(
      401,
    );
  for (const name of names) expectTooMany(await flat.logIn({ ...who, username: name }), inEnvelope);
});

test("ten wrong passwords by two names of one account shut both, and do not say so", async ({ api, flatMember }) => {
  const flat = flatApi(api);
  const who = await flatMember();
  const names = [who.username, who.email, who.username.toUpperCase(), ` ${who.email.toUpperCase()} `];
  for (let guess = 0; guess < 10; guess++)
    expect((await flat.logIn({ username: names[guess % 4] ?? "", password: `guess number ${guess}` })).status).toBe(
      401,
    );
  // The right one is not compared; said aloud, it would tell that the two names are one person.
  for (const name of names) expect((await flat.logIn({ ...who, username: name })).status).toBe(401);
});

test("a name nobody has runs into the same limit", async ({ api }) => {
  const nobody = person();
  for (let guess = 1; guess <= 10; guess++) expect((await flatApi(api).logIn(nobody)).status).toBe(401);
  expectTooMany(await flatApi(api).logIn(nobody), inEnvelope);
});

test("the twenty-first sign-up from one address within an hour is refused", async ({ api }) => {
  for (let n = 1; n <= 20; n++) expect((await flatApi(api).signUp(person())).status).toBe(200);
  expect(expectTooMany(await flatApi(api).signUp(person()), inEnvelope)).toBeGreaterThan(3_500);
});

test("what is posted as a form is told which type to send", async ({ api }) => {
  const answer = await api.post("/api/user_login", new URLSearchParams({ username, password }));
  expectRefusal(answer, 415, "Send the body as application/json", inEnvelope);
});

test("the credentials in a query or a header are no body", async ({ api, flatMember }) => {
  const who = await flatMember();
  const basic = `Basic ${Buffer.from(`${who.username}:${who.password}`).toString("base64")}`;
  expect((await api.post("/api/user_login", {}, { authorization: basic })).status).toBe(400);
});

test("what is refused before any endpoint is asked is refused in the contract's shape too", async ({ server }) => {
  for (const root of ["/api", "/staging", "/staging/auth", "/dev/send-mail"])
    for (const [method, path] of [
      ["PROPFIND", `${root}/user_login`],
      ["TRACE", `${root}/nothing`],
      ["POST", `${root}/%zz`],
    ] as const) {
      const { status, text } = await rawRequest(server.url, { method, path, headers: { accept: "text/html" } });
      const { message, ...more } = JSON.parse(text);
      expect([path, status, more]).toEqual([path, method === "POST" ? 400 : 405, { data: {}, error: true }]);
      expect(message).toMatch(/^This (address|method) is not /);
    }
  for (const path of ["/api/auth/%zz", "/auth/%zz", "/api/users/%zz", "/karely/%zz"]) {
    const { text } = await rawRequest(server.url, { path });
    expect(JSON.parse(text)).toEqual({ message: "This address is not valid" });
  }
});

test("no answer of these tests was a fault of the server", async ({ api, server }) => {
  await api.post("/api/user_login", {});
  expect(server.log().filter(({ event }) => event === "request_failed")).toEqual([]);
});
