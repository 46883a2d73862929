import { setTimeout as pause } from "node:timers/promises";
import { dispose, launchServer } from "#e2e/fixtures/server.ts";
import { verdictOf } from "#e2e/fixtures/trail.ts";
import { FACTOR_KINDS, lifeWithAddresses, lifeWithCodes, lifeWithPasskeys } from "./factor-life.ts";
import { judge, leadLives, type World } from "./life.ts";
import { startPair } from "./postgres/pair.ts";
import type { Row } from "./row.ts";
import { halves } from "./whole.ts";

/** `TORTURE_KILLS=100` for longer. */
const KILLS = Number(process.env.TORTURE_KILLS ?? 20);
const LIVES = [lifeWithCodes, lifeWithPasskeys, lifeWithCodes, lifeWithAddresses] as const;

/** `kill -9` at any moment, while people add and remove ways in, change addresses, and delete their accounts: on either engine. */
export async function factors(): Promise<Row[]> {
  return [...(await onSqlite()), ...(await onPostgres())];
}

async function onSqlite(): Promise<Row[]> {
  let server = await launchServer();
  const { ownFolder } = server;
  const again = { DATABASE_URL: server.env.DATABASE_URL };
  try {
    return await killAgainAndAgain(
      "kill -9, ways in and accounts",
      () => server,
      async () => {
        await server.stop("SIGKILL");
        server = await launchServer(again);
      },
    );
  } finally {
    await dispose({ ...server, ownFolder });
  }
}

async function onPostgres(): Promise<Row[]> {
  const pair = await startPair();
  let turn = 0;
  try {
    return await killAgainAndAgain(
      "the same, one of two copies",
      () => pair.world,
      async () => {
        await pair.replace(turn++ % 2, "SIGKILL");
      },
    );
  } finally {
    await pair.dispose();
  }
}

const LONGEST_RUN_MS = 15_000;

async function killAgainAndAgain(what: string, world: () => World, kill: () => Promise<void>): Promise<Row[]> {
  const lives = leadLives(LIVES.length, world, LIVES);
  try {
    for (let n = 0; n < KILLS; n += 1) {
      // After so many more effects, and then at any moment.
      const enough = lives.effects.length + 3 + ((7 * n) % 20);
      const deadline = performance.now() + LONGEST_RUN_MS;
      while (lives.effects.length < enough && performance.now() < deadline) await pause(Math.random() * 20);
      await kill();
    }
  } finally {
    await lives.stop();
  }
  const fault = `${what}, ${KILLS} times`;
  const { sound, brokenAt, loose } = await verdictOf(world());
  return [
    { fault, figure: "0 lost + 0 without mail, of each kind", ...(await judge(world(), lives.effects, FACTOR_KINDS)) },
    { fault, figure: "no half effect, acknowledged or not", ...(await halves(world())) },
    {
      fault,
      figure: "the audit trail is whole",
      reached: brokenAt === undefined ? `${sound} entries, ${loose} loose` : `broken at ${brokenAt}`,
      isMet: brokenAt === undefined && sound > 0 && loose === 0,
    },
  ];
}
