import { expectRefusal } from "#e2e/fixtures/answers.ts";
import { expect, person, SITE, test } from "#e2e/fixtures/member.ts";
import { rows } from "#e2e/fixtures/store.ts";

// The server of these tests allows https://app.example.com/welcome, https://app.example.com/deep/path/ and
// http://localhost:5173 (e2e/fixtures/member.ts), and every server its own origin.

const REFUSED = [
  "https://evil.example.com/welcome",
  "https://evil.example.com",
  // The origin, exactly.
  "http://app.example.com/welcome",
  `${SITE}:8443/welcome`,
  "https://app.example.com./welcome",
  "https://www.app.example.com/welcome",
  "https://app.example.com.evil.example.com/welcome",
  "https://app.example.comevil/welcome",
  "https://аpp.example.com/welcome",
  "http://localhost:5174/",
  "http://localhost/",
  "https://localhost:5173/",
  "http://127.0.0.1:5173/",
  "http://[::1]:5173/",
  "http://localhost.evil.example.com:5173/",
  // The path, up to the end of a segment.
  SITE,
  `${SITE}/`,
  `${SITE}/welcomes`,
  `${SITE}/WELCOME`,
  `${SITE}/wel`,
  `${SITE}/deep`,
  `${SITE}/deep/pathology`,
  `${SITE}//welcome`,
  `${SITE}/x/welcome`,
  `${SITE}/welcome/../admin`,
  `${SITE}/welcome/%2e%2e/admin`,
  `${SITE}/welcome/.%2E/admin`,
  `${SITE}/welcome\\..\\admin`,
  // What some server behind the path would read as one step up.
  `${SITE}/welcome/..%2fadmin`,
  `${SITE}/welcome/%2e%2e%2Fadmin`,
  `${SITE}/welcome/..%5cadmin`,
  `${SITE}/welcome/x%2f..%2f..%2fadmin`,
  `${SITE}/welcome/..;/admin`,
  `${SITE}/welcome/..;a=b/admin`,
  `${SITE}/welcome%2f..%2fadmin`,
  `${SITE}/welcome%00`,
  // Whose site it seems to be, and is not.
  "https://app.example.com@evil.example.com/welcome",
  "https://evil.example.com\\@app.example.com/welcome",
  "https://evil.example.com/https://app.example.com/welcome",
  "https://evil.example.com#https://app.example.com/welcome",
  "https://evil.example.com?https://app.example.com/welcome",
  "https://app.example.com\\@evil.example.com/welcome",
  "https://app.example.com%2eevil.example.com/welcome",
  "https://app.example.com%00.evil.example.com/welcome",
  // Credentials.
  "https://somebody@app.example.com/welcome",
  "https://somebody:secret@app.example.com/welcome",
  "https://:secret@app.example.com/welcome",
  // Not of the web, or not whole.
  "javascript:alert(1)",
  "JavaScript://app.example.com/welcome%0aalert(1)",
  " javascript:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "blob:https://app.example.com/welcome",
  "filesystem:https://app.example.com/welcome",
  "view-source:https://app.example.com/welcome",
  "ftp://app.example.com/welcome",
  "file:///welcome",
  "mailto:nobody@example.com",
  "//app.example.com/welcome",
  "/\\app.example.com/welcome",
  "\\\\app.example.com\\welcome",
  "/welcome",
  "welcome",
  "app.example.com/welcome",
  "https://",
  "https:",
  "http://%",
  "",
  " ",
  "null",
];

for (const redirectURL of REFUSED)
  test(`${JSON.stringify(redirectURL)} is no place a mailed link may lead to`, async ({ api, server }) => {
    const { email, password } = person();
    expectRefusal(
      await api.post("/auth/signup", { email, password, redirectURL }),
      400,
      "redirectURL is not on the list of allowed addresses",
    );
    expect(await rows(server, "select id from accounts where email = ?", email)).toEqual([]);
    expect(await rows(server, "select key from limits where key like ?", `%${email}%`)).toEqual([]);
  });

const ALLOWED = [
  [`${SITE}/welcome`, `${SITE}/welcome?authToken=`],
  [`${SITE}/welcome/`, `${SITE}/welcome/?authToken=`],
  [`${SITE}/welcome/home/x.html`, `${SITE}/welcome/home/x.html?authToken=`],
  [`${SITE}/welcome?`, `${SITE}/welcome?authToken=`],
  [`${SITE}/welcome?a=1&a=2&b`, `${SITE}/welcome?a=1&a=2&b&authToken=`],
  [`${SITE}/welcome?next=%2Fa%20b+c&x=%C3%A9`, `${SITE}/welcome?next=%2Fa%20b+c&x=%C3%A9&authToken=`],
  [`${SITE}/welcome?to=https://evil.example.com/../`, `${SITE}/welcome?to=https://evil.example.com/../&authToken=`],
  [`${SITE}/welcome/../welcome/in`, `${SITE}/welcome/in?authToken=`],
  [`${SITE}:443/welcome`, `${SITE}/welcome?authToken=`],
  ["HTTPS://APP.EXAMPLE.COM/welcome", `${SITE}/welcome?authToken=`],
  ["https:\\\\app.example.com\\welcome", `${SITE}/welcome?authToken=`],
  [`  ${SITE}/wel\tcome\n`, `${SITE}/welcome?authToken=`],
  [`${SITE}/deep/path`, `${SITE}/deep/path?authToken=`],
  [`${SITE}/deep/path/er`, `${SITE}/deep/path/er?authToken=`],
  [`${SITE}/welcome/..x/...`, `${SITE}/welcome/..x/...?authToken=`],
  ["http://localhost:5173", "http://localhost:5173/?authToken="],
  ["http://localhost:5173/any/where", "http://localhost:5173/any/where?authToken="],
] as const;

for (const [redirectURL, link] of ALLOWED)
  test(`a link may lead to ${JSON.stringify(redirectURL)}`, async ({ api, mailFor }) => {
    const { email, password } = person();
    expect((await api.post("/auth/signup", { email, password, redirectURL })).status).toBe(200);
    const mailed = (await mailFor(email)).link ?? "";
    expect(mailed.slice(0, link.length)).toBe(link);
    expect(mailed.slice(link.length)).toMatch(/^eyJ[\w.-]+$/);
  });

test("the fragment stays last", async ({ api, mailFor }) => {
  const { email, password } = person();
  await api.post("/auth/signup", { email, password, redirectURL: `${SITE}/welcome?a=1#/route?b=2` });
  expect((await mailFor(email)).link).toMatch(/\/welcome\?a=1&authToken=eyJ[\w.-]+#\/route\?b=2$/);
});

test("a token that a redirectURL brings along does not stand beside ours", async ({ api, mailFor }) => {
  const { email, password } = person();
  const redirectURL = `${SITE}/welcome?authToken=planted&a=1&authToken=again`;
  await api.post("/auth/signup", { email, password, redirectURL });
  const tokens = new URL((await mailFor(email)).link ?? "").searchParams.getAll("authToken");
  expect(tokens).toEqual([expect.stringMatching(/^eyJ/)]);
});

test("the server's own pages are always allowed", async ({ api, server, mailFor }) => {
  const { email, password } = person();
  const redirectURL = `${server.origin}/verify-email?from=api`;
  expect((await api.post("/auth/signup", { email, password, redirectURL })).status).toBe(200);
  expect((await mailFor(email)).link?.startsWith(`${redirectURL}&authToken=eyJ`)).toBe(true);
});

test("log-in and reset refuse a foreign redirectURL before they look at anything else, and mail nothing", async ({
  api,
  newPerson,
  mailFor,
  mailsTo,
}) => {
  const who = await newPerson();
  await mailFor(who.email);
  const sentence = "redirectURL is not on the list of allowed addresses";
  const redirectURL = "https://evil.example.com/";
  for (const { email, password } of [who, person()]) {
    expectRefusal(await api.post("/auth/login", { email, password, redirectURL }), 400, sentence);
    expectRefusal(await api.post("/password/forget", { email, redirectURL }), 400, sentence);
  }
  const query = new URLSearchParams({ email: who.email, redirectURL });
  expectRefusal(await api.post(`/password/forget?${query}`), 400, sentence);
  expect(await mailsTo(who.email)).toHaveLength(1);
});

test("the address mails lead to is never taken from the request", async ({ api, server, mailFor }) => {
  const { email, password } = person();
  const forged = {
    "x-forwarded-host": "evil.example.com",
    "x-forwarded-proto": "https",
    forwarded: "host=evil.example.com",
  };
  await api.post("/auth/signup", { email, password }, forged);
  expect((await mailFor(email)).link?.startsWith(`${server.origin}/verify-email?`)).toBe(true);
});
