import { addApp } from "#e2e/fixtures/authenticator.ts";
import { doorsOf, visitorOf } from "#e2e/fixtures/doors.ts";
import { type Event, eventsOf, kindsOf } from "#e2e/fixtures/events.ts";
import { flatApi, test } from "#e2e/fixtures/flat.ts";
import {
  type Api,
  api as apiOf,
  bearer,
  clientAddress,
  clientNetwork,
  expect,
  logIn,
  type MailFor,
  type Member,
  person,
  poll,
  type RunningServer,
} from "#e2e/fixtures/member.ts";
import { accountOf, change, isPostgres, passCooldowns, rows, runScript } from "#e2e/fixtures/store.ts";
import { trailOf } from "#e2e/fixtures/trail.ts";
import { codeIn, usersApi } from "#e2e/fixtures/users.ts";
import { formsWith, Visitor } from "#e2e/fixtures/visitor.ts";

/** What happens to an account is written down with it: once, and never without it. */

type Means = { api: Api; server: RunningServer; mailFor: MailFor; who: Member };

/** Logged in by the page. */
async function loggedIn({ server, who }: Pick<Means, "server" | "who">): Promise<Visitor> {
  const visitor = visitorOf(server);
  await visitor.submit("/login", "Log in", { email: who.email, password: who.password });
  return visitor;
}

/** Whoever shall do it is got ready first; what that leaves does not count. */
type Act = {
  name: string;
  ready?: (means: Means) => Promise<unknown>;
  act: (means: Means, ready: never) => Promise<unknown>;
  leaves: Partial<Event>[];
};

function act<Ready>(
  name: string,
  ready: (means: Means) => Promise<Ready>,
  doIt: (means: Means, ready: Ready) => Promise<unknown>,
  ...leaves: Partial<Event>[]
): Act {
  return { name, ready, act: doIt as Act["act"], leaves };
}

const nothing = async () => {};
const NEW = "nine quiet herons by dusk";

const ACTS: Act[] = [
  act("a log-in by the page", nothing, loggedIn, { kind: "log_in", door: "pages" }),
  ...(["auth", "users", "flat"] as const).map((door) =>
    act(
      `a log-in by the ${door} contract`,
      nothing,
      (means) => doorsOf(means)[`the ${door} contract`].logIn(means.who),
      { kind: "log_in", door },
    ),
  ),
  act("a wrong password", nothing, ({ api, who }) => logIn(api, { ...who, password: "not the one" }), {
    kind: "log_in_refused",
    door: "auth",
    details: '{"reason":"wrong_password"}',
  }),
  act("a log-out by the page", loggedIn, (_, visitor) => visitor.submit("/account", "Log out"), {
    kind: "session_ended",
    door: "pages",
  }),
  act("a log-out everywhere", loggedIn, (_, visitor) => visitor.submit("/account", "Log out everywhere"), {
    kind: "session_ended",
    session_id: null,
  }),
  act(
    "a log-out of another device",
    loggedIn,
    async (_, visitor) => {
      const other = formsWith("", (await visitor.open("/account/sessions")).html).find((fields) => "session" in fields);
      await visitor.post("/account/sessions", other ?? {});
    },
    { kind: "session_ended" },
  ),
  act(
    "a log-out by the auth contract",
    nothing,
    ({ api, who }) => api.post("/auth/logout", { refreshToken: who.refreshToken }),
    { kind: "session_ended", door: "auth" },
  ),
  act(
    "a log-out by the users contract",
    async ({ api, who }) => (await usersApi(api).logIn(who)).body.session.token as string,
    ({ api }, token) => usersApi(api).logOut(token),
    { kind: "session_ended", door: "users" },
  ),
  act(
    "a refresh token used again",
    async ({ api, who, server }) => {
      await api.post("/auth/refresh", { refreshToken: who.refreshToken });
      await change(
        server,
        "update sessions set rotated_at = rotated_at - 60000 where account_id = ?",
        (await accountOf(server, who.email)).id,
      );
    },
    ({ api, who }) => api.post("/auth/refresh", { refreshToken: who.refreshToken }),
    { kind: "token_reused", door: "auth" },
  ),
  act(
    "a request for a reset",
    ({ server, who }) => passCooldowns(server, who.email),
    ({ api, who }) => api.post("/password/forget", { email: who.email }),
    { kind: "reset_requested", door: "auth" },
  ),
  act(
    "a reset",
    async ({ api, server, who, mailFor }) => {
      await passCooldowns(server, who.email);
      await flatApi(api).forgot(who.email);
      return codeIn(await mailFor(who.email, { subject: /password/i }));
    },
    ({ api, who }, code) => flatApi(api).setPassword(who.email, NEW, code),
    { kind: "reset_done", door: "flat" },
  ),
  act(
    "a change of the password",
    loggedIn,
    ({ who }, visitor) =>
      visitor.submit("/account/password", "Change password", { currentPassword: who.password, newPassword: NEW }),
    { kind: "password_changed", door: "pages" },
  ),
  act(
    "an app for codes",
    nothing,
    ({ server, who }) => addApp(server, who),
    { kind: "log_in" },
    { kind: "factor_added", details: '{"factor":"authenticator"}' },
  ),
  act(
    "new recovery codes",
    ({ server, who }) => addApp(server, who),
    (_, { visitor }) => visitor.submit("/account/security", "Make new recovery codes"),
    { kind: "recovery_codes_made" },
  ),
  act(
    "the app taken away",
    ({ server, who }) => addApp(server, who),
    (_, { visitor }) => visitor.submit("/account/security/app/remove", "Remove the app"),
    { kind: "factor_removed" },
  ),
  act(
    "a log-in that stops where a code is asked for",
    ({ server, who }) => addApp(server, who),
    ({ api, who }) => logIn(api, who),
    { kind: "log_in_refused", details: '{"reason":"second_factor_needed"}' },
  ),
  act(
    "a wrong code beside a right password",
    ({ server, who }) => addApp(server, who),
    ({ api, who }) => api.post("/auth/login", who, { "x-latchkey-otp": "000000" }),
    { kind: "second_factor_refused", door: "auth" },
  ),
  act(
    "a log-in with a recovery code",
    ({ server, who }) => addApp(server, who),
    ({ api, who }, { recoveryCodes }) => api.post("/auth/login", who, { "x-latchkey-otp": recoveryCodes[0] ?? "" }),
    { kind: "recovery_code_used" },
    { kind: "log_in" },
  ),
  act(
    "a browser that is to be trusted, and no longer",
    async ({ server, who }) => ({ app: await addApp(server, who), visitor: await loggedIn({ server, who }) }),
    async (_, { app, visitor }) => {
      await visitor.submit("/login/code", "Log in", { otp: await app.code(), trust: "yes" });
      const forget = formsWith("", (await visitor.open("/account/security")).html).find((form) => "browser" in form);
      await visitor.post("/account/security", forget ?? {});
    },
    { kind: "log_in" },
    { kind: "browser_trusted" },
    { kind: "browser_distrusted" },
  ),
  act(
    "an app password, made and removed",
    loggedIn,
    async (_, visitor) => {
      await visitor.submit("/account/security/app-passwords/new", "Make the app password", {
        name: "scanner",
        door: "auth",
      });
      const form = formsWith("", (await visitor.open("/account/security")).html).find((fields) => "id" in fields);
      await visitor.post("/account/security", form ?? {});
    },
    { kind: "app_password_made", door: "auth" },
    { kind: "app_password_removed", door: "pages" },
  ),
  act(
    "an invitation",
    loggedIn,
    (_, visitor) => visitor.submit("/invite", "Send the invitation", { email: person().email }),
    { kind: "invitation_sent", door: "pages" },
  ),
  act(
    "an invitation that a stranger sends in one’s name",
    nothing,
    async ({ server, who }) => {
      const before = (await eventsOf(server, who.email)).length;
      await flatApi(apiOf(server.url)).invite(who.email, person().email);
      await poll(async () => (await eventsOf(server, who.email)).length > before, { what: "its turn" });
    },
    { kind: "invitation_sent", door: null, network: null },
  ),
];

for (const { name, ready, act: doIt, leaves } of ACTS)
  test(`${name} leaves ${leaves.length === 1 ? "one row" : `${leaves.length} rows`}`, async ({
    api,
    server,
    mailFor,
    newMember,
  }) => {
    const means = { api, server, mailFor, who: await newMember() };
    const at = (await ready?.(means)) as never;
    const before = (await eventsOf(server, means.who.email)).length;
    await doIt(means, at);
    const left = (await eventsOf(server, means.who.email)).slice(before);
    expect(left).toEqual(leaves.map((one) => expect.objectContaining(one)));
    const trail = (await trailOf(server, means.who.email)).slice(before);
    expect(trail, "and the same in the audit trail").toEqual(
      left.map(({ id: _, ...event }) => expect.objectContaining({ ...event, actor: null })),
    );
    const lines = new Set(server.log().map(({ id }) => id));
    for (const { request_id, door } of left) if (door !== null) expect(lines).toContain(request_id);
  });

test("from the sign-up on each step is written down, with browser, network, door, session and request", async ({
  server,
  mailFor,
}) => {
  const network = clientNetwork();
  const agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
  const visitor = new Visitor(server.url, { "x-forwarded-for": network(), "user-agent": agent });
  const who = person();
  await visitor.submit("/sign-up", "Create account", { email: who.email, password: who.password });
  const { pathname, search } = new URL((await mailFor(who.email)).link ?? "");
  await visitor.submit(pathname + search, "Confirm this address");
  const events = await eventsOf(server, who.email);
  expect(events.map(({ kind }) => kind)).toEqual(["sign_up", "address_verified", "log_in"]);
  for (const event of events)
    expect(event).toMatchObject({
      browser: "Firefox on Windows",
      network: network().replace(/\d+$/, "0/24"),
      door: "pages",
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  const { id } = await accountOf(server, who.email);
  const [session] = await rows<{ id: string }>(server, "select id from sessions where account_id = ?", id);
  expect(events[2]?.session_id).toBe(session?.id);
  expect(JSON.parse(events[2]?.details ?? "")).toEqual({ proof: "mail", known: false });
});

test("refreshing and checking tokens leave nothing", async ({ api, server, newMember }) => {
  const who = await newMember();
  const before = await kindsOf(server, who.email);
  let { refreshToken, accessToken } = who;
  for (let n = 0; n < 3; n++) {
    ({ refreshToken, accessToken } = (await api.post("/auth/refresh", { refreshToken })).body);
    expect((await api.get("/auth/me", bearer(accessToken))).status).toBe(200);
    expect((await usersApi(api).whose(accessToken)).status).toBe(200);
  }
  expect(await kindsOf(server, who.email)).toEqual(before);
});

test("a stranger who guesses all day leaves twenty rows, and none of what they typed", async ({
  server,
  newMember,
}) => {
  const who = await newMember();
  const before = (await eventsOf(server, who.email)).length;
  for (let n = 0; n < 30; n++) {
    const elsewhere = apiOf(server.url, { "x-forwarded-for": clientAddress() });
    await logIn(elsewhere, { email: who.email, password: `guess number ${n}` });
  }
  const left = (await eventsOf(server, who.email)).slice(before);
  expect(left.map(({ kind }) => kind)).toEqual(Array(20).fill("log_in_refused"));
  expect(JSON.stringify(left)).not.toMatch(/guess|@/);
  // Each is in the log all the same.
  const { sub } = await accountOf(server, who.email);
  const lines = server.log().filter(({ event, account }) => event === "log_in_refused" && account === sub);
  expect(lines).toHaveLength(30);
});

test("of 64 reuses of one refresh token at once one is written down", async ({ api, server, newMember }) => {
  const who = await newMember();
  await api.post("/auth/refresh", { refreshToken: who.refreshToken });
  const { id } = await accountOf(server, who.email);
  await change(server, "update sessions set rotated_at = rotated_at - 60000 where account_id = ?", id);
  await Promise.all(Array.from({ length: 64 }, () => api.post("/auth/refresh", { refreshToken: who.refreshToken })));
  expect((await kindsOf(server, who.email)).filter((kind) => kind === "token_reused")).toHaveLength(1);
});

/** As if the server ended between the act and its record: the store refuses the rows of this account. */
async function refuseRecords(server: RunningServer, table: "events" | "trail", accountId: number): Promise<void> {
  const name = `refuse_${table}_${accountId}`;
  await runScript(
    server,
    isPostgres(server)
      ? `create or replace function refuse_record() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
         create trigger ${name} before insert on ${table} for each row when (new.account_id = ${accountId})
         execute function refuse_record()`
      : `create trigger ${name} before insert on ${table} when new.account_id = ${accountId}
         begin select raise(abort, 'no'); end`,
  );
}

for (const table of ["events", "trail"] as const)
  test(`what cannot be written down in ${table} does not happen: neither a log-in, a new password, nor a log-out`, async ({
    api,
    server,
    newMember,
  }) => {
    const who = await newMember();
    const visitor = await loggedIn({ server, who });
    const { id, password_hash } = await accountOf(server, who.email);
    const form = await visitor.form("/account/password", "Change password");
    const stored = async () => [
      await rows(server, "select id, ended_at from sessions where account_id = ? order by id", id),
      await rows(server, "select id from outbox where account_id = ? and template = 'password-changed'", id),
    ];
    const before = await stored();
    await refuseRecords(server, table, id);
    expect((await logIn(api, who)).status).toBe(500);
    const words = { currentPassword: who.password, newPassword: NEW };
    expect((await visitor.post("/account/password", { ...form, ...words })).html).toContain("Something went wrong");
    expect((await api.post("/auth/logout", { refreshToken: who.refreshToken })).status).toBe(500);
    expect(await stored()).toEqual(before);
    expect((await accountOf(server, who.email)).password_hash).toBe(password_hash);
  });
