import { randomUUID } from "node:crypto";
import { type Answer, type Api, api } from "#e2e/fixtures/api.ts";
import { mailFor } from "#e2e/fixtures/mailbox.ts";
import { clientAddress, person } from "#e2e/fixtures/person.ts";
import { startTokenIssuer, type TokenIssuer } from "#e2e/fixtures/token-issuer.ts";
import { Visitor } from "#e2e/fixtures/visitor.ts";
import type { Row } from "../row.ts";
import { member } from "../visits.ts";
import { type Pair, startPair } from "./pair.ts";

const AT_ONCE = 64;
const ROUNDS = 50;

/** A use of what is good once. Says whether it went through; undefined where it was turned away unlooked at (busy). */
type Use = (copy: string, n: number) => Promise<boolean | undefined>;

/** Everything that is good once, used by 64 at once over both copies. */
export async function oneTime(): Promise<Row[]> {
  const issuer = await startTokenIssuer();
  const both = {
    GOOGLE_ISSUER: issuer.issuer,
    GOOGLE_CLIENT_ID: issuer.clientId,
    GOOGLE_CLIENT_SECRET: "a secret",
  };
  const pair = await startPair({ both });
  try {
    const rows: Row[] = [];
    for (const [secret, prepare] of Object.entries(secretsOf(pair, issuer)))
      rows.push(await used(pair, secret, prepare));
    return rows;
  } finally {
    await pair.dispose();
    issuer.stop();
  }
}

async function used(pair: Pair, secret: string, prepare: () => Promise<Use>): Promise<Row> {
  const counts: Record<number, number> = {};
  let [uses, busy] = [0, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    const use = await prepare();
    const ends = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => use(pair.next().url, n)));
    const through = ends.filter((one) => one === true).length;
    counts[through] = (counts[through] ?? 0) + 1;
    uses += AT_ONCE;
    busy += ends.filter((one) => one === undefined).length;
  }
  const others = Object.entries(counts).filter(([through]) => through !== "1");
  return {
    fault: `${AT_ONCE} uses at once, over two copies: ${secret}`,
    figure: `one goes through, in each of ${ROUNDS} rounds`,
    reached: `${counts[1] ?? 0} of ${ROUNDS}${others.length > 0 ? ` (${JSON.stringify(Object.fromEntries(others))})` : ""}; ${busy} of ${uses} asked to come again`,
    isMet: counts[1] === ROUNDS,
  };
}

function secretsOf(pair: Pair, issuer: TokenIssuer): Record<string, () => Promise<Use>> {
  const anyone = () => api(pair.next().url, { "x-forwarded-for": clientAddress() });
  const mail = (email: string, subject?: RegExp) =>
    mailFor(pair.world.url)(email, { within: 30_000, ...(subject && { subject }) });
  const tokenFor = async (email: string, subject?: RegExp) =>
    new URL((await mail(email, subject)).link ?? "").searchParams.get("authToken") ?? "";
  return {
    "the link of a sign-up": async () => {
      const { email, password } = person();
      await done(anyone().post("/auth/signup", { email, password }));
      const authToken = await tokenFor(email);
      return byApi((call) => call.post("/auth/verify", { authToken }));
    },
    "the code of a sign-up": async () => {
      const { email, password } = person();
      const who = { first_name: "Ada", last_name: "Byron", phone_number: "", email, password };
      const { body } = await done(anyone().post("/api/users/signUp", who));
      const { code } = await mail(email);
      const { token } = body.session;
      return byApi((call) => call.post("/api/users/verifyAuthorizationCode", { code }, { token }));
    },
    "the link of a reset": async () => {
      const { email } = await member(pair.world);
      await done(anyone().post("/password/forget", { email }));
      const authToken = await tokenFor(email, /password/i);
      return byApi((call, n) => call.post("/auth/password/reset", { authToken, password: `another of ours ${n}` }));
    },
    "the code of a reset": async () => {
      const { email } = await member(pair.world);
      const { body } = await done(anyone().post("/api/users/resetPassword", { email }));
      const { code } = await mail(email, /password/i);
      const token = body.session?.token ?? body.token;
      return byApi((call, n) =>
        call.post("/api/users/updatePassword", { password: `another of ours ${n}`, code }, { token }),
      );
    },
    "an invitation": async () => {
      const { email } = await member(pair.world);
      const guest = person().email;
      await done(anyone().post("/api/send-mail/reference-email", { username: email, destination_email: guest }));
      const { pathname, search } = new URL((await mail(guest)).link ?? "");
      const visitors = await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          const visitor = new Visitor(pair.world.url, { "x-forwarded-for": clientAddress() });
          return { visitor, form: await visitor.form(pathname + search, "Create account") };
        }),
      );
      return async (_copy, n) => {
        const { visitor, form } = visitors[n] as (typeof visitors)[number];
        const { status, headers } = await visitor.post(pathname + search, {
          ...form,
          password: `a password of ours ${n}`,
        });
        // Who comes too late is led back to the link, which says so.
        return status === 503 ? undefined : headers.get("location") === "/account?notice=joined";
      };
    },
    "an ID token": async () => {
      const id_token = await issuer.sign({ sub: randomUUID(), email: person().email });
      return byApi((call) => call.post("/api/login_google", { id_token }));
    },
  };
}

const byApi =
  (call: (from: Api, n: number) => Promise<Answer>): Use =>
  async (copy, n) => {
    const { status } = await call(api(copy, { "x-forwarded-for": clientAddress() }), n);
    return status === 503 ? undefined : status === 200;
  };

async function done(answer: Promise<Answer>): Promise<Answer> {
  const { status, text } = await answer;
  if (status !== 200) throw new Error(`Answered ${status}: ${text}`);
  return answer;
}
