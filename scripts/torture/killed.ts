import { setTimeout as pause } from "node:timers/promises";
import { dispose, launchServer } from "#e2e/fixtures/server.ts";
import { judge, leadLives } from "./life.ts";
import type { Row } from "./row.ts";

/** `TORTURE_KILLS=300` for the whole of it, which takes a quarter of an hour. */
const KILLS = Number(process.env.TORTURE_KILLS ?? 60);
const LANES = 4;
const LONGEST_RUN_MS = 20_000;

/** `kill -9` at any moment, again and again, while people go through all that changes something. */
export async function killed(): Promise<Row> {
  let server = await launchServer();
  const { ownFolder } = server;
  const again = { DATABASE_URL: server.env.DATABASE_URL };
  const lives = leadLives(LANES, () => server);
  try {
    for (let n = 0; n < KILLS; n += 1) {
      // After so many more effects, and then at any moment.
      const enough = lives.effects.length + 5 + ((7 * n) % 40);
      const deadline = performance.now() + LONGEST_RUN_MS;
      while (lives.effects.length < enough && performance.now() < deadline) await pause(Math.random() * 20);
      await server.stop("SIGKILL");
      server = await launchServer(again);
    }
    await lives.stop();
    return {
      fault: `kill -9, ${KILLS} times`,
      figure: "0 lost + 0 without mail, of each kind",
      ...(await judge(server, lives.effects)),
    };
  } finally {
    await lives.stop();
    await dispose({ ...server, ownFolder });
  }
}
