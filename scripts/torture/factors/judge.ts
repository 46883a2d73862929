import { getTableName } from "drizzle-orm";
import { PARTS } from "#db/personal-data.ts";
import { row } from "#e2e/fixtures/store.ts";
import type { World } from "../life.ts";
import { differences, type Facts, factsOf } from "./facts.ts";
import type { Ledger, Life } from "./ledger.ts";

/** What has become of the lives, by what the store says of each account. */
export type Judgement = {
  /** Lives in which something is missing that was answered as done, or is there twice. */
  lost: number;
  /** Of the acts that were not answered: there with all that belongs to them, so far as one of their steps, or not at all. */
  whole: number;
  upToAStep: number;
  none: number;
  /** There with some of what belongs to them. */
  inPart: number;
  /** Accounts whose time had come, and those of them that are not gone to the last row, or whose person heard of it other than once. */
  due: number;
  left: number;
};

/** Says of each life that is not as it should be what is wrong with it. */
export async function judge(world: World, { lives }: Ledger): Promise<Judgement> {
  const sums = { lost: 0, whole: 0, upToAStep: 0, none: 0, inPart: 0, due: 0, left: 0 };
  for (const life of lives) {
    const { name, wrong } = life.due === undefined ? await ofOneThere(world, life) : await ofOneGone(world, life);
    if (name) sums[name] += 1;
    if (life.due !== undefined) sums.due += 1;
    if (wrong.length > 0) console.log(`  account ${life.account}, after "${life.last}": ${wrong.join("; ")}`);
  }
  return sums;
}

type Verdict = { name?: Exclude<keyof Judgement, "due">; wrong: string[] };

async function ofOneThere(world: World, { account, states, read }: Life): Promise<Verdict> {
  const found = withRead(await factsOf(world, account), read);
  const at = states.findIndex((state) => differences(state, found).length === 0);
  const [before] = states;
  if (states.length === 1) return at === 0 ? { wrong: [] } : { name: "lost", wrong: differences(before, found) };
  if (at === -1) return { name: "inPart", wrong: differences(before, found) };
  return { name: at === 0 ? "none" : at === states.length - 1 ? "whole" : "upToAStep", wrong: [] };
}

function withRead(found: Facts, read: Life["read"]): Facts {
  const seen = Object.entries(read).map(([name, n]) => [name, Math.max(n, Number(found[name] ?? 0))]);
  return { ...found, ...Object.fromEntries(seen) };
}

async function ofOneGone(world: World, { account, due = "" }: Life): Promise<Verdict> {
  const count = async (from: string, value: string | number) =>
    (await row<{ n: number }>(world, `select count(*) n from ${from} = ?`, value)).n;
  const wrong: string[] = [];
  for (const table of ["accounts", ...PARTS.map(({ table }) => getTableName(table))]) {
    const left = await count(`${table} where ${table === "accounts" ? "id" : "account_id"}`, account);
    if (left > 0) wrong.push(`${left} rows in ${table}`);
  }
  const mails = await count("outbox where template = 'deletion' and about = 'done' and to_email", due);
  if (mails !== 1) wrong.push(`${mails} mails that it is done`);
  return wrong.length > 0 ? { name: "left", wrong } : { wrong };
}
