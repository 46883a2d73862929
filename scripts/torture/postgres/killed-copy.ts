import { setTimeout as pause } from "node:timers/promises";
import { judge, leadLives } from "../life.ts";
import { ms, type Row } from "../row.ts";
import { type Replaced, startPair } from "./pair.ts";

/** A kill each ten seconds, for five minutes. `TORTURE_COPY_KILLS=3` for a look. */
const KILLS = Number(process.env.TORTURE_COPY_KILLS ?? 30);
const EVERY_MS = 10_000;
const LANES = 4;
/** What the proxy's clock and ours may differ by in saying when something was. */
const SLACK_MS = 100;

/** `kill -9` of one copy and then of the other, while people go on. */
export async function killedCopy(): Promise<Row[]> {
  const pair = await startPair();
  const lives = leadLives(LANES, () => pair.world);
  try {
    const kills: Replaced[] = [];
    for (let n = 0; n < KILLS; n += 1) {
      const next = performance.now() + EVERY_MS;
      await pause(EVERY_MS / 4 + (Math.random() * EVERY_MS) / 4);
      kills.push(await pair.replace(n % 2, "SIGKILL"));
      await pause(Math.max(0, next - performance.now()));
    }
    await lives.stop();
    const { answers, failed, slowest, statuses } = await pair.proxy.report();
    // Until a killed process is gone the system takes connections in its name.
    const wasInFlight = ({ port, from, to }: (typeof failed)[number]) =>
      kills.some((kill) => kill.port === port && from <= kill.endedAt + SLACK_MS && to >= kill.toldAt - SLACK_MS);
    const others = failed.filter((one) => !wasInFlight(one));
    const fault = `kill -9 of one of two copies, ${KILLS} times`;
    return [
      { fault, figure: "0 lost + 0 without mail, of each kind", ...(await judge(pair.world, lives.effects)) },
      {
        fault,
        figure: "only requests in flight fail",
        reached: `${failed.length - others.length} in flight, ${others.length} others of ${answers}${others[0] ? ` (${others[0].what}: ${others[0].code})` : ""}`,
        isMet: others.length === 0 && answers > 0,
      },
      {
        fault,
        figure: "others answered within 1 s, none with 5xx",
        reached: `slowest ${ms(slowest.ms)} (${slowest.what}); ${JSON.stringify(statuses)}`,
        isMet: slowest.ms < 1_000 && !Object.keys(statuses).some((status) => status >= "500"),
      },
    ];
  } finally {
    await lives.stop();
    await pair.dispose();
  }
}
