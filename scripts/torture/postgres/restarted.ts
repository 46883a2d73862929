import { setTimeout as pause } from "node:timers/promises";
import { judge, leadLives } from "../life.ts";
import { ms, type Row } from "../row.ts";
import { signUp } from "../visits.ts";
import { startPair } from "./pair.ts";

const RESTARTS = 6;
const AWAY_MS = 3_000;
const LANES = 4;

/** PostgreSQL stopped in order, and as by a crash, and started again, while people go on. */
export async function restarted(): Promise<Row[]> {
  const pair = await startPair();
  const lives = leadLives(LANES, () => pair.world);
  try {
    const healed: number[] = [];
    for (let n = 0; n < RESTARTS; n += 1) {
      await pause(4_000);
      await pair.postgres.stop(n % 2 ? "SIGQUIT" : "SIGINT");
      await pause(AWAY_MS);
      await pair.postgres.startAgain();
      const began = performance.now();
      for (const copy of pair.copies) while ((await signUp(copy)).status !== 200) await pause(20);
      healed.push(performance.now() - began);
    }
    await lives.stop();
    const { statuses, failed } = await pair.proxy.report();
    const faults = statuses[500] ?? 0;
    const fault = `PostgreSQL restarted under load, ${RESTARTS} times`;
    return [
      { fault, figure: "0 lost + 0 without mail, of each kind", ...(await judge(pair.world, lives.effects)) },
      {
        fault,
        figure: "503 meanwhile, no 500, every request answered",
        reached: `${statuses[503] ?? 0} with 503, ${faults} with 500, ${failed.length} unanswered`,
        isMet: (statuses[503] ?? 0) > 0 && faults === 0 && failed.length === 0,
      },
      {
        fault,
        figure: "both copies sign up again in 5 s",
        reached: `${healed.map(ms).join(", ")}`,
        isMet: healed.every((took) => took <= 5_000),
      },
    ];
  } finally {
    await lives.stop();
    await pair.dispose();
  }
}
