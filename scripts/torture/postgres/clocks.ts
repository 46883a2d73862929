import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { api } from "#e2e/fixtures/api.ts";
import { mailsTo } from "#e2e/fixtures/mailbox.ts";
import { clientAddress } from "#e2e/fixtures/person.ts";
import { poll } from "#e2e/fixtures/poll.ts";
import type { RunningServer } from "#e2e/fixtures/server.ts";
import { rows } from "#e2e/fixtures/store.ts";
import { Visitor } from "#e2e/fixtures/visitor.ts";
import type { Row } from "../row.ts";
import { member } from "../visits.ts";
import { type Pair, startPair } from "./pair.ts";

const PEOPLE = 30;
const ROUNDS = 12;

/** Two copies, one of them with its clock a minute ahead: people go from one to the other and back. */
export async function clocks(): Promise<Row[]> {
  const ahead = { NODE_OPTIONS: `--import ${pathToFileURL(resolve("scripts/torture/postgres/clock-ahead.ts")).href}` };
  const pair = await startPair({ each: [{}, ahead] });
  try {
    const told = await Promise.all(pair.copies.map(clockOf));
    const apart = ((told[1] ?? 0) - (told[0] ?? 0)) / 1000;
    const ends: string[] = [];
    const addresses: string[] = [];
    await Promise.all(
      Array.from({ length: PEOPLE }, () =>
        goAround(pair, addresses).catch((error: Error) => ends.push(error.message.split("\n")[0] ?? "")),
      ),
    );
    const waiting = "select 1 from outbox where sent_at is null";
    await poll(async () => (await rows(pair.world, waiting)).length === 0, { what: "the mail", within: 60_000 });
    const doubled = (await Promise.all(addresses.map((address) => doubledMail(pair, address)))).flat();
    const fault = "two copies, their clocks a minute apart";
    return [
      {
        fault,
        figure: "nobody is logged out",
        reached: `clocks ${apart.toFixed(0)} s apart; ${ends.length} of ${PEOPLE} who refreshed ${2 * ROUNDS} times${ends[0] ? ` (${ends[0]})` : ""}`,
        isMet: ends.length === 0 && Math.abs(apart - 60) < 2,
      },
      {
        fault,
        figure: "each mail goes out once",
        reached: `${doubled.length} doubled of ${2 * PEOPLE}${doubled[0] ? ` (${doubled[0]})` : ""}`,
        isMet: doubled.length === 0,
      },
    ];
  } finally {
    await pair.dispose();
  }
}

/** What its own machine's clock says, in ms: the log goes by it. */
async function clockOf(copy: RunningServer): Promise<number> {
  const before = copy.log().length;
  await fetch(`${copy.url}/login`);
  return poll(() => Date.parse(String(copy.log().slice(before).at(-1)?.time)) || undefined, {
    what: "a line in the log",
  });
}

/** Refreshes at both copies at once and in turn, by the contract and by the pages, and sets a new password by the newest mail. */
async function goAround(pair: Pair, addresses: string[]): Promise<void> {
  const who = await member(pair.world);
  addresses.push(who.email);
  const from = { "x-forwarded-for": clientAddress() };
  const visitor = new Visitor(pair.world.url, from);
  await visitor.submit("/login", "Log in", { email: who.email, password: who.password });
  let { refreshToken } = who;
  for (let round = 0; round < ROUNDS; round += 1) {
    const [first, second] = pair.copies.toSorted(() => Math.random() - 0.5).map(({ url }) => api(url, from));
    const refresh = (at = first) => at?.post("/api/auth/refresh", { refreshToken });
    const answers = [await refresh(), await refresh(second)];
    if (answers.some((answer) => answer?.status !== 200))
      throw new Error(`A refresh was answered ${answers[1]?.status}`);
    refreshToken = answers[1]?.body.refreshToken;
    const { status } = await visitor.open("/account");
    if (status !== 200) throw new Error(`The account's page answered ${status}`);
    // The access token in the cookie is good for minutes: without it the page must renew from the refresh token.
    visitor.cookies.delete("latchkey_access");
    await pause(Math.random() * 1_000);
  }
  await setPassword(pair, who.email);
}

async function setPassword(pair: Pair, email: string): Promise<void> {
  const at = () => api(pair.next().url, { "x-forwarded-for": clientAddress() });
  await at().post("/password/forget", { email });
  const reset = await poll(
    async () => (await mailsTo(pair.world.url, email)).find(({ subject }) => /password/i.test(subject)),
    {
      what: "the reset's mail",
      within: 30_000,
    },
  );
  const authToken = new URL(reset.link ?? "").searchParams.get("authToken");
  const { status } = await at().post("/auth/password/reset", { authToken, password: "a new password of ours" });
  if (status !== 200) throw new Error(`The reset was answered ${status}`);
}

/** The subjects that this address was sent more than once. */
async function doubledMail(pair: Pair, address: string): Promise<string[]> {
  const subjects = (await mailsTo(pair.world.url, address)).map(({ subject }) => subject);
  return subjects.filter((subject, n) => subjects.indexOf(subject) !== n);
}
