import { expectTooMany } from "#e2e/fixtures/answers.ts";
import { type Answer, api } from "#e2e/fixtures/api.ts";
import {
  clientAddress,
  clientNetwork,
  expect,
  from,
  logIn,
  person,
  poll,
  type RunningServer,
  test,
} from "#e2e/fixtures/member.ts";
import { change, passCooldowns, rows } from "#e2e/fixtures/store.ts";

const count = (answers: Answer[], status: number): number =>
  answers.filter((answer) => answer.status === status).length;

const mailsOf = (server: RunningServer, email: string) =>
  rows<{ template: string }>(server, "select template from outbox where to_email = ?", email);

/** Until the outbox has looked whom each request is about. */
const requestsAnswered = (server: RunningServer, email: string) =>
  poll(
    async () =>
      (await rows(server, "select id from outbox where to_email = ? and challenge_id is null", email)).length === 0,
    { what: "the outbox to look at the request" },
  );

test("one address is sent five mails an hour, all purposes together", async ({ newPerson, server }) => {
  const who = await newPerson();
  const ways = [
    () => logIn(from(server), who),
    () => from(server).post("/password/forget", { email: who.email }),
    () => logIn(from(server), who),
    () => from(server).post("/password/forget", { email: who.email }),
  ];
  for (const way of ways) {
    await passCooldowns(server, who.email);
    expect([200, 403]).toContain((await way()).status);
    await requestsAnswered(server, who.email);
  }
  await passCooldowns(server, who.email);
  for (const way of ways.slice(0, 2)) {
    const wait = expectTooMany(await way());
    expect(wait).toBeGreaterThan(59 * 60);
    expect(wait).toBeLessThanOrEqual(60 * 60);
  }
  expect(await mailsOf(server, who.email)).toHaveLength(5);
});

test("one address is sent twenty mails a day", async ({ newPerson, server }) => {
  const who = await newPerson();
  const ask = () => from(server).post("/password/forget", { email: who.email });
  await change(server, "update limits set count = 19 where key = ?", `mail-day:${who.email}`);
  expect((await ask()).status).toBe(200);
  await passCooldowns(server, who.email);
  const wait = expectTooMany(await ask());
  expect(wait).toBeGreaterThan(23 * 60 * 60);
  expect(wait).toBeLessThanOrEqual(24 * 60 * 60);
});

test("strangers cannot use up the mails somebody needs: a known network has three an hour more", async ({
  newMember,
  server,
}) => {
  const who = await newMember();
  await from(server).post("/password/forget", { email: who.email });
  const used = "update limits set count = 99, blocked_until = resets_at where key in (?, ?)";
  await change(server, used, `mail-hour:${who.email}`, `mail-day:${who.email}`);
  const network = clientNetwork();
  const ask = (address: string) =>
    api(server.url, { "x-forwarded-for": address }).post("/password/forget", { email: who.email });
  await passCooldowns(server, who.email);
  expectTooMany(await ask(network()));
  await logIn(api(server.url, { "x-forwarded-for": network() }), who);
  for (let n = 1; n <= 3; n++) {
    expect((await ask(network())).status).toBe(200);
    await passCooldowns(server, who.email);
  }
  expect(expectTooMany(await ask(network()))).toBeLessThanOrEqual(60 * 60);
  expectTooMany(await ask(clientAddress()));
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
  expect((await mailsOf(server, who.email)).filter(({ template }) => template === "reset-password")).toHaveLength(1);
});

test("a request past the limit does not begin a cool-down that would hide it", async ({ newMember, server }) => {
  const who = await newMember();
  await change(
    server,
    "update limits set count = 5, blocked_until = resets_at where key = ?",
    `mail-hour:${who.email}`,
  );
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
