import { aJwt, expectAnswer, expectRefusal } from "#e2e/fixtures/answers.ts";
import { bearer, expect, logIn, test } from "#e2e/fixtures/member.ts";
import { accountOf, change, row } from "#e2e/fixtures/store.ts";

const EXPIRED = "Session expired or token is not valid";
const PAIR = { accessToken: aJwt, refreshToken: aJwt };

test("me tells the account's holder who they are, and nothing secret", async ({ api, newMember, server }) => {
  const who = await newMember();
  const { id, sub } = await accountOf(server, who.email);
  const answer = await api.get("/api/auth/me", bearer(who.accessToken));
  expectAnswer(answer, 200, {
    id,
    sub,
    email: who.email,
    username: null,
    firstName: "",
    lastName: "",
    phoneNumber: "",
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
  const head = await api.call("HEAD", "/api/auth/me", undefined, bearer(who.accessToken));
  expect([head.status, head.text, head.headers.get("cache-control")]).toEqual([200, "", "no-store"]);
});

test("me takes the token from the Authorization header alone", async ({ api, newMember }) => {
  const { accessToken, refreshToken } = await newMember();
  const cookie = `latchkey_access=${accessToken}; latchkey_refresh=${refreshToken}; accessToken=${accessToken}`;
  for (const headers of [
    {},
    { cookie },
    { token: accessToken },
    { authorization: accessToken },
    { authorization: `Basic ${accessToken}` },
    { authorization: "Bearer" },
    { authorization: `Bearer ${accessToken} x` },
    { authorization: `Bearer "${accessToken}"` },
    { authorization: `Bearer ${accessToken}, Bearer ${accessToken}` },
  ])
    expectRefusal(await api.get("/auth/me", headers as Record<string, string>), 401, EXPIRED);
  expect((await api.get(`/auth/me?accessToken=${accessToken}&access_token=${accessToken}`)).status).toBe(401);
  expect((await api.get("/auth/me", { authorization: `bearer   ${accessToken}` })).status).toBe(200);
});

test("an access token lives for fifteen minutes, a refresh token for thirty days", async ({ newMember }) => {
  const { accessToken, refreshToken } = await newMember();
  const lifeOf = (token: string) => {
    const { iat, exp } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return exp - iat;
  };
  expect([lifeOf(accessToken), lifeOf(refreshToken)]).toEqual([15 * 60, 30 * 24 * 60 * 60]);
});

test("refreshing answers with a new pair, and both of its tokens work", async ({ api, newMember }) => {
  const who = await newMember();
  const answer = await api.post("/api/auth/refresh", { refreshToken: who.refreshToken });
  expectAnswer(answer, 200, PAIR);
  expect(answer.body.refreshToken).not.toBe(who.refreshToken);
  expect((await api.get("/auth/me", bearer(answer.body.accessToken))).body.email).toBe(who.email);
  expectAnswer(await api.post("/auth/refresh/", { refreshToken: answer.body.refreshToken }), 200, PAIR);
});

test("fifty parallel refreshes with one token get the same successor, byte for byte, by one rotation", async ({
  api,
  newMember,
  server,
}) => {
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => api.post("/auth/refresh", { refreshToken: who.refreshToken })),
  );
  for (const answer of answers) expectAnswer(answer, 200, PAIR);
  expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
  expect(await row(server, "select generation, ended_at from sessions where account_id = ?", id)).toEqual({
    generation: 1,
    ended_at: null,
  });
});

test("the token just replaced gets the same successor for ten seconds, and then ends the session", async ({
  api,
  newMember,
  server,
}) => {
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  const age = (ms: number) =>
    change(server, "update sessions set rotated_at = rotated_at - ? where account_id = ?", ms, id);
  const first = await api.post("/auth/refresh", { refreshToken: who.refreshToken });
  const second = await api.post("/auth/refresh", { refreshToken: who.refreshToken });
  expect(second.body.refreshToken).toBe(first.body.refreshToken);

  await age(5_000);
  const late = await api.post("/auth/refresh", { refreshToken: who.refreshToken });
  expectAnswer(late, 200, PAIR);

  await age(5_001);
  expectRefusal(await api.post("/auth/refresh", { refreshToken: who.refreshToken }), 403, EXPIRED);
  // The thief and the owner cannot be told apart: nobody goes on.
  expectRefusal(await api.post("/auth/refresh", { refreshToken: first.body.refreshToken }), 403, EXPIRED);
  expectRefusal(await api.get("/auth/me", bearer(first.body.accessToken)), 401, EXPIRED);
});

test("a token older than the one just replaced ends the session at once", async ({ api, newMember }) => {
  const who = await newMember();
  const first = (await api.post("/auth/refresh", { refreshToken: who.refreshToken })).body;
  const second = (await api.post("/auth/refresh", { refreshToken: first.refreshToken })).body;
  expectRefusal(await api.post("/auth/refresh", { refreshToken: who.refreshToken }), 403, EXPIRED);
  expectRefusal(await api.post("/auth/refresh", { refreshToken: second.refreshToken }), 403, EXPIRED);
});

test("the end of one session by reuse leaves the account's others alone", async ({ api, newMember }) => {
  const who = await newMember();
  const other = (await logIn(api, who)).body;
  const first = (await api.post("/auth/refresh", { refreshToken: who.refreshToken })).body;
  await api.post("/auth/refresh", { refreshToken: first.refreshToken });
  expect((await api.post("/auth/refresh", { refreshToken: who.refreshToken })).status).toBe(403);
  expect((await api.get("/auth/me", bearer(other.accessToken))).status).toBe(200);
});

test("every rotation gives the session another thirty days", async ({ api, newMember, server }) => {
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  const soon = Date.now() + 5_000;
  await change(server, "update sessions set expires_at = ? where account_id = ?", soon, id);
  await api.post("/auth/refresh", { refreshToken: who.refreshToken });
  const { expires_at } = await row<{ expires_at: number }>(
    server,
    "select expires_at from sessions where account_id = ?",
    id,
  );
  expect(expires_at - soon).toBeGreaterThan(29 * 24 * 60 * 60_000);
});

test("no use keeps a session longer than ninety days from its log-in", async ({ api, newMember, server }) => {
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  const session = () =>
    row<{ created_at: number; expires_at: number }>(server, "select * from sessions where account_id = ?", id);
  const day = 24 * 60 * 60_000;
  await change(server, "update sessions set created_at = created_at - ? where account_id = ?", 80 * day, id);
  const { body } = await api.post("/auth/refresh", { refreshToken: who.refreshToken });
  expect((await session()).expires_at).toBe((await session()).created_at + 90 * day);
  const { exp } = JSON.parse(Buffer.from(body.refreshToken.split(".")[1], "base64url").toString());
  expect(exp).toBe(Math.floor((await session()).expires_at / 1000));
  // Past its time it is over, whatever the row still says.
  await change(server, "update sessions set created_at = created_at - ? where account_id = ?", 11 * day, id);
  expectRefusal(await api.post("/auth/refresh", { refreshToken: body.refreshToken }), 403, EXPIRED);
});

test("a session that has expired opens to none of its tokens", async ({ api, newMember, server }) => {
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  await change(server, "update sessions set expires_at = ? where account_id = ?", Date.now() - 1, id);
  expectRefusal(await api.post("/auth/refresh", { refreshToken: who.refreshToken }), 403, EXPIRED);
  expectRefusal(await api.get("/auth/me", bearer(who.accessToken)), 401, EXPIRED);
});

test("logging out ends the session for both of its tokens, and only that session", async ({ api, newMember }) => {
  const who = await newMember();
  const other = (await logIn(api, who)).body;
  expectAnswer(await api.post("/api/auth/logout", { refreshToken: who.refreshToken }), 200, { message: "Logged out" });
  expectRefusal(await api.post("/auth/refresh", { refreshToken: who.refreshToken }), 403, EXPIRED);
  expectRefusal(await api.get("/auth/me", bearer(who.accessToken)), 401, EXPIRED);
  expect((await api.get("/auth/me", bearer(other.accessToken))).status).toBe(200);
  // Pressed twice, it is still logged out.
  expectAnswer(await api.post("/auth/logout/", { refreshToken: who.refreshToken }), 200, { message: "Logged out" });
});

test("a log-out with the token that was replaced before it ends the session all the same", async ({
  api,
  newMember,
}) => {
  const who = await newMember();
  const next = (await api.post("/auth/refresh", { refreshToken: who.refreshToken })).body;
  await api.post("/auth/logout", { refreshToken: who.refreshToken });
  expectRefusal(await api.post("/auth/refresh", { refreshToken: next.refreshToken }), 403, EXPIRED);
  expectRefusal(await api.get("/auth/me", bearer(next.accessToken)), 401, EXPIRED);
});

test("of refreshes and a log-out at the same moment none brings the session back", async ({ api, newMember }) => {
  const who = await newMember();
  const { refreshToken } = who;
  const refresh = () => api.post("/auth/refresh", { refreshToken });
  const answers = await Promise.all([
    ...Array.from({ length: 8 }, refresh),
    api.post("/auth/logout", { refreshToken }),
    ...Array.from({ length: 8 }, refresh),
  ]);
  for (const { body } of answers.filter(({ body }) => body.accessToken)) {
    expect((await api.get("/auth/me", bearer(body.accessToken))).status).toBe(401);
    expect((await api.post("/auth/refresh", { refreshToken: body.refreshToken })).status).toBe(403);
  }
});

test("an account that is deleted takes its sessions with it", async ({ api, newMember, server }) => {
  const who = await newMember();
  await change(server, "delete from accounts where email = ?", who.email);
  expectRefusal(await api.get("/auth/me", bearer(who.accessToken)), 401, EXPIRED);
  expectRefusal(await api.post("/auth/refresh", { refreshToken: who.refreshToken }), 403, EXPIRED);
});
