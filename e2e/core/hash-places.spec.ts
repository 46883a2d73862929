import {
  api,
  clientAddress,
  expect,
  logIn,
  type Person,
  person,
  type RunningServer,
  test,
} from "#e2e/fixtures/member.ts";
import { accountOf, row, rows } from "#e2e/fixtures/store.ts";

/** More than all places together: a burst in which somebody must be turned away. */
const CROWD = 300;

// Dear enough that the queue is still full when the last of the crowd arrives.
const COST = { BCRYPT_COST: "10" };
test.use({ serverSettings: COST });
test.slow();

test("of a crowd that logs in at once some are let in, and the others told so at once and not counted", async ({
  startServer,
}) => {
  const server = await startServer(COST);
  const everyone = Array.from({ length: CROWD }, person);
  const answers = await Promise.all(everyone.map((who) => logInFrom(server, clientAddress(), who)));
  const busy = answers.filter(({ status }) => status === 503);
  expect(answers.filter(({ status }) => status === 404).length).toBeGreaterThanOrEqual(100);
  expect(busy.length).toBeGreaterThan(50);
  for (const { headers, body } of busy) {
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(body.message).toBe("The server is busy. Try again in a moment");
  }
  // A counter a name: of each that was compared, and of no other.
  const counted = await rows(server, "select key from limits where key like 'password-name:%'");
  expect(counted).toHaveLength(CROWD - busy.length);
});

test("a crowd that logs in leaves room for whoever signs up", async ({ server }) => {
  const crowd = Array.from({ length: CROWD }, () => logInFrom(server, clientAddress(), person()));
  const began = performance.now();
  const signUps = await Promise.all(
    Array.from({ length: 10 }, () =>
      api(server.url, { "x-forwarded-for": clientAddress() }).post("/auth/signup", person()),
    ),
  );
  const took = performance.now() - began;
  expect(signUps.map(({ status }) => status)).toEqual(Array(10).fill(200));
  const refused = (await Promise.all(crowd)).filter(({ status }) => status === 503);
  expect(refused.length).toBeGreaterThan(50);
  // In turns with the log-ins, and not behind all of them.
  expect(took).toBeLessThan((performance.now() - began) / 2);
});

test("one address with many connections does not hold everybody's places", async ({ server, newMember }) => {
  const who = await newMember();
  const from = clientAddress();
  const flood = Array.from({ length: CROWD }, () => logInFrom(server, from, person()));
  expect((await logInFrom(server, clientAddress(), who)).status).toBe(200);
  expect((await Promise.all(flood)).filter(({ status }) => status === 503).length).toBeGreaterThan(200);
});

test("a code typed with a new password is not spent on whoever is turned away", async ({
  server,
  newMember,
  mailFor,
}) => {
  const who = await newMember();
  const caller = api(server.url, { "x-forwarded-for": clientAddress() });
  await caller.post("/staging/forgot_password", { username: who.email });
  const { code } = await mailFor(who.email, { subject: /password/i });
  const reset = () =>
    caller.post("/staging/confirm_code_forgot_password", {
      username: who.email,
      password: "an even longer horse",
      confirm_code: code,
    });
  const crowd = () =>
    Array.from({ length: CROWD }, () =>
      api(server.url, { "x-forwarded-for": clientAddress() }).post("/auth/signup", person()),
    );
  // In the midst of them: later, a place that has just fallen free would be its own.
  const before = crowd();
  const asked = reset();
  const after = crowd();
  const refused = await asked;
  expect(refused.status).toBe(503);
  expect(refused.body).toEqual({ message: "The server is busy. Try again in a moment", data: {}, error: true });
  await Promise.all([...before, ...after]);
  const { id } = await accountOf(server, who.email);
  const { tries_left } = await row<{ tries_left: number }>(
    server,
    "select tries_left from challenges where account_id = ? and purpose = 'reset-password'",
    id,
  );
  expect(tries_left).toBe(5);
  expect((await reset()).status).toBe(200);
});

const logInFrom = (server: RunningServer, address: string, who: Person) =>
  logIn(api(server.url, { "x-forwarded-for": address }), who);
