import { aJwt, expectAnswer, expectRefusal } from "#e2e/fixtures/answers.ts";
import { type Answer, api as apiOf } from "#e2e/fixtures/api.ts";
import { clientAddress, expect, logIn, person, test } from "#e2e/fixtures/member.ts";
import { accountOf, change, passCooldowns } from "#e2e/fixtures/store.ts";

test.use({ serverSettings: { HIDE_ACCOUNTS: "true" } });

test("with accounts hidden, log-in answers alike for a wrong password and an unknown address", async ({
  api,
  newMember,
}) => {
  const known = (await newMember()).email;
  const unknown = person().email;
  for (const email of [known, unknown])
    expectRefusal(await logIn(api, { email, password: "not the one" }), 400, `Incorrect credentials for ${email}`);
});

test("with accounts hidden, asking for a reset answers alike, and mails only who is there", async ({
  api,
  newMember,
  mailFor,
  mailsTo,
}) => {
  const known = (await newMember()).email;
  const unknown = person().email;
  for (const email of [known, unknown])
    expectAnswer(await api.post("/password/forget", { email }), 200, { message: "Verification email has been sent" });
  await mailFor(known, { subject: /password/i });
  expect(await mailsTo(unknown)).toEqual([]);
});

test("with accounts hidden, signing up answers alike, and the owner of a taken address is told by mail", async ({
  api,
  newMember,
  mailFor,
  server,
}) => {
  const who = await newMember();
  const before = await mailFor(who.email);
  await passCooldowns(server, who.email);
  for (const email of [who.email, person().email])
    expectAnswer(await api.post("/auth/signup", { email, password: "a different phrase" }), 200, {
      message: `Account created! Mail sent for ${email}`,
    });
  const told = await mailFor(who.email, { after: before });
  expect(told.subject).toMatch(/already have/);
  expect(told.code).toBeNull();
  expect(told.link ?? "").not.toContain("authToken");
  expect((await logIn(api, { ...who, password: "a different phrase" })).status).toBe(400);
  expectAnswer(await logIn(api, who), 200, { accessToken: aJwt, refreshToken: aJwt, message: "Login successful" });
  expect((await accountOf(server, who.email)).status).toBe(1);
});

test("with accounts hidden, the limits do not tell who has an account either", async ({ api, newMember }) => {
  const guess = async (email: string): Promise<Answer[]> => {
    const answers: Answer[] = [];
    for (let n = 0; n < 11; n++) answers.push(await logIn(api, { email, password: `guess number ${n}` }));
    return answers;
  };
  const known = await guess((await newMember()).email);
  const unknown = await guess(person().email);
  const shapeOf = ({ status, headers }: Answer) => [status, headers.has("retry-after")];
  expect(known.map(shapeOf)).toEqual(unknown.map(shapeOf));
  expect(known.at(-1)?.status).toBe(429);
});

test("with accounts hidden, asking again and again for resets runs into the limit alike", async ({
  api,
  newMember,
}) => {
  const ask = async (email: string) => {
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) statuses.push((await api.post("/password/forget", { email })).status);
    return statuses;
  };
  expect(await ask((await newMember()).email)).toEqual(await ask(person().email));
});

test("with accounts hidden, sign-ups with one address over and over are answered like with a new one", async ({
  newMember,
  server,
}) => {
  // From a network the account does not know: its owner may ask for a few mails more.
  const api = apiOf(server.url, { "x-forwarded-for": clientAddress() });
  const ways = (email: string) => [
    () => api.post("/auth/signup", { email, password: "a different phrase" }),
    () => api.post("/auth/signup", { email, password: "a different phrase" }),
    () => api.post("/password/forget", { email }),
  ];
  const ask = async (email: string) => {
    const told: [number, string][] = [];
    for (let minute = 0; minute < 4; minute++) {
      if (minute > 0) await passCooldowns(server, email);
      for (const way of ways(email)) {
        const { status, body } = await way();
        told.push([status, body.message.replace(email, "x")]);
      }
    }
    return told;
  };
  const { email } = await newMember();
  await passCooldowns(server, email);
  await change(server, "delete from limits where key like ?", `mail-%${email}`);
  const taken = await ask(email);
  expect(taken).toEqual(await ask(person().email));
  expect(taken.map(([status]) => status)).toContain(429);
});
