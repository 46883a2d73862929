import { randomInt } from "node:crypto";
import { api } from "#e2e/fixtures/api.ts";
import { clientAddress, person } from "#e2e/fixtures/person.ts";
import { poll } from "#e2e/fixtures/poll.ts";
import { launchServer } from "#e2e/fixtures/server.ts";
import { isPostgres, row, runScript } from "#e2e/fixtures/store.ts";
import { Visitor } from "#e2e/fixtures/visitor.ts";
import { type GrownStore, grown } from "./grow.ts";

/** What is measured on a store, each by one caller, one call after the other: the middle time, in ms. */
export const WORK = [
  "start",
  "token check",
  "refresh",
  "log-in",
  "sign-up",
  "/account",
  "tidy-up of 20,000 rows",
] as const;

const TIMES = 400;
const WARM_UP = 50;
const PAGES = 60;
const OLD = 20_000;

export async function measureStore(store: GrownStore): Promise<Record<string, number>> {
  const { DATABASE_URL, password } = store;
  const settings = { DATABASE_URL, SKIP_WARM_UP: undefined };
  const began = performance.now();
  const server = await launchServer(settings);
  const start = performance.now() - began;
  try {
    const call = () => api(server.url, { "x-forwarded-for": clientAddress() });
    // Anyone of them, so that what is read was not read before.
    const anyone = () => grown(randomInt(1, store.size + 1));
    const tokens: { accessToken: string; refreshToken: string }[] = [];
    const logIn = await middle(TIMES, async () => {
      const { status, body } = await call().post("/auth/login", { email: anyone(), password });
      expect(status);
      tokens.push(body);
    });
    const of = (n: number) => tokens[n % tokens.length] as (typeof tokens)[number];
    const check = await middle(TIMES, async (n) =>
      expect((await call().get("/api/auth/me", { authorization: `Bearer ${of(n).accessToken}` })).status),
    );
    const refresh = await middle(TIMES, async (n) => {
      const { status, body } = await call().post("/auth/refresh", { refreshToken: of(n).refreshToken });
      expect(status);
      tokens[n % tokens.length] = body;
    });
    const signUp = await middle(TIMES / 2, async () => {
      const { email, password: theirs } = person();
      expect((await call().post("/auth/signup", { email, password: theirs })).status);
    });
    const visitors: Visitor[] = [];
    for (let n = 0; n < PAGES; n += 1) {
      const visitor = new Visitor(server.url, { "x-forwarded-for": clientAddress() });
      await visitor.submit("/login", "Log in", { email: anyone(), password });
      visitors.push(visitor);
    }
    const account = await middle(
      PAGES,
      async (n) => expect((await visitors[n % PAGES]?.open("/account"))?.status ?? 0),
      10,
    );
    await server.stop();
    const tidyUp = await tidied(store);
    return {
      start,
      "token check": check,
      refresh,
      "log-in": logIn,
      "sign-up": signUp,
      "/account": account,
      "tidy-up of 20,000 rows": tidyUp,
    };
  } finally {
    await server.stop();
  }
}

/** How long a start's tidy-up takes over so many sessions that ended long ago. */
async function tidied({ DATABASE_URL }: GrownStore): Promise<number> {
  const store = { env: { DATABASE_URL } };
  const old = Date.now() - 40 * 24 * 60 * 60_000;
  await runScript(
    store,
    `insert into sessions (id, account_id, kind, rotated_at, created_at, updated_at, expires_at, ended_at)
      with recursive n (i) as (select 1 union all select i + 1 from n where i < ${OLD})
      select 'old-' || i, (select min(id) from accounts), 'auth', ${old}, ${old}, ${old}, ${old}, ${old} from n`,
  );
  // Another start had the turn less than an hour ago.
  if (isPostgres(store)) await runScript(store, "update latchkey_turns set taken_at = 0 where name = 'tidy-up'");
  const left = () => row<{ n: number }>(store, `select count(*) as n from sessions where ended_at = ${old}`);
  const server = await launchServer({ DATABASE_URL });
  const began = performance.now();
  try {
    await poll(async () => (await left()).n === 0, { what: "the tidy-up", within: 300_000 });
    return performance.now() - began;
  } finally {
    await server.stop();
  }
}

async function middle(times: number, work: (n: number) => Promise<void>, warmUp = WARM_UP): Promise<number> {
  const taken: number[] = [];
  for (let n = 0; n < warmUp + times; n += 1) {
    const began = performance.now();
    await work(n);
    if (n >= warmUp) taken.push(performance.now() - began);
  }
  return taken.sort((a, b) => a - b)[Math.floor(taken.length / 2)] ?? Number.NaN;
}

function expect(status: number): void {
  if (status !== 200) throw new Error(`Answered ${status}`);
}
