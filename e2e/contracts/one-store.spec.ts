import { expectTooMany, inEnvelope } from "#e2e/fixtures/answers.ts";
import { api as apiAt } from "#e2e/fixtures/api.ts";
import { DOORS, type Door, type DoorName, doorsOf, type OpenSession, visitorOf } from "#e2e/fixtures/doors.ts";
import {
  test as base,
  clientNetwork,
  expect,
  flatApi,
  logIn,
  type Person,
  person,
  profile,
  usersApi,
} from "#e2e/fixtures/flat.ts";
import { accountOf, passCooldowns, rows } from "#e2e/fixtures/store.ts";
import { ACCESS, DEVICE, formsWith, formWith, Visitor } from "#e2e/fixtures/visitor.ts";

const test = base.extend<{ doors: Record<DoorName, Door> }>({
  doors: async ({ api, server, mailFor }, use) => use(doorsOf({ api, server, mailFor })),
});

const NEW = "another good phrase";

for (const first of DOORS)
  for (const second of DOORS)
    test(`who signed up through ${first} logs in, refreshes, logs out and resets through ${second}`, async ({
      doors,
      mailFor,
    }) => {
      const who = person();
      await doors[first].signUp(who);
      const door = doors[second];
      const session = await opened(door, who);
      expect(await session.isLive()).toBe(true);
      expect(await session.refresh()).toBe(true);
      expect(await session.isLive()).toBe(true);
      if (session.logOut) {
        await session.logOut();
        expect([await session.isLive(), await session.refresh()]).toEqual([false, false]);
      }

      const [others, own] = [await opened(doors[first], who), await opened(door, who)];
      const { setPassword } = await door.askReset(who);
      await setPassword(await mailFor(who.email, { subject: /reset/i }), NEW);
      expect([await others.isLive(), await own.isLive()]).toEqual([false, false]);
      for (const one of [doors[first], door]) {
        expect([one.name, await one.logIn(who)]).toEqual([one.name, false]);
        expect(await (await opened(one, { ...who, password: NEW })).isLive()).toBe(true);
      }
    });

for (const first of DOORS)
  test(`an address taken through ${first} is taken in every other`, async ({ api, doors, mailFor, server }) => {
    const who = person();
    await doors[first].signUp(who);
    const before = await mailFor(who.email);
    const again = { email: who.email.toUpperCase(), password: "a different phrase" };
    const refused = [
      await api.post("/auth/signup", again),
      await usersApi(api).signUp({ ...profile(), ...again }),
      await flatApi(api).signUp({ ...person(), ...again }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 409]);
    // The pages tell nobody but the owner, by mail.
    await passCooldowns(server, who.email);
    await visitorOf(server).submit("/sign-up", "Create account", again);
    expect((await mailFor(who.email, { after: before })).subject).toMatch(/already have/);
    expect(await rows(server, "select id from accounts where email = ?", who.email)).toHaveLength(1);
    for (const name of DOORS) expect([name, await doors[name].logIn({ ...who, ...again })]).toEqual([name, false]);
  });

test("a reset asked for through any door is finished by its link or its code through any other", async ({
  api,
  doors,
  newMember,
  mailFor,
}) => {
  const finish: Record<
    string,
    (mail: Awaited<ReturnType<typeof mailFor>>, who: Person) => Promise<{ status: number }>
  > = {
    link: (mail) =>
      api.post("/password/reset", { authToken: new URL(mail.link ?? "").searchParams.get("authToken"), password: NEW }),
    code: (mail, who) => flatApi(api).setPassword(who.email, NEW, mail.code ?? ""),
  };
  const pairs = DOORS.flatMap((name) => Object.entries(finish).map(([by, set]) => ({ name, by, set })));
  await Promise.all(
    pairs.map(async ({ name, by, set }) => {
      const who = await newMember();
      await doors[name].askReset(who);
      const mail = await mailFor(who.email, { subject: /reset/i });
      expect([name, by, (await set(mail, who)).status]).toEqual([name, by, 200]);
      expect((await logIn(api, { ...who, password: NEW })).status).toBe(200);
    }),
  );
});

/** The forms of the list of sessions that end one session each, whatever their button says. */
const sessionForms = ({ html }: { html: string }) => formsWith("", html).filter((form) => "session" in form);

test("one list shows the sessions of every door, and ends each of them alone", async ({ doors, newMember, server }) => {
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  const here = await signedIn(server, who);
  const sessions = await openAll(doors, who);
  // This browser's, the four of the doors, and the one that proving the address opened.
  const listed = async () => sessionForms(await here.open("/account/sessions")).map(({ session }) => session);
  expect(await listed()).toHaveLength(5);

  const kinds = {
    "the pages": "pages",
    "the auth contract": "auth",
    "the users contract": "users",
    "the flat contract": "flat",
  };
  for (const name of DOORS) {
    const [newest] = await rows<{ id: string }>(
      server,
      "select id from sessions where account_id = ? and kind = ? and ended_at is null order by created_at desc",
      id,
      kinds[name],
    );
    const forms = sessionForms(await here.open("/account/sessions"));
    await here.post("/account/sessions", forms.find(({ session }) => session === newest?.id) ?? {});
    expect([name, await sessions[name].isLive()]).toEqual([name, false]);
    const left = DOORS.slice(DOORS.indexOf(name) + 1);
    for (const other of left) expect([other, await sessions[other].isLive()]).toEqual([other, true]);
  }
  expect(await listed()).toHaveLength(1);
  expect((await here.open("/account")).status).toBe(200);
});

test("nobody ends a session of somebody else from the list", async ({ doors, newMember, server }) => {
  const [who, other] = [await newMember(), await newMember()];
  const here = await signedIn(server, who);
  const theirs = await openAll(doors, other);
  const [form] = sessionForms(await here.open("/account/sessions"));
  for (const { id } of await rows<{ id: string }>(
    server,
    "select sessions.id from sessions join accounts on accounts.id = account_id where email = ?",
    other.email,
  ))
    await here.post("/account/sessions", { ...form, session: id });
  for (const name of DOORS) expect([name, await theirs[name].isLive()]).toEqual([name, true]);
});

test("logging out everywhere ends every kind of token", async ({ doors, newMember, server }) => {
  const who = await newMember();
  const here = await signedIn(server, who);
  const twin = here.twin();
  const sessions = await openAll(doors, who);
  await here.submit("/account", "Log out everywhere");
  for (const name of DOORS)
    expect([name, await sessions[name].isLive(), await sessions[name].refresh()]).toEqual([name, false, false]);
  expect((await twin.open("/account")).status).toBe(307);
  expect(
    await rows(
      server,
      "select 1 from sessions where account_id = ? and ended_at is null",
      (await accountOf(server, who.email)).id,
    ),
  ).toEqual([]);
});

test("a password changed on the page ends what every other door had open, and a reset that was under way", async ({
  api,
  doors,
  newMember,
  codeFor,
  server,
}) => {
  const who = await newMember();
  const here = await signedIn(server, who);
  const sessions = await openAll(doors, who);
  const users = usersApi(api);
  const awakened = (await users.askReset(who.email)).body.session.token;
  await users.giveCode(awakened, await codeFor(who.email, /reset/i));
  await here.submit("/account/password", "Change password", { currentPassword: who.password, newPassword: NEW });
  for (const name of DOORS) expect([name, await sessions[name].isLive()]).toEqual([name, false]);
  expect((await users.setPassword(awakened, "the thief's phrase")).status).toBe(400);
  expect((await here.open("/account")).status).toBe(200);
  expect(await (await opened(doors["the flat contract"], { ...who, password: NEW })).isLive()).toBe(true);
});

test("of a hundred parallel guesses through mixed doors exactly ten are compared, and the owner still gets in", async ({
  newMember,
  server,
}) => {
  const who = await newMember();
  const owner = await signedIn(server, who);
  await owner.submit("/account", "Log out");
  expect([owner.cookies.has(ACCESS), owner.cookies.has(DEVICE)]).toEqual([false, true]);

  const form = formWith("Log in", (await visitorOf(server).open("/login")).html);
  const there = clientNetwork();
  const from = () => apiAt(server.url, { "x-forwarded-for": there() });
  const guesses = [
    (password: string) => logIn(from(), { ...who, password }),
    (password: string) => usersApi(from()).logIn({ ...who, password }),
    (password: string) => flatApi(from()).logIn({ username: who.email, password }),
    (password: string) =>
      new Visitor(server.url, { "x-forwarded-for": there() }).post("/login", { ...form, email: who.email, password }),
  ];
  const answers = await Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      const guess = guesses[n % guesses.length];
      return guess?.(`guess number ${n}`);
    }),
  );
  expect((await accountOf(server, who.email)).login_failed_count).toBe(10);
  const wasCompared = answers.filter((answer) => {
    if (!answer) return false;
    return "html" in answer ? !answer.html.includes("Too many tries") : answer.status !== 429;
  });
  expect(wasCompared).toHaveLength(10);

  // The right password from their network is not even compared; from anywhere else it is.
  expectTooMany(await logIn(from(), who));
  expectTooMany(await flatApi(from()).logIn({ ...who, username: who.email }), inEnvelope);
  const neighbour = new Visitor(server.url, { "x-forwarded-for": there() });
  await neighbour.submit("/login", "Log in", who);
  expect(neighbour.cookies.has(ACCESS)).toBe(false);
  await owner.submit("/login", "Log in", who);
  expect(owner.cookies.has(ACCESS)).toBe(true);
  // Which does not open the account to whoever was guessing.
  expectTooMany(await usersApi(from()).logIn(who));
});

async function opened(door: Door, who: Pick<Person, "email" | "password">): Promise<OpenSession> {
  const session = await door.logIn(who);
  if (!session) throw new Error(`No session through ${door.name}`);
  return session;
}

async function openAll(doors: Record<DoorName, Door>, who: Person): Promise<Record<DoorName, OpenSession>> {
  const all: Partial<Record<DoorName, OpenSession>> = {};
  for (const name of DOORS) all[name] = await opened(doors[name], who);
  return all as Record<DoorName, OpenSession>;
}

async function signedIn(server: Parameters<typeof visitorOf>[0], who: Person): Promise<Visitor> {
  const visitor = visitorOf(server);
  await visitor.submit("/login", "Log in", { email: who.email, password: who.password });
  return visitor;
}
