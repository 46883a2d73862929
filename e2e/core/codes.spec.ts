import { randomUUID } from "node:crypto";
import { request } from "node:http";
import type { Answer, Api } from "#e2e/fixtures/api.ts";
import {
  expect,
  from,
  logIn,
  type MailFor,
  type Person,
  person,
  poll,
  type RunningServer,
  test,
} from "#e2e/fixtures/member.ts";
import { accountOf, change, passCooldowns, row } from "#e2e/fixtures/store.ts";

const WRONG = "The code is wrong";
const DEAD = "The code is no longer valid. Ask for a new one";

/** Signs up through the users contract, which hands out a token that the mailed code is to be given with. */
async function signUp(api: Api, mailFor: MailFor): Promise<Person & { token: string; code: string; link: string }> {
  const who = person();
  const { status, text, body } = await api.post("/api/users/signUp", {
    first_name: "New",
    last_name: "Comer",
    phone_number: "",
    email: who.email,
    password: who.password,
  });
  if (status !== 200) throw new Error(`Expected 200, got ${status}: ${text}`);
  const { code, link } = await mailFor(who.email);
  return { ...who, token: body.session.token, code: code ?? "", link: link ?? "" };
}

const give = (api: Api, token: string, code: string): Promise<Answer> =>
  api.post("/api/users/verifyAuthorizationCode", { code }, { token });

/** A code that is not this one. */
const other = (code: string, n = 1): string => String((Number(code) + n) % 1_000_000).padStart(6, "0");

const verify = (api: Api, link: string): Promise<Answer> =>
  api.post("/verify", { authToken: new URL(link).searchParams.get("authToken") ?? "" });

test("the mailed code proves the address, once, and its link is used up with it", async ({ api, mailFor, server }) => {
  const { email, token, code, link } = await signUp(api, mailFor);
  const answer = await give(api, token, code);
  expect([answer.status, answer.body]).toEqual([200, (await accountOf(server, email)).id]);
  expect((await give(api, token, code)).status).toBe(400);
  expect((await verify(api, link)).status).toBe(403);
});

test("a code is read with the space people write it with", async ({ api, mailFor }) => {
  const { token, code } = await signUp(api, mailFor);
  expect((await give(api, token, ` ${code.slice(0, 3)} ${code.slice(3)} `)).status).toBe(200);
});

test("five wrong codes kill the code, and the link still works", async ({ api, mailFor }) => {
  const { token, code, link } = await signUp(api, mailFor);
  const said: string[] = [];
  for (let n = 1; n <= 5; n++) said.push((await give(api, token, other(code, n))).body.message);
  expect(said).toEqual([WRONG, WRONG, WRONG, WRONG, DEAD]);
  expect((await give(api, token, code)).body.message).toBe(DEAD);
  expect((await verify(api, link)).status).toBe(200);
});

test("of a hundred parallel guesses at a code exactly five are compared", async ({ api, mailFor, server }) => {
  const { email, token, code } = await signUp(api, mailFor);
  // From two addresses, since one may type sixty codes an hour.
  const callers = [from(server), from(server)];
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) => give(callers[n % 2] ?? api, token, other(code, n + 1))),
  );
  const compared = answers.filter(({ body }) => body.message === WRONG);
  expect(compared).toHaveLength(4);
  const { tries_left } = await row<{ tries_left: number }>(
    server,
    "select tries_left from challenges where account_id = ?",
    (await accountOf(server, email)).id,
  );
  expect(tries_left).toBe(0);
  expect((await give(api, token, code)).status).toBe(400);
});

test("from one address sixty codes an hour may be typed, whatever the account, at every door that takes one", async ({
  server,
  newMember,
}) => {
  const guesser = from(server);
  const member = await newMember();
  const reset = await guesser.post("/api/users/resetPassword", { email: member.email });
  const inert = { token: reset.body.session.token };
  const code = "000000";
  const password = "another good phrase";
  const doors = [
    () => guesser.post("/staging/auth_confirm", { username: person().email, confirm_code: code }),
    () =>
      guesser.post("/staging/confirm_code_forgot_password", {
        username: person().email,
        password,
        confirm_code: code,
      }),
    () => guesser.post("/api/users/verifyAuthorizationCode", { code }, { token: randomUUID() }),
    () => guesser.post("/api/users/updatePassword", { password, code }, inert),
  ];
  const statuses: (number | undefined)[] = [];
  // Twenty at once: of more from one address some would find no place with the password workers, and be told 503 uncounted.
  for (let round = 0; round < 4; round++)
    statuses.push(
      ...(await Promise.all(Array.from({ length: 20 }, async (_, n) => (await doors[n % doors.length]?.())?.status))),
    );
  expect(statuses).not.toContain(503);
  expect(statuses.filter((status) => status !== 429)).toHaveLength(60);
  for (const door of doors) expect((await door()).status).toBe(429);
  expect((await from(server).post("/api/users/updatePassword", { password, code }, inert)).status).toBe(400);
});

test("the fifth try may be the right one", async ({ api, mailFor }) => {
  const { token, code } = await signUp(api, mailFor);
  for (let n = 1; n <= 4; n++) await give(api, token, other(code, n));
  expect((await give(api, token, code)).status).toBe(200);
});

test("a try whose answer nobody waits for counts", async ({ api, mailFor, server, address }) => {
  const { email, token, code } = await signUp(api, mailFor);
  const { id } = await accountOf(server, email);
  const triesLeft = async () =>
    (await row<{ tries_left: number }>(server, "select tries_left from challenges where account_id = ?", id))
      .tries_left;
  for (let left = 4; left >= 0; left--) {
    abandon(server, address, token, other(code, left + 1));
    await poll(async () => (await triesLeft()) === left, { what: `the abandoned try to count (${left} left)` });
  }
  expect((await give(api, token, code)).body.message).toBe(DEAD);
});

test("fifteen wrong codes in a day end the account's codes for the day, newer ones too, but no link", async ({
  api,
  mailFor,
  server,
}) => {
  const who = await signUp(api, mailFor);
  const { id } = await accountOf(server, who.email);
  let mail = await mailFor(who.email);
  const askAgain = async () => {
    await passCooldowns(server, who.email);
    await logIn(api, who);
    mail = await mailFor(who.email, { after: mail });
  };
  for (const round of [1, 2, 3]) {
    for (let n = 1; n <= 5; n++) await give(api, who.token, other(mail.code ?? "", n));
    if (round < 3) await askAgain();
  }
  await askAgain();
  expect((await give(api, who.token, mail.code ?? "")).body.message).toBe(DEAD);
  expect(await row(server, "select count from limits where key = ?", `code-day:${id}`)).toEqual({ count: 15 });
  expect((await verify(api, mail.link ?? "")).status).toBe(200);
});

test("a code lives for ten minutes, and its link goes on", async ({ api, mailFor, server }) => {
  const { email, token, code, link } = await signUp(api, mailFor);
  const { id } = await accountOf(server, email);
  const times = await row<{ sent_at: number; code_expires_at: number }>(
    server,
    "select * from challenges where account_id = ?",
    id,
  );
  expect(times.code_expires_at - times.sent_at).toBe(10 * 60_000);
  await change(server, "update challenges set code_expires_at = ? where account_id = ?", Date.now() - 1, id);
  expect((await give(api, token, code)).body.message).toBe(DEAD);
  expect((await verify(api, link)).status).toBe(200);
});

test("a code of one purpose is nothing to the other", async ({ api, mailFor }) => {
  const { email, token, code } = await signUp(api, mailFor);
  const resetToken = (await api.post("/api/users/resetPassword", { email })).body.session.token;
  const resetCode = (await mailFor(email, { subject: /password/i })).code ?? "";
  if (code !== resetCode) {
    expect((await give(api, token, resetCode)).status).toBe(400);
    expect((await give(api, resetToken, code)).status).toBe(400);
  }
  expect((await give(api, resetToken, resetCode)).status).toBe(200);
});

test("a code of one account is nothing to another", async ({ api, mailFor, server }) => {
  const [mine, theirs] = [await signUp(api, mailFor), await signUp(api, mailFor)];
  if (mine.code !== theirs.code) expect((await give(api, theirs.token, mine.code)).status).toBe(400);
  expect((await accountOf(server, theirs.email)).status).toBe(0);
});

test("of link and code pressed at the same moment exactly one wins", async ({ api, mailFor }) => {
  const { token, code, link } = await signUp(api, mailFor);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, n) => (n % 2 ? give(api, token, code) : verify(api, link))),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test("a newer mail's code takes the older one's place, and the token goes on", async ({ api, mailFor, server }) => {
  const who = await signUp(api, mailFor);
  const first = await mailFor(who.email);
  await passCooldowns(server, who.email);
  await logIn(api, who);
  const second = await mailFor(who.email, { after: first });
  if (first.code !== second.code) expect((await give(api, who.token, first.code ?? "")).body.message).toBe(WRONG);
  expect((await give(api, who.token, second.code ?? "")).status).toBe(200);
});

/** Sends a code and hangs up as soon as it is sent. */
function abandon(server: RunningServer, address: string, token: string, code: string): void {
  const body = JSON.stringify({ code });
  const call = request(new URL("/api/users/verifyAuthorizationCode", server.url), {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "content-length": body.length,
      "x-forwarded-for": address,
      token,
    },
  });
  call.on("error", () => {});
  call.end(body, () => setImmediate(() => call.destroy()));
}
