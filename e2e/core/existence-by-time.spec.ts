import { api as apiOf } from "#e2e/fixtures/api.ts";
import { clientAddress, expect, person, poll, type RunningServer, test } from "#e2e/fixtures/member.ts";
import { rankStatistic } from "#e2e/fixtures/rank.ts";
import { change, rows } from "#e2e/fixtures/store.ts";
import { Visitor } from "#e2e/fixtures/visitor.ts";

/** Who has an account must not show in how long an answer takes: what differs happens after it. */

test.use({ serverSettings: { HIDE_ACCOUNTS: "true" } });

/** Of each kind. By chance alone the statistic is then off by 0.04. */
const CALLS = 100;
const MARK = 0.12;

type Ask = (server: RunningServer, email: string) => Promise<unknown>;

const by =
  (path: string, field: string): Ask =>
  (server, email) =>
    apiOf(server.url, { "x-forwarded-for": clientAddress() }).post(path, { [field]: email });

const DOORS: [name: string, status: number, ask: Ask][] = [
  ["forget", 1, by("/auth/password/forget", "email")],
  ["resetPassword", 1, by("/api/users/resetPassword", "email")],
  ["forgot_password", 1, by("/api/forgot_password", "username")],
  ["resend_confirmcode", 0, by("/api/resend_confirmcode", "username")],
];

const guess =
  (path: string, more: object): Ask =>
  (server, email) =>
    apiOf(server.url, { "x-forwarded-for": clientAddress() }).post(path, { username: email, ...more });

const CODES: [name: string, status: number, ask: Ask][] = [
  ["auth_confirm", 0, guess("/api/auth_confirm", { confirm_code: "123456" })],
  [
    "confirm_code_forgot_password",
    1,
    guess("/api/confirm_code_forgot_password", { confirm_code: "123456", password: "a good long phrase" }),
  ],
];

for (const [name, status, ask] of [...DOORS, ...CODES])
  test(`the time of ${name} does not tell an address that has an account from one that has none`, async ({
    server,
  }) => {
    await expectAlike(server, status, ask);
  });

test("nor does that of the page that asks for a reset", async ({ server }) => {
  const opened = await new Visitor(server.url, { "x-forwarded-for": clientAddress() }).form(
    "/forgot-password",
    "Send the mail",
  );
  await expectAlike(server, 1, async ({ url }, email) => {
    const visitor = new Visitor(url, { "x-forwarded-for": clientAddress() });
    const { status } = await visitor.post("/forgot-password", { ...opened, email });
    expect(status).toBe(303);
  });
});

test("nor does that of an invitation in somebody's name", async ({ server }) => {
  await expectAlike(server, 1, (_, email) =>
    apiOf(server.url, { "x-forwarded-for": clientAddress() }).post("/api/send-mail/reference-email", {
      username: email,
      destination_email: person().email,
    }),
  );
});

test("a mail that was asked for with an address nobody has leaves nothing behind", async ({ server, mailsTo }) => {
  const { email } = person();
  await by("/auth/password/forget", "email")(server, email);
  const left = () => rows(server, "select id from outbox where to_email = ?", email).length;
  expect(left()).toBe(1);
  await poll(() => left() === 0, { what: "the request to be gone" });
  expect(await mailsTo(email)).toEqual([]);
});

/** Asks for known and unknown addresses in a random order, and compares how long each took. */
async function expectAlike(server: RunningServer, status: number, ask: Ask): Promise<void> {
  const known = insertAccounts(server, status);
  const calls = [...known.map((email) => ({ email, isKnown: true })), ...strangers()].sort(() => Math.random() - 0.5);
  for (const { email } of strangers().slice(0, 10)) await ask(server, email);
  const took = { known: [] as number[], unknown: [] as number[] };
  for (const { email, isKnown } of calls) {
    const began = performance.now();
    await ask(server, email);
    took[isKnown ? "known" : "unknown"].push(performance.now() - began);
  }
  expect(Math.abs(rankStatistic(took.unknown, took.known) - 0.5)).toBeLessThan(MARK);
}

const strangers = () => Array.from({ length: CALLS }, () => ({ email: person().email, isKnown: false }));

/** A hundred sign-ups would take their hashes' time. */
function insertAccounts(server: RunningServer, status: number): string[] {
  return Array.from({ length: CALLS }, () => {
    const { email } = person();
    change(
      server,
      "insert into accounts (sub, email, password_hash, status, created_at, updated_at) values (?, ?, 'none', ?, 1, 1)",
      crypto.randomUUID(),
      email,
      status,
    );
    return email;
  });
}
