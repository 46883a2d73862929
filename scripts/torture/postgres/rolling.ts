import { setTimeout as pause } from "node:timers/promises";
import { judge, leadLives } from "../life.ts";
import { ms, type Row } from "../row.ts";
import { timed, watch } from "../visits.ts";
import { startPair } from "./pair.ts";

const TIMES = 3;
const LANES = 4;
const READERS = 8;

/** Both copies restarted, one after the other, as for a new version: nobody notices. */
export async function rolling(): Promise<Row[]> {
  const pair = await startPair();
  const lives = leadLives(LANES, () => pair.world);
  const paths = ["/login", "/health/live", "/.well-known/jwks.json", "/sign-up"];
  const readers = Array.from({ length: READERS }, (_, n) =>
    watch(async () => {
      await pause(Math.random() * 100);
      return timed(pair.world.url + paths[n % paths.length]);
    }),
  );
  try {
    for (let n = 0; n < 2 * TIMES; n += 1) {
      await pause(2_000);
      await pair.replace(n % 2, "SIGTERM");
    }
    await lives.stop();
    const read = (await Promise.all(readers.map((reader) => reader.stop()))).flat();
    const refused = read.filter(({ status }) => status !== 200).length;
    const { answers, failed, statuses, slowest } = await pair.proxy.report();
    const wrong = Object.entries(statuses).filter(([status]) => status >= "500");
    const fault = `a rolling restart of both copies, ${TIMES} times`;
    return [
      {
        fault,
        figure: "0 failed requests",
        reached: `${failed.length + refused} of ${answers}${failed[0] ? ` (${failed[0].what}: ${failed[0].code})` : ""}${wrong.length > 0 ? `, ${JSON.stringify(Object.fromEntries(wrong))}` : ""}; slowest ${ms(slowest.ms)}`,
        isMet: failed.length === 0 && refused === 0 && wrong.length === 0 && answers > 0,
      },
      { fault, figure: "0 lost + 0 without mail, of each kind", ...(await judge(pair.world, lives.effects)) },
    ];
  } finally {
    await lives.stop();
    await Promise.all(readers.map((reader) => reader.stop()));
    await pair.dispose();
  }
}
