import { expectTooMany } from "#e2e/fixtures/answers.ts";
import { type Answer, api } from "#e2e/fixtures/api.ts";
import { clientAddress, expect, logIn, person, type RunningServer, test } from "#e2e/fixtures/member.ts";
import { accountOf, change, passCooldowns, rows } from "#e2e/fixtures/store.ts";

const count = (answers: Answer[], status: number): number =>
  answers.filter((answer) => answer.status === status).length;

const from = (server: RunningServer) => api(server.url, { "x-forwarded-for": clientAddress() });

test("one address is sent five mails an hour, all purposes together", async ({ newPerson, server }) => {
  const who = await newPerson();
  const ways = [
    () => logIn(from(server), who),
    () => from(server).post("/password/forget", { email: who.email }),
    () => logIn(from(server), who),
    () => from(server).post("/password/forget", { email: who.email }),
  ];
  for (const way of ways) {
    passCooldowns(server, who.email);
    expect([200, 403]).toContain((await way()).status);
  }
  passCooldowns(server, who.email);
  for (const way of ways.slice(0, 2)) {
    const wait = expectTooMany(await way());
    expect(wait).toBeGreaterThan(59 * 60);
    expect(wait).toBeLessThanOrEqual(60 * 60);
  }
  const { id } = accountOf(server, who.email);
  expect(rows(server, "select id from outbox where account_id = ?", id)).toHaveLength(5);
});

test("one address is sent twenty mails a day", async ({ newPerson, server }) => {
  const who = await newPerson();
  const ask = () => from(server).post("/password/forget", { email: who.email });
  change(server, "update limits set count = 19 where key = ?", `mail-day:${who.email}`);
  expect((await ask()).status).toBe(200);
  passCooldowns(server, who.email);
  const wait = expectTooMany(await ask());
  expect(wait).toBeGreaterThan(23 * 60 * 60);
  expect(wait).toBeLessThanOrEqual(24 * 60 * 60);
});

test("of parallel requests for a mail within a minute one sends it, and all are answered alike", async ({
  newMember,
  server,
}) => {
  const who = await newMember();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => from(server).post("/password/forget", { email: who.email })),
  );
  expect(count(answers, 200)).toBe(20);
  const { id } = accountOf(server, who.email);
  expect(rows(server, "select id from outbox where account_id = ? and template = 'reset-password'", id)).toHaveLength(
    1,
  );
});

test("a request past the limit does not begin a cool-down that would hide it", async ({ newMember, server }) => {
  const who = await newMember();
  change(server, "update limits set count = 5, blocked_until = resets_at where key = ?", `mail-hour:${who.email}`);
  const ask = () => from(server).post("/password/forget", { email: who.email });
  expectTooMany(await ask());
  expectTooMany(await ask());
});

test("of parallel requests from one address exactly thirty cause a mail", async ({ api, server }) => {
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => api.post("/password/forget", { email: person().email })),
  );
  expect([count(answers, 404), count(answers, 429)]).toEqual([30, 10]);
  expectTooMany(await api.post("/password/forget", { email: person().email }));
  expect((await from(server).post("/password/forget", { email: person().email })).status).toBe(404);
});
