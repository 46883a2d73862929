import { sentenceOnly } from "#e2e/fixtures/answers.ts";
import { answersGet, answersPost, answerWhateverTheHost, isNothing, spellings } from "#e2e/fixtures/contract-paths.ts";
import { bearer, expect, logIn, test } from "#e2e/fixtures/member.ts";
import { rawRequest } from "#e2e/fixtures/raw-request.ts";

/** Every prefix an endpoint answers below: the document spells three of them without /auth as well. */
const PREFIXES = ["/api/auth", "/auth"];
const BARE_TOO = [...PREFIXES, ""];

const POSTS = [
  { prefixes: PREFIXES, name: "login", says: "email is required; password is required" },
  { prefixes: PREFIXES, name: "signup", says: "email is required; password is required" },
  { prefixes: BARE_TOO, name: "verify", says: "authToken is required" },
  { prefixes: BARE_TOO, name: "password/forget", says: "email is required" },
  { prefixes: BARE_TOO, name: "password/reset", says: "password is required; authToken is required" },
  { prefixes: PREFIXES, name: "refresh", says: "refreshToken is required" },
  { prefixes: PREFIXES, name: "logout", says: "refreshToken is required" },
];
for (const { prefixes, name, says } of POSTS)
  for (const path of spellings(prefixes, name)) answersPost({ path, says }, sentenceOnly);

for (const path of spellings(PREFIXES, "me"))
  answersGet({ path, says: "Session expired or token is not valid" }, sentenceOnly);

answerWhateverTheHost(["/auth/login/", "/verify", "/password/forget", "/api/auth/signup"]);

test("every spelling does the whole job", async ({ api, newPerson, linkToken }) => {
  for (const [verify, login] of [
    ["/verify/", "/auth/login/"],
    ["/auth/verify", "/auth/login"],
    ["/api/auth/verify/", "/api/auth/login/"],
  ] as const) {
    const who = await newPerson();
    expect((await api.post(verify, { authToken: await linkToken(who.email) })).status).toBe(200);
    const { status, body } = await api.post(login, { email: who.email, password: who.password });
    expect(status).toBe(200);
    expect((await api.get("/api/auth/me", bearer(body.accessToken))).status).toBe(200);
  }
});

for (const path of [
  "/auth",
  "/auth/",
  "/api/auth",
  "/api/auth/",
  "/auth/nothing",
  "/auth/login/nothing",
  "/api/auth/LOGIN",
  "/api/auth/login.json",
  "/password",
  "/password/",
  "/password/nothing",
  "/verify/nothing",
  "/auth/..%2flogin",
  "/auth/%00",
])
  isNothing(path, sentenceOnly);

test("what is no path or no method of the web is refused in JSON and logged as no fault", async ({ server }) => {
  for (const path of ["/auth/%", "/auth/%ff%fe", "/%c0%ae%c0%ae/", "http://other.example.com/auth/login", "*"]) {
    const { status, headers } = await rawRequest(server.url, { method: "POST", path });
    expect([path, status]).toEqual([path, 400]);
    expect(headers["content-type"]).toContain("application/json");
  }
  for (const method of ["TRACE", "PROPFIND", "PURGE"]) {
    const { status, headers } = await rawRequest(server.url, { method, path: "/auth/login" });
    expect([method, status]).toEqual([method, 405]);
    expect(headers.allow).toContain("POST");
  }
});

for (const [name, value] of [
  ["host", ""],
  ["host", "a b"],
  ["host", "%00"],
  ["host", "[::1"],
  ["host", "x:99999999"],
  ["x-forwarded-host", "a b, %"],
  ["x-forwarded-proto", "javascript"],
  ["content-length", "0"],
  ["origin", "%%%"],
  ["x-middleware-subrequest", "proxy:proxy:proxy:proxy:proxy"],
  ["next-action", "0000"],
  ["x-nextjs-data", "1"],
  ["next-router-state-tree", "%5B"],
  ["content-encoding", "gzip"],
  ["expect", "100-continue"],
] as const)
  test(`a strange ${name} (${JSON.stringify(value)}) is never a fault of ours`, async ({ server }) => {
    const headers = { host: "localhost", "content-type": "application/json", [name]: value };
    const chunks = name === "content-length" ? [] : ["{}"];
    const { status, text } = await rawRequest(server.url, { path: "/auth/login", headers, chunks });
    expect([status, text.startsWith("{")]).toEqual([400, true]);
  });

test("a query does not stand in for the body where the document says Request Body", async ({ api, newMember }) => {
  const who = await newMember();
  const query = new URLSearchParams({ email: who.email, password: who.password });
  const answer = await api.post(`/auth/login?${query}`, {});
  expect([answer.status, answer.body.message]).toEqual([400, "email is required; password is required"]);
  expect((await logIn(api, who)).status).toBe(200);
});
