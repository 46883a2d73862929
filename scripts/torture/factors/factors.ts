import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { tidyUpNow } from "#e2e/fixtures/housekeeping.ts";
import { change, isPostgres, row } from "#e2e/fixtures/store.ts";
import { verdictOf } from "#e2e/fixtures/trail.ts";
import type { World } from "../life.ts";
import { type Pair, startCopies, startPair } from "../postgres/pair.ts";
import type { Row } from "../row.ts";
import { judge } from "./judge.ts";
import { type Ledger, newLedger } from "./ledger.ts";
import { KINDS, leadLives } from "./lives.ts";

/** Of the one server on SQLite, and half as many of one of two copies on PostgreSQL. `TORTURE_FACTOR_KILLS=200` for the whole of it. */
const KILLS = Number(process.env.TORTURE_FACTOR_KILLS ?? 30);
const LANES = 6;
/** How long one waits for the next act of the kind that was cut short least. */
const PATIENCE_MS = 15_000;
/** A tidy-up of the few accounts that are due takes about as long. */
const TIDYING_MS = 400;

/**
 * `kill -9` in the midst of each thing that people do to their accounts since there are second factors: row, event and mail are there
 * after it, or none of them is.
 */
export async function factors(): Promise<Row[]> {
  return [...(await ofTheOnlyServer()), ...(await ofACopy())];
}

async function ofTheOnlyServer(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-factors-"));
  const only = await startCopies(`file:${join(folder, "latchkey.db")}`, { each: [{}] });
  try {
    return await killed(only, KILLS, `kill -9 in the midst of an act, ${KILLS} times`);
  } finally {
    await only.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ofACopy(): Promise<Row[]> {
  const kills = Math.ceil(KILLS / 2);
  const pair = await startPair();
  try {
    return await killed(pair, kills, `the same of one of two copies, ${kills} times`);
  } finally {
    await pair.dispose();
  }
}

async function killed(
  copies: Pick<Pair, "world" | "copies" | "replace">,
  kills: number,
  fault: string,
): Promise<Row[]> {
  const { world } = copies;
  const ledger = newLedger();
  const lives = leadLives(LANES, world, ledger);
  let midway = 0;
  try {
    for (let n = 0; n < kills; n += 1) {
      // Each third time the server that has just started, and tidies up.
      if (n % 3 === 2) await pause(Math.random() * TIDYING_MS);
      else await ledger.within(rarest(ledger), PATIENCE_MS);
      await letTidyUp(world);
      const which = Math.floor(n / 3) % copies.copies.length;
      const isBack = Promise.withResolvers<void>();
      // The other copy goes on meanwhile, where there is one.
      if (copies.copies.length === 1) ledger.gate = isBack.promise;
      await copies.copies[which]?.stop("SIGKILL");
      midway += await halfDeleted(world);
      await copies.replace(which, "SIGKILL").finally(isBack.resolve);
    }
    await lives.stop();
  } finally {
    await lives.stop();
  }
  await tidyUpNow(world);
  const { sound, brokenAt, loose } = await verdictOf(world);
  const trail: Row = {
    fault,
    figure: "the audit trail is whole",
    reached: brokenAt === undefined ? `${sound} entries, ${loose} loose` : `broken at ${brokenAt}`,
    isMet: brokenAt === undefined && sound > 0 && loose === 0,
  };
  return [...(await rowsOf(fault, world, ledger, midway)), trail];
}

/** The kind that a kill has met least, of those that were done at all or not yet. */
function rarest({ cut }: Ledger): string {
  const least = Math.min(...KINDS.map((kind) => cut[kind] ?? 0));
  const rare = KINDS.filter((kind) => (cut[kind] ?? 0) === least);
  return rare[Math.floor(Math.random() * rare.length)] ?? KINDS[0];
}

/** As if the hour were over in which one of the copies has done it. */
async function letTidyUp(world: World): Promise<void> {
  if (isPostgres(world)) await change(world, "update latchkey_turns set taken_at = 0 where name = 'tidy-up'");
}

/** Accounts that are shut for good, and not gone yet. */
const halfDeleted = async (world: World): Promise<number> =>
  (await row<{ n: number }>(world, "select count(*) n from accounts where deletes_at = 0")).n;

async function rowsOf(fault: string, world: World, ledger: Ledger, midway: number): Promise<Row[]> {
  const { lost, whole, upToAStep, none, inPart, due, left } = await judge(world, ledger);
  const { acknowledged, cut, refused } = ledger;
  for (const one of refused.slice(0, 10)) console.log(`  refused: ${one}`);
  const kindsOf = (counts: Record<string, number>) => KINDS.filter((kind) => (counts[kind] ?? 0) > 0).length;
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, one) => all + one, 0);
  return [
    {
      fault,
      figure: `what was answered is there, of each of ${KINDS.length} kinds`,
      reached: `${sum(acknowledged)} of ${kindsOf(acknowledged)} kinds, lost in ${lost} lives, ${refused.length} refused`,
      isMet: lost === 0 && refused.length === 0 && kindsOf(acknowledged) === KINDS.length,
    },
    {
      fault,
      figure: "what was not: row, event and mail, or none",
      reached: `${sum(cut)} of ${kindsOf(cut)} kinds: ${whole} whole, ${upToAStep} up to a step, ${none} not at all, ${inPart} in part`,
      isMet: inPart === 0 && sum(cut) > 0,
    },
    {
      fault,
      figure: "accounts whose time is over are gone, with one mail",
      reached: `${due - left} of ${due}, killed with ${midway} half gone`,
      isMet: left === 0 && due > 0,
    },
  ];
}
