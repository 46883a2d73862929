import { inEnvelope } from "#e2e/fixtures/answers.ts";
import { answersGet, answersPost, answerWhateverTheHost, isNothing, spellings } from "#e2e/fixtures/contract-paths.ts";
import { bearer, expect, test } from "#e2e/fixtures/flat.ts";

/** The canonical prefix, and the document's two stages. */
const PREFIXES = ["/api", "/staging", "/staging/auth"];

const POSTS = [
  { name: "user_signup", says: "email is required; username is required; password is required" },
  { name: "user_login", says: "username is required; password is required" },
  { name: "auth_confirm", says: "username is required; confirm_code is required" },
  { name: "resend_confirmcode", says: "username is required" },
  { name: "forgot_password", says: "username is required" },
  {
    name: "confirm_code_forgot_password",
    says: "username is required; password is required; confirm_code is required",
  },
  { name: "refresh_token", says: "username is required; refresh_token is required" },
  { name: "send-mail/reference-email", says: "username is required; destination_email is required" },
];
for (const { name, says } of POSTS) {
  // One path of the document stands below /dev.
  const prefixes = name.startsWith("send-mail") ? [...PREFIXES, "/dev"] : PREFIXES;
  for (const path of spellings(prefixes, name)) answersPost({ path, says }, inEnvelope);
}

for (const path of spellings(PREFIXES, "template-invite-mail"))
  answersGet({ path, says: "The token is not valid or has expired" }, inEnvelope);

answerWhateverTheHost(["/api/user_login/", "/staging/user_signup", "/staging/auth/refresh_token"]);

test("every spelling does the whole job", async ({ api, flatMember }) => {
  const { username, password } = await flatMember();
  for (const prefix of PREFIXES)
    for (const slash of ["", "/"]) {
      const { token, refresh_token } = (await api.post(`${prefix}/user_login${slash}`, { username, password })).body
        .data;
      const refreshed = await api.post(`${prefix}/refresh_token${slash}`, { username, refresh_token });
      const template = await api.get(`${prefix}/template-invite-mail${slash}`, bearer(token));
      expect([refreshed.status, template.status]).toEqual([200, 200]);
    }
});

test("a query does not stand in for the body", async ({ api, flatMember }) => {
  const { username, password } = await flatMember();
  const answer = await api.post(`/api/user_login?${new URLSearchParams({ username, password })}`, {});
  expect([answer.status, answer.body.message]).toEqual([400, "username is required; password is required"]);
});

for (const path of [
  "/api",
  "/api/",
  "/api/nothing",
  "/api/user_login/nothing",
  "/api/USER_LOGIN",
  "/api/user_login.json",
  "/api/send-mail",
  "/api/send-mail/nothing/",
  "/api/%00",
  "/staging",
  "/staging/",
  "/staging/auth",
  "/staging/auth/",
  "/staging/nothing",
  "/staging/auth/nothing/",
  "/staging/auth/login",
  "/dev/send-mail",
  "/dev/send-mail/nothing",
])
  isNothing(path, inEnvelope);
