import { expect, test } from "playwright/test";
import { type Answer, type Api, api } from "#e2e/fixtures/api.ts";
import { type Copies, ENGINES, startCopies } from "#e2e/fixtures/copies.ts";
import { mailFor } from "#e2e/fixtures/mailbox.ts";
import { tokenIn } from "#e2e/fixtures/member.ts";
import { accountOf, change, passCooldowns, rows } from "#e2e/fixtures/store.ts";
import { clientAddress, person, poll } from "#e2e/fixtures/test.ts";
import { codeIn, usersApi } from "#e2e/fixtures/users.ts";

/** What only one of many may get, asked for by 64 at once: on every engine, and over all servers that share the store. */

const MANY = 64;

for (const engine of ENGINES)
  test.describe(engine, () => {
    test.describe.configure({ mode: "default", timeout: 90_000 });
    let copies: Copies;
    test.beforeAll(async () => {
      copies = await startCopies(engine);
    });
    test.afterAll(() => copies?.dispose());

    /** Somebody at a machine of their own, calling one server or the other. */
    const caller = (): Api => api(copies.next().url, { "x-forwarded-for": clientAddress() });
    const all = (call: (from: Api, n: number) => Promise<Answer>): Promise<Answer[]> =>
      Promise.all(Array.from({ length: MANY }, (_, n) => call(caller(), n)));

    /** A place in the queue for the password workers is given to some only; the others are asked to come again. */
    const isBusy = ({ status }: Answer) => status === 503;
    const done = (answers: Answer[]) => {
      expect(answers.filter(({ status }) => status >= 500 && status !== 503)).toEqual([]);
      return answers.filter(({ status }) => status === 200);
    };

    const linkFor = async (email: string, subject: RegExp) =>
      tokenIn(await mailFor(copies.first.url)(email, { subject }));
    const signUp = async () => {
      const who = person();
      expect((await caller().post("/auth/signup", { email: who.email, password: who.password })).status).toBe(200);
      return who;
    };
    const member = async () => {
      const who = await signUp();
      const answer = await caller().post("/auth/verify", { authToken: await linkFor(who.email, /confirm/i) });
      expect(answer.status).toBe(200);
      return { ...who, ...(answer.body as { accessToken: string; refreshToken: string }) };
    };

    test("one of many sign-ups with one address makes the account", async () => {
      const { email } = person();
      const answers = await all((from, n) => from.post("/auth/signup", { email, password: `a password of ours ${n}` }));
      expect(done(answers)).toHaveLength(1);
      expect(await rows(copies.first, "select id from accounts where email = ?", email)).toHaveLength(1);
      expect(await rows(copies.first, "select id from challenges")).not.toHaveLength(0);
    });

    test("one of many uses of a link proves the address", async () => {
      const who = await signUp();
      const authToken = await linkFor(who.email, /confirm/i);
      const answers = await all((from) => from.post("/auth/verify", { authToken }));
      expect(done(answers)).toHaveLength(1);
      expect(answers.filter(isBusy)).toEqual([]);
    });

    test("one of many uses of a link sets the password, and its password is the one", async () => {
      const who = await member();
      await passCooldowns(copies.first, who.email);
      expect((await caller().post("/password/forget", { email: who.email })).status).toBe(200);
      const authToken = await linkFor(who.email, /password/i);
      const words = (n: number) => `another password of ours ${n}`;
      const answers = await all((from, n) => from.post("/password/reset", { authToken, password: words(n) }));
      expect(done(answers)).toHaveLength(1);
      const winner = answers.findIndex(({ status }) => status === 200);
      expect((await caller().post("/auth/login", { email: who.email, password: words(winner) })).status).toBe(200);
      const other = words(winner === 0 ? 1 : 0);
      expect((await caller().post("/auth/login", { email: who.email, password: other })).status).toBe(400);
    });

    test("many refreshes with one token have one successor, which all of them get", async () => {
      const who = await member();
      const answers = await all((from) => from.post("/api/auth/refresh", { refreshToken: who.refreshToken }));
      expect(done(answers)).toHaveLength(MANY);
      const { id } = await accountOf(copies.first, who.email);
      const [session] = await rows(copies.first, "select generation from sessions where account_id = ?", id);
      expect(session).toEqual({ generation: 1 });
      expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
    });

    test("five of many wrong codes are compared, and the right one is then dead", async () => {
      const who = { ...person(), first_name: "Ada", last_name: "Byron", phone_number: "" };
      const signedUp = await usersApi(caller()).signUp(who);
      const right = codeIn(await mailFor(copies.first.url)(who.email));
      const wrong = right === "000000" ? "000001" : "000000";
      const token = signedUp.body.session.token;
      const answers = await all((from) => usersApi(from).giveCode(token, wrong));
      expect(done(answers)).toEqual([]);
      const { id } = await accountOf(copies.first, who.email);
      expect(await rows(copies.first, "select tries_left from challenges where account_id = ?", id)).toEqual([
        { tries_left: 0 },
      ]);
      expect((await usersApi(caller()).giveCode(token, right)).status).not.toBe(200);
    });

    test("ten of many wrong passwords are counted as tries, and no more are let through", async () => {
      const who = await member();
      const from = { "x-forwarded-for": clientAddress() };
      const answers = await Promise.all(
        Array.from({ length: MANY }, () =>
          api(copies.next().url, from).post("/auth/login", { email: who.email, password: "not the password" }),
        ),
      );
      expect(done(answers)).toEqual([]);
      expect(answers.filter(({ status }) => status === 400).length).toBeLessThanOrEqual(10);
      expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    });

    test("a new mail ends the older ones, however many are asked for at once", async () => {
      const who = await member();
      const { id } = await accountOf(copies.first, who.email);
      for (let round = 0; round < 4; round += 1) {
        await passCooldowns(copies.first, who.email);
        const sent = (await challengesOf(id)).length;
        await Promise.all(Array.from({ length: 8 }, () => caller().post("/password/forget", { email: who.email })));
        await poll(async () => (await challengesOf(id)).length > sent, { what: "a mail to go out" });
      }
      await poll(async () => (await challengesOf(id)).filter(isLive).length === 1, { what: "the older ones to end" });
    });

    type Made = { sent_at: number | null; superseded_at: number | null };
    const isLive = ({ superseded_at }: Made) => superseded_at === null;
    const challengesOf = (id: number) =>
      rows<Made>(
        copies.first,
        "select sent_at, superseded_at from challenges where account_id = ? and purpose = 'reset-password' and sent_at is not null",
        id,
      );

    test("a mail whose sender is gone is sent by another within ten seconds", async () => {
      const who = await signUp();
      const { email } = who;
      await mailFor(copies.first.url)(email);
      // As of a server that was killed while it sent.
      await change(
        copies.first,
        "update outbox set sent_at = null, claimed_until = ? where to_email = ?",
        Date.now() + 6_000,
        email,
      );
      const sent = async () =>
        (await rows(copies.first, "select 1 from outbox where to_email = ? and sent_at > 0", email)).length === 1;
      await poll(sent, { what: "the mail to be sent by another", within: 10_000 });
    });
  });
