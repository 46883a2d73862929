import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { dispose, launchServer, type RunningServer } from "#e2e/fixtures/server.ts";
import { ms, type Row, seconds, share } from "./row.ts";
import { type Timed, timed, watch } from "./visits.ts";

const EACH = 400;
const HEAD = "POST /auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";

/** Eight hundred callers send a byte a second: half of them of their headers, half of a body. */
export async function slow(): Promise<Row[]> {
  const server = await launchServer();
  try {
    const live = async () => {
      await pause(10);
      return timed(`${server.url}/health/live`);
    };
    for (let n = 0; n < 50; n += 1) await live();
    const before = watch(live);
    await pause(5_000);
    const quiet = p99(await before.stop());
    const headers = Promise.all(Array.from({ length: EACH }, () => dripping(server, `${HEAD}x-slow: `)));
    const bodies = Promise.all(
      Array.from({ length: EACH }, () => dripping(server, `${HEAD}content-length: 900\r\n\r\n{`)),
    );
    const during = watch(live);
    const [cutHeaders, cutBodies] = [Math.max(...(await headers)), Math.max(...(await bodies))];
    const busy = p99(await during.stop());
    const fault = `${2 * EACH} slow callers`;
    return [
      { fault, figure: "headers cut <= 15 s", reached: seconds(cutHeaders), isMet: cutHeaders <= 15_000 },
      { fault, figure: "bodies cut <= 35 s", reached: seconds(cutBodies), isMet: cutBodies <= 35_000 },
      {
        fault,
        figure: "others' p99 < 2 x, or 20 ms",
        reached: `${ms(busy)}, before ${ms(quiet)}`,
        isMet: busy < Math.max(2 * quiet, 20),
      },
    ];
  } finally {
    await dispose(server);
  }
}

const p99 = (answers: Timed[]): number =>
  share(
    answers.map(({ time }) => time),
    0.99,
  );

/** Sends the start, then a byte a second, and resolves with how long the server let it. */
function dripping({ env }: RunningServer, start: string): Promise<number> {
  return new Promise((resolve) => {
    const began = performance.now();
    const socket = connect(Number(env.PORT), "127.0.0.1", () => socket.write(start));
    const drip = setInterval(() => socket.write("x"), 1_000);
    socket.on("error", () => {});
    socket.resume();
    socket.once("close", () => {
      clearInterval(drip);
      resolve(performance.now() - began);
    });
  });
}
