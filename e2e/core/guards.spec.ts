import { type Answer, api } from "#e2e/fixtures/api.ts";
import {
  clientAddress,
  expect,
  logIn,
  type Member,
  person,
  poll,
  type RunningServer,
  test,
} from "#e2e/fixtures/member.ts";
import { accountOf, change, rows } from "#e2e/fixtures/store.ts";
import { ACCESS, Visitor } from "#e2e/fixtures/visitor.ts";

// What the product runs with: between reading a hash and acting on it lie 75 ms and more, in which somebody else acts.
test.use({ serverSettings: { BCRYPT_COST: "10" } });

const ROUNDS = 6;
const NEW = "nine quiet herons by dusk";
const THIEFS = "a thief has chosen this one";

/** Somebody with the password, each time from elsewhere. */
const logInFromElsewhere = (server: RunningServer, who: { email: string; password: string }): Promise<Answer> =>
  logIn(api(server.url, { "x-forwarded-for": clientAddress() }), who);

/** Logs in again and again, in four lanes, until `work` is done and every log-in that was under way then is answered. */
async function whileLoggingIn<T>(server: RunningServer, who: Member, work: () => Promise<T>): Promise<T> {
  let isDone = false;
  const lane = async () => {
    while (!isDone) await logInFromElsewhere(server, who);
  };
  const lanes = [lane(), lane(), lane(), lane()];
  const result = await work().finally(() => {
    isDone = true;
  });
  await Promise.all(lanes);
  return result;
}

const liveSessions = async (server: RunningServer, { email }: Member) =>
  rows<{ id: string; kind: string }>(
    server,
    "select id, kind from sessions where account_id = ? and ended_at is null",
    (await accountOf(server, email)).id,
  );

async function loggedIn(server: RunningServer, { email, password }: Member): Promise<Visitor> {
  const visitor = new Visitor(server.url, { "x-forwarded-for": clientAddress() });
  await visitor.submit("/login", "Log in", { email, password });
  expect(visitor.cookies.has(ACCESS)).toBe(true);
  return visitor;
}

/** Keeps the workers busy, so that what is asked next waits for its hash; resolves when all of it is done. */
const busyWorkers = (server: RunningServer, count = 16): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, () => logInFromElsewhere(server, person())));

test("no log-in under way with the old password outlives a reset", async ({ newMember, server, api, linkToken }) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const who = await newMember();
    await api.post("/password/forget", { email: who.email });
    const authToken = await linkToken(who.email, /password/i);
    const reset = await whileLoggingIn(server, who, () => api.post("/password/reset", { authToken, password: NEW }));
    expect(reset.status).toBe(200);
    expect(await liveSessions(server, who), `round ${round}`).toEqual([]);
  }
});

test("no log-in under way with the old password outlives a change of it", async ({ newMember, server }) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const who = await newMember();
    const owner = await loggedIn(server, who);
    const form = await owner.form("/account/password", "Change password");
    const values = { ...form, currentPassword: who.password, newPassword: NEW };
    const changed = await whileLoggingIn(server, who, () => owner.post("/account/password", values));
    expect(changed.status).toBe(303);
    expect(
      (await liveSessions(server, who)).map(({ kind }) => kind),
      `round ${round}`,
    ).toEqual(["pages"]);
  }
});

test("a change of password under way never overwrites the owner's reset", async ({
  newMember,
  server,
  api,
  linkToken,
}) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const who = await newMember();
    const thief = await loggedIn(server, who);
    const form = await thief.form("/account/password", "Change password");
    await api.post("/password/forget", { email: who.email });
    const authToken = await linkToken(who.email, /password/i);
    const [reset] = await Promise.all([
      api.post("/password/reset", { authToken, password: NEW }),
      thief.post("/account/password", { ...form, currentPassword: who.password, newPassword: THIEFS }),
    ]);
    // Where the change came first it ended the link, and the owner is told so.
    if (reset.status !== 200) continue;
    expect((await logInFromElsewhere(server, { ...who, password: NEW })).status, `round ${round}`).toBe(200);
    expect((await logInFromElsewhere(server, { ...who, password: THIEFS })).status).toBe(400);
  }
});

test("a session ended while its change of password was under way changes nothing", async ({ newMember, server }) => {
  const who = await newMember();
  const thief = await loggedIn(server, who);
  const form = await thief.form("/account/password", "Change password");
  const { id, password_hash } = await accountOf(server, who.email);
  const busy = busyWorkers(server);
  const changing = thief.post("/account/password", { ...form, currentPassword: who.password, newPassword: THIEFS });
  await poll(async () => (await rows(server, "select 1 from limits where key like ?", `password:${id}:%`)).length > 0, {
    what: "the change to be counted",
  });
  await change(server, "update sessions set ended_at = ? where account_id = ?", Date.now(), id);
  await changing;
  await busy;
  expect((await accountOf(server, who.email)).password_hash).toBe(password_hash);
});

test("an account blocked while a log-in was under way opens nothing", async ({ newMember, server }) => {
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  await change(server, "update sessions set ended_at = ? where account_id = ?", Date.now(), id);
  const busy = busyWorkers(server);
  const opening = logInFromElsewhere(server, who);
  await poll(async () => (await rows(server, "select 1 from limits where key like ?", `password:${id}%`)).length > 0, {
    what: "the log-in to be counted",
  });
  await change(server, "update accounts set status = 2 where id = ?", id);
  expect((await opening).status).toBe(403);
  await busy;
  expect(await liveSessions(server, who)).toEqual([]);
});

test("a right password whose hash is renewed by a log-in beside it still opens", async ({ newMember, server }) => {
  const who = await newMember();
  const { hash } = await import("bcryptjs");
  await change(
    server,
    "update accounts set password_hash = ? where email = ?",
    await hash(who.password, 10),
    who.email,
  );
  const answers = await Promise.all(Array.from({ length: 6 }, () => logInFromElsewhere(server, who)));
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
});

test("logging in as somebody else ends the session this browser came with", async ({ newMember, server }) => {
  const [first, second] = [await newMember(), await newMember()];
  const visitor = await loggedIn(server, first);
  const [before] = (await liveSessions(server, first)).filter(({ kind }) => kind === "pages");
  // The log-in page sends whoever is logged in on; a tab that was open since before does not.
  const form = await new Visitor(server.url).form("/login", "Log in");
  await visitor.post("/login", { ...form, email: second.email, password: second.password });
  expect((await liveSessions(server, first)).map(({ id }) => id)).not.toContain(before?.id);
  expect((await liveSessions(server, second)).filter(({ kind }) => kind === "pages")).toHaveLength(1);
});
