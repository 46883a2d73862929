import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { poll } from "#e2e/fixtures/poll.ts";
import { dispose, launchServer } from "#e2e/fixtures/server.ts";
import { storeFile } from "#e2e/fixtures/store.ts";
import { loopHeld, watched } from "./loop.ts";
import { ms, type Row, seconds } from "./row.ts";
import { signUp, type Timed, watch } from "./visits.ts";

const LOCKED_MS = 10_000;
const WRITERS = 16;

/** Another process holds the lock for ten seconds while sixteen callers sign up again and again. */
export async function locked(): Promise<Row[]> {
  const server = await launchServer(watched);
  try {
    await signUp(server);
    await loopHeld(server);
    const lock = new Database(storeFile(server));
    lock.exec("begin immediate");
    const answers: Timed[] = [];
    let isLocked = true;
    const writers = Array.from({ length: WRITERS }, () =>
      watch(async () => {
        const answer = await signUp(server);
        if (isLocked) answers.push(answer);
        return answer;
      }),
    );
    await pause(LOCKED_MS);
    isLocked = false;
    const held = await loopHeld(server);
    lock.exec("rollback");
    lock.close();
    const began = performance.now();
    await poll(async () => (await signUp(server)).status === 200, { what: "the server to heal" });
    const healed = performance.now() - began;
    await Promise.all(writers.map((one) => one.stop()));
    const slowest = Math.max(...answers.map(({ time }) => time));
    const others = answers.filter(({ status }) => status !== 503).length;
    const fault = `database locked ${LOCKED_MS / 1000} s, ${WRITERS} writers`;
    return [
      {
        fault,
        figure: "all 503 within 2 s",
        reached: `${answers.length - others} of ${answers.length} are, slowest ${seconds(slowest)}`,
        isMet: answers.length > 0 && others === 0 && slowest <= 2_000,
      },
      { fault, figure: "event loop held <= 100 ms", reached: ms(held), isMet: held <= 100 },
      { fault, figure: "heals by itself in 5 s", reached: `in ${ms(healed)}`, isMet: healed <= 5_000 },
    ];
  } finally {
    await dispose(server);
  }
}
