import { expectTooMany, inEnvelope } from "#e2e/fixtures/answers.ts";
import { type Answer, api } from "#e2e/fixtures/api.ts";
import {
  clientAddress,
  clientNetwork,
  expect,
  logIn,
  type Person,
  person,
  type RunningServer,
  test,
} from "#e2e/fixtures/member.ts";
import { accountOf, change, row, rows } from "#e2e/fixtures/store.ts";
import { ACCESS, DEVICE, Visitor } from "#e2e/fixtures/visitor.ts";

/** Where whoever guesses in a test sits: each guess comes from another address of one network, so no address is shut. */
type Network = () => string;

const guess = (server: RunningServer, email: string, n: number, from: Network): Promise<Answer> =>
  logIn(api(server.url, { "x-forwarded-for": from() }), { email, password: `guess number ${n}` });

const guesses = (server: RunningServer, email: string, count: number, from: Network): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => guess(server, email, n, from)));

/** The account's counters of this kind that are shut now. */
const shut = async (server: RunningServer, limit: string, email: string): Promise<{ key: string }[]> =>
  rows(
    server,
    "select key from limits where key like ? and blocked_until > ?",
    `${limit}:${(await accountOf(server, email)).id}%`,
    Date.now(),
  );

/** Lets the wait of every shut count be over. */
const passWaits = async (server: RunningServer, from: Network): Promise<void> => {
  const site = from().replace(/\d+$/, "0/24");
  await change(server, "update limits set blocked_until = ? where key like ?", Date.now() - 1, `password%:${site}`);
};

const count = (answers: Answer[], status: number): number =>
  answers.filter((answer) => answer.status === status).length;

test("of a hundred parallel guesses from one network exactly ten are compared", async ({ newMember, server }) => {
  const [who, from] = [await newMember(), clientNetwork()];
  const answers = await guesses(server, who.email, 100, from);
  expect([count(answers, 400), count(answers, 429)]).toEqual([10, 90]);
  for (const answer of answers.filter(({ status }) => status === 429))
    expect(expectTooMany(answer)).toBeLessThanOrEqual(60);
  expect((await accountOf(server, who.email)).login_failed_count).toBe(10);
  // Not even the right one is compared now.
  expectTooMany(await logIn(api(server.url, { "x-forwarded-for": from() }), who));
});

test("of a hundred parallel guesses at an address nobody has exactly ten are compared", async ({ server }) => {
  const { email } = person();
  const answers = await guesses(server, email, 100, clientNetwork());
  expect([count(answers, 404), count(answers, 429)]).toEqual([10, 90]);
  // What strangers type is not kept, an address least of all.
  expect(await rows(server, "select key from limits where key like ?", `%${email}%`)).toEqual([]);
});

test("each further wrong password doubles the wait, up to fifteen minutes", async ({ newMember, server }) => {
  const [who, from] = [await newMember(), clientNetwork()];
  await guesses(server, who.email, 10, from);
  for (const minutes of [1, 2, 4, 8, 15, 15]) {
    const wait = expectTooMany(await guess(server, who.email, 0, from));
    expect(wait).toBeLessThanOrEqual(minutes * 60);
    expect(wait).toBeGreaterThan(minutes * 60 - 20);
    // The wait is over; of a burst then exactly one guess is compared.
    await passWaits(server, from);
    const burst = await guesses(server, who.email, 8, from);
    expect([count(burst, 400), count(burst, 429)]).toEqual([1, 7]);
  }
});

test("after the wait the right password opens the account and clears the count", async ({ newMember, server }) => {
  const [who, from] = [await newMember(), clientNetwork()];
  await guesses(server, who.email, 10, from);
  await passWaits(server, from);
  expect((await logIn(api(server.url, { "x-forwarded-for": from() }), who)).status).toBe(200);
  expect(
    await rows(
      server,
      "select * from limits where key like ?",
      `password:${(await accountOf(server, who.email)).id}:%`,
    ),
  ).toEqual([]);
  expect((await accountOf(server, who.email)).login_failed_count).toBe(0);
  expect(count(await guesses(server, who.email, 12, from), 400)).toBe(10);
});

test("wrong passwords of more than fifteen minutes ago are forgotten", async ({ newMember, server }) => {
  const [who, from] = [await newMember(), clientNetwork()];
  await guesses(server, who.email, 9, from);
  const site = from().replace(/\d+$/, "0/24");
  const { resets_at } = await row<{ resets_at: number }>(
    server,
    "select resets_at from limits where key like ?",
    `password:%:${site}`,
  );
  expect(resets_at - Date.now()).toBeGreaterThan(14 * 60_000);
  expect(resets_at - Date.now()).toBeLessThanOrEqual(15 * 60_000);
  await change(server, "update limits set resets_at = ? where key like ?", Date.now() - 1, `password%:${site}`);
  expect(count(await guesses(server, who.email, 12, from), 400)).toBe(10);
});

test("a stranger who guesses shuts out nobody who is elsewhere", async ({ newMember, server }) => {
  const who = await newMember();
  await guesses(server, who.email, 40, clientNetwork());
  expect((await logIn(api(server.url, { "x-forwarded-for": clientAddress() }), who)).status).toBe(200);
});

test("after a hundred guesses a day only places known to the account may try on", async ({
  newMember,
  server,
  api: known,
  linkToken,
}) => {
  const who = await newMember();
  const answers = [];
  for (let n = 0; n < 12; n++) answers.push(...(await guesses(server, who.email, 10, clientNetwork())));
  expect([count(answers, 400), count(answers, 429)]).toEqual([100, 20]);
  const stranger = api(server.url, { "x-forwarded-for": clientAddress() });
  expectTooMany(await logIn(stranger, who));
  // Where the account was made and proved, its owner has a count of their own.
  expect((await logIn(known, who)).status).toBe(200);
  expect(await shut(server, "password-day", who.email)).toHaveLength(1);

  await known.post("/password/forget", { email: who.email });
  await known.post("/password/reset", { authToken: await linkToken(who.email, /password/i), password: "a new phrase" });
  expect((await logIn(stranger, { ...who, password: "a new phrase" })).status).toBe(200);
});

test("an address nobody has is shut after a hundred guesses a day, like any other", async ({ server }) => {
  const { email } = person();
  const answers = [];
  for (let n = 0; n < 11; n++) answers.push(...(await guesses(server, email, 10, clientNetwork())));
  expect([count(answers, 404), count(answers, 429)]).toEqual([100, 10]);
});

test("sixteen right log-ins at once are all let in", async ({ newMember, server }) => {
  const [who, from] = [await newMember(), clientNetwork()];
  for (let round = 0; round < 5; round++) {
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => logIn(api(server.url, { "x-forwarded-for": from() }), who)),
    );
    expect(count(answers, 200), `round ${round}`).toBe(16);
  }
});

test("name and address of one account share their guesses, and do not show it", async ({ server, mailFor }) => {
  const [who, from] = [person(), clientNetwork()];
  const caller = () => api(server.url, { "x-forwarded-for": from() });
  const flatLogIn = (username: string, password: string) => caller().post("/api/user_login", { username, password });
  await caller().post("/api/user_signup", who);
  await caller().post("/api/auth_confirm", { username: who.username, confirm_code: (await mailFor(who.email)).code });
  for (let n = 0; n < 10; n++) expect((await flatLogIn(who.username, `guess number ${n}`)).status).toBe(401);
  expectTooMany(await flatLogIn(who.username, who.password), inEnvelope);
  // By the other name nothing is compared either, and the answer is that of any wrong password.
  const hidden = await flatLogIn(who.email, who.password);
  const stranger = await flatLogIn(person().email, who.password);
  expect([hidden.status, hidden.body]).toEqual([stranger.status, stranger.body]);
});

test("guesses through every door count together", async ({ newMember, server, api, address }) => {
  const who = await newMember();
  const visitor = new Visitor(server.url, { "x-forwarded-for": address });
  const wrong = (n: number) => ({ email: who.email, password: `guess number ${n}` });
  const doors = [
    (n: number) => api.post("/auth/login", wrong(n)),
    (n: number) => api.post("/api/users/login", wrong(n)),
    (n: number) => api.post("/api/user_login", { username: who.email, password: `guess number ${n}` }),
    (n: number) => visitor.submit("/login", "Log in", wrong(n)),
  ] as const;
  for (let n = 0; n < 10; n++) await doors[n % doors.length]?.(n);
  for (const door of doors.slice(0, 3)) expect(((await door(99)) as Answer).status).toBe(429);
  await visitor.submit("/login", "Log in", { email: who.email, password: who.password });
  expect(visitor.cookies.has(ACCESS)).toBe(false);
});

test("a browser that has logged in before is not shut out by strangers", async ({ newMember, server }) => {
  const who = await newMember();
  const known = new Visitor(server.url, { "x-forwarded-for": clientAddress() });
  const enter = (password: string) => known.submit("/login", "Log in", { email: who.email, password });
  await enter(who.password);
  await known.submit("/account", "Log out");
  expect([known.cookies.has(ACCESS), known.cookies.has(DEVICE)]).toEqual([false, true]);
  await guessAllDay(server, who.email);

  const stranger = new Visitor(server.url, { "x-forwarded-for": clientAddress() });
  await stranger.submit("/login", "Log in", { email: who.email, password: who.password });
  expect(stranger.cookies.has(ACCESS)).toBe(false);
  await enter(who.password);
  expect(known.cookies.has(ACCESS)).toBe(true);
});

test("a known browser has ten guesses of its own, and no more", async ({ newMember, server, linkToken, api }) => {
  const who = await newMember();
  const known = new Visitor(server.url, { "x-forwarded-for": clientAddress() });
  const enter = (password: string) => known.submit("/login", "Log in", { email: who.email, password });
  await enter(who.password);
  await known.submit("/account", "Log out");
  for (let n = 0; n < 10; n++) await enter(`guess number ${n}`);
  await enter(who.password);
  expect(known.cookies.has(ACCESS)).toBe(false);
  // Elsewhere the account is as open as before.
  expect((await logIn(api, who)).status).toBe(200);

  // A reset opens it for the known browser as well.
  await api.post("/password/forget", { email: who.email });
  await api.post("/password/reset", { authToken: await linkToken(who.email, /password/i), password: "a new phrase" });
  await enter("a new phrase");
  expect(known.cookies.has(ACCESS)).toBe(true);
});

test("a browser known to one account is a stranger to every other", async ({ newMember, server }) => {
  const [mine, other] = [await newMember(), await newMember()];
  const known = new Visitor(server.url, { "x-forwarded-for": clientAddress() });
  const enter = (email: string, password: string) => known.submit("/login", "Log in", { email, password });
  await enter(mine.email, mine.password);
  await known.submit("/account", "Log out");
  await guessAllDay(server, other.email);
  await enter(other.email, other.password);
  expect(known.cookies.has(ACCESS)).toBe(false);
});

test("an altered device cookie buys no guesses", async ({ newMember, server }) => {
  const who = await newMember();
  const known = new Visitor(server.url, { "x-forwarded-for": clientAddress() });
  await known.submit("/login", "Log in", { email: who.email, password: who.password });
  await known.submit("/account", "Log out");
  await guessAllDay(server, who.email);
  const [head = "", body = "", mac = ""] = (known.cookies.get(DEVICE) ?? "").split(".");
  const claims = JSON.parse(Buffer.from(body, "base64url").toString());
  const altered = Buffer.from(JSON.stringify({ ...claims, jti: "another" })).toString("base64url");
  const none = Buffer.from(JSON.stringify({ alg: "none", typ: "device+jwt" })).toString("base64url");
  for (const value of [`${head}.${altered}.${mac}`, `${none}.${altered}.`, "x", ""]) {
    // From elsewhere: the network of a log-in is known too.
    const forger = new Visitor(server.url, { "x-forwarded-for": clientAddress() });
    forger.cookies.set(DEVICE, value);
    await forger.submit("/login", "Log in", { email: who.email, password: who.password });
    expect(forger.cookies.has(ACCESS)).toBe(false);
  }
});

/** So many wrong passwords that for a day only places known to the account may try. */
async function guessAllDay(server: RunningServer, email: string): Promise<void> {
  for (let n = 0; n < 10; n++) await guesses(server, email, 10, clientNetwork());
}

/** A browser from which this person has logged in and out again. */
async function knownBrowser(server: RunningServer, who: Pick<Person, "email" | "password">): Promise<Visitor> {
  const browser = new Visitor(server.url, { "x-forwarded-for": clientAddress() });
  expect(await entersWith(browser, who)).toBe(true);
  await browser.submit("/account", "Log out");
  return browser;
}

/** Whether the browser gets in, from a network that nobody has seen it in: so that only the browser itself is known. */
async function entersWith(before: Visitor, { email, password }: Pick<Person, "email" | "password">): Promise<boolean> {
  const browser = before.twin({ "x-forwarded-for": clientAddress() });
  await browser.submit("/login", "Log in", { email, password });
  before.cookies.clear();
  for (const [name, value] of browser.cookies) before.cookies.set(name, value);
  return browser.cookies.has(ACCESS);
}

test("at most ten browsers of an account count for themselves, those of the last log-ins", async ({
  newMember,
  server,
}) => {
  const who = await newMember();
  const browsers: Visitor[] = [];
  for (let n = 0; n < 12; n++) browsers.push(await knownBrowser(server, who));
  await guessAllDay(server, who.email);
  const entered = [];
  for (const browser of browsers) entered.push(await entersWith(browser, who));
  expect(entered).toEqual([...Array(2).fill(false), ...Array(10).fill(true)]);
});

test("a reset makes a stranger of every known browser", async ({ newMember, server, api, linkToken }) => {
  const who = await newMember();
  const [before, other] = [await knownBrowser(server, who), await knownBrowser(server, who)];
  await api.post("/password/forget", { email: who.email });
  const reset = { email: who.email, password: "a wholly new phrase" };
  const token = await linkToken(who.email, /password/i);
  await other.submit(`/reset-password?authToken=${token}`, "Set new password", { password: reset.password });
  await other.submit("/account", "Log out");
  await guessAllDay(server, who.email);
  expect(await entersWith(before, reset)).toBe(false);
  // The one in which the new password was set is known under it.
  expect(await entersWith(other, reset)).toBe(true);
});

test("a browser in which the password is changed stays known, and the others do not", async ({ newMember, server }) => {
  const who = await newMember();
  const [mine, lost] = [await knownBrowser(server, who), await knownBrowser(server, who)];
  const changed = { email: who.email, password: "a wholly new phrase" };
  await entersWith(mine, who);
  await mine.submit("/account/password", "Change password", {
    currentPassword: who.password,
    newPassword: changed.password,
  });
  await mine.submit("/account", "Log out");
  await guessAllDay(server, who.email);
  expect([await entersWith(lost, changed), await entersWith(mine, changed)]).toEqual([false, true]);
});

test("a browser is known for 180 days from its last log-in", async ({ newMember, server }) => {
  const who = await newMember();
  const known = await knownBrowser(server, who);
  const claims = JSON.parse(Buffer.from((known.cookies.get(DEVICE) ?? "").split(".")[1] ?? "", "base64url").toString());
  expect(claims.exp - claims.iat).toBe(180 * 24 * 60 * 60);
  await guessAllDay(server, who.email);
  const day = 24 * 60 * 60_000;
  const ages = async (days: number) =>
    change(
      server,
      "update known_browsers set last_seen_at = ? where account_id = ?",
      Date.now() - days * day,
      (await accountOf(server, who.email)).id,
    );
  await ages(181);
  expect(await entersWith(known.twin(), who)).toBe(false);
  await ages(179);
  expect(await entersWith(known, who)).toBe(true);
});
