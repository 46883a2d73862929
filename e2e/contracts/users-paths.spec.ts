import { sentenceOnly } from "#e2e/fixtures/answers.ts";
import { answersPost, answerWhateverTheHost, isNothing, spellings } from "#e2e/fixtures/contract-paths.ts";
import { expect, test, usersApi } from "#e2e/fixtures/users.ts";

/** The canonical prefix, and the documented base URL's. */
const PREFIXES = ["/api/users", "/karely/api/users"];

const POSTS = [
  { name: "login", says: "email is required; password is required" },
  { name: "logout", says: "token is required" },
  { name: "verifyAccessToken", says: "token is required" },
  {
    name: "signUp",
    says: "first_name is required; last_name is required; phone_number is required; email is required; password is required",
  },
  { name: "verifyAuthorizationCode", says: "code is required" },
  { name: "resetPassword", says: "email is required" },
  { name: "updatePassword", says: "password is required" },
];
for (const { name, says } of POSTS)
  for (const path of spellings(PREFIXES, name)) answersPost({ path, says }, sentenceOnly);

answerWhateverTheHost(["/api/users/login/", "/karely/api/users/signUp", "/karely/api/users/updatePassword/"]);

test("every spelling does the whole job", async ({ api, provedUser }) => {
  const who = await provedUser();
  for (const prefix of PREFIXES)
    for (const slash of ["", "/"]) {
      const login = await api.post(`${prefix}/login${slash}`, { email: who.email, password: who.password });
      const { token } = login.body.session;
      const whose = await api.post(`${prefix}/verifyAccessToken${slash}`, { token });
      const out = await api.post(`${prefix}/logout${slash}`, { token });
      expect([whose.text, out.text]).toEqual([String(who.id), String(who.id)]);
    }
});

test("a query does not stand in for the body", async ({ api, provedUser }) => {
  const { email, password, token } = await provedUser();
  const login = await api.post(`/api/users/login?${new URLSearchParams({ email, password })}`, {});
  expect([login.status, login.body.message]).toEqual([400, "email is required; password is required"]);
  expect((await api.post(`/api/users/logout?token=${token}`, {})).status).toBe(400);
  expect((await usersApi(api).whose(token)).status).toBe(200);
});

for (const path of [
  "/api/users",
  "/api/users/",
  "/api/users/nothing",
  "/api/users/LOGIN",
  "/api/users/signup",
  "/api/users/login/nothing",
  "/api/users/login.json",
  "/api/users/%00",
  "/karely/api/users",
  "/karely/api/users/nothing/",
  "/karely/api/nothing",
  "/karely/api",
  "/karely",
])
  isNothing(path, sentenceOnly);
