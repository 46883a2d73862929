import { aJwt, expectAnswer, expectRefusal } from "#e2e/fixtures/answers.ts";
import { bearer, expect, logIn, test, tokenIn } from "#e2e/fixtures/member.ts";
import { accountOf, change, passCooldowns } from "#e2e/fixtures/store.ts";

const EXPIRED = "Session expired or token is not valid";

test("the mailed link's token proves the address once, and answers with a token pair", async ({
  api,
  newPerson,
  linkToken,
  server,
}) => {
  const who = await newPerson();
  const authToken = await linkToken(who.email);
  const answer = await api.post("/verify", { authToken });
  expectAnswer(answer, 200, { accessToken: aJwt, refreshToken: aJwt });
  expect((await accountOf(server, who.email)).status).toBe(1);
  expect((await api.get("/auth/me", bearer(answer.body.accessToken))).body.email).toBe(who.email);
  expect((await logIn(api, who)).status).toBe(200);
  expectRefusal(await api.post("/verify", { authToken }), 403, EXPIRED);
});

test("of parallel uses of one link exactly one wins", async ({ api, newPerson, linkToken }) => {
  const who = await newPerson();
  const authToken = await linkToken(who.email);
  const answers = await Promise.all(Array.from({ length: 20 }, () => api.post("/verify", { authToken })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(403)]);
});

for (const method of ["GET", "HEAD", "OPTIONS"])
  test(`${method} uses no link up, however often a scanner opens it`, async ({ api, newPerson, linkToken }) => {
    const who = await newPerson();
    const authToken = await linkToken(who.email);
    for (const path of ["/verify", "/auth/verify", "/api/auth/verify/"])
      expect((await api.call(method, `${path}?authToken=${authToken}`)).status).toBe(method === "OPTIONS" ? 204 : 405);
    expect((await api.post("/verify", { authToken })).status).toBe(200);
  });

test("a link that has expired is refused", async ({ api, newPerson, linkToken, server }) => {
  const who = await newPerson();
  const authToken = await linkToken(who.email);
  const { id } = await accountOf(server, who.email);
  await change(server, "update challenges set link_expires_at = ? where account_id = ?", Date.now() - 1, id);
  expectRefusal(await api.post("/verify", { authToken }), 403, EXPIRED);
});

test("a link lives for 24 hours from when its mail went out", async ({ newPerson, linkToken, server }) => {
  const who = await newPerson();
  const began = Date.now();
  const claims = claimsOf(await linkToken(who.email));
  expect(claims.exp - claims.iat).toBe(24 * 60 * 60);
  expect(Math.abs(claims.iat * 1000 - began)).toBeLessThan(10_000);
  expect((await accountOf(server, who.email)).status).toBe(0);
});

test("a newer mail ends the older link", async ({ api, newPerson, mailFor, server }) => {
  const who = await newPerson();
  const first = await mailFor(who.email);
  await passCooldowns(server, who.email);
  await logIn(api, who);
  const second = await mailFor(who.email, { after: first });
  expectRefusal(await api.post("/verify", { authToken: tokenIn(first) }), 403, EXPIRED);
  expect((await api.post("/verify", { authToken: tokenIn(second) })).status).toBe(200);
});

test("the token of an account that is gone names the address", async ({ api, newPerson, linkToken, server }) => {
  const who = await newPerson();
  const authToken = await linkToken(who.email);
  await change(server, "delete from accounts where email = ?", who.email);
  expectRefusal(await api.post("/verify", { authToken }), 404, `Failed! No Account found with email ${who.email}`);
});

test("a blocked account is not opened by its link", async ({ api, newPerson, linkToken, server }) => {
  const who = await newPerson();
  const authToken = await linkToken(who.email);
  await change(server, "update accounts set status = 2 where email = ?", who.email);
  expectRefusal(await api.post("/verify", { authToken }), 403, "This account is blocked");
  expect((await accountOf(server, who.email)).status).toBe(2);
});

test("a token with one character changed is refused", async ({ api, newPerson, linkToken }) => {
  const who = await newPerson();
  const authToken = await linkToken(who.email);
  const parts = authToken.split(".");
  for (const part of [0, 1, 2]) {
    const middle = Math.floor((parts[part] ?? "").length / 2);
    const altered = parts.map((text, n) => (n === part ? swapped(text, middle) : text)).join(".");
    expectRefusal(await api.post("/verify", { authToken: altered }), 403, EXPIRED);
  }
  expect((await api.post("/verify", { authToken })).status).toBe(200);
});

const swapped = (text: string, at: number) => text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);

function claimsOf(token: string): { iat: number; exp: number } {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}
