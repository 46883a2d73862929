import { setTimeout as pause } from "node:timers/promises";
import { api } from "#e2e/fixtures/api.ts";
import { clientAddress } from "#e2e/fixtures/person.ts";
import { judge, leadLives, type World } from "../life.ts";
import { startCopies } from "../postgres/pair.ts";
import { type Row, seconds } from "../row.ts";
import { member, signUp } from "../visits.ts";
import { startCluster } from "./cluster.ts";
import { findClusterPrograms, WANTED } from "./programs.ts";

const KILLS = 5;
const LANES = 4;
const PEOPLE = 20;
const HEALED_IN_MS = 30_000;

/** The primary of a cluster of three killed under load, again and again: another takes over. */
export async function failover(): Promise<Row[]> {
  const fault = `the primary of a cluster killed, ${KILLS} times`;
  const programs = findClusterPrograms();
  if (!programs) return [{ fault, figure: "a cluster", reached: `needs ${WANTED}`, isMet: false, skipped: true }];
  const cluster = await startCluster(programs);
  const pair = await startCopies(cluster.url, { both: { DATABASE_POOL: "10" } });
  const lives = leadLives(LANES, () => pair.world);
  const people = await Promise.all(Array.from({ length: PEOPLE }, () => stayLoggedIn(pair.world)));
  try {
    const healed: number[] = [];
    for (let n = 0; n < KILLS; n += 1) {
      await pause(5_000);
      const killed = await cluster.killPrimary();
      const began = performance.now();
      // A first sign-up may still have been under way; from now on each answer is by a new primary.
      for (const copy of pair.copies) while ((await signUp(copy)).status !== 200) await pause(100);
      healed.push(performance.now() - began);
      cluster.startAgain(killed);
      await cluster.isWhole(120_000);
    }
    await lives.stop();
    const ends = await Promise.all(people.map((one) => one.stop()));
    const { statuses, failed } = await pair.proxy.report();
    const faults = statuses[500] ?? 0;
    const loggedOut = ends.filter(({ refused }) => refused);
    const refreshes = ends.reduce((sum, { times }) => sum + times, 0);
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
        figure: "served again within 30 s",
        reached: healed.map(seconds).join(", "),
        isMet: healed.every((took) => took <= HEALED_IN_MS),
      },
      {
        fault,
        figure: "nobody is logged out",
        reached: `${loggedOut.length} of ${PEOPLE}, with ${refreshes} refreshes${loggedOut[0] ? ` (${loggedOut[0].refused})` : ""}`,
        isMet: loggedOut.length === 0 && refreshes > PEOPLE * KILLS,
      },
    ];
  } finally {
    await lives.stop();
    await Promise.all(people.map((one) => one.stop()));
    await pair.dispose();
    cluster.dispose();
  }
}

/** Somebody who refreshes every second, and again with the same token where they were asked to come again. */
async function stayLoggedIn(world: World): Promise<{ stop(): Promise<{ times: number; refused?: string }> }> {
  let { refreshToken } = await member(world);
  const call = api(world.url, { "x-forwarded-for": clientAddress() });
  let isOn = true;
  const done = (async () => {
    for (let times = 0; ; ) {
      if (!isOn) return { times };
      const { status, text, body } = await call.post("/api/auth/refresh", { refreshToken });
      if (status === 200) {
        refreshToken = body.refreshToken;
        times += 1;
      } else if (status < 500) return { times, refused: `${status}: ${text}` };
      await pause(1_000);
    }
  })();
  return {
    stop: () => {
      isOn = false;
      return done;
    },
  };
}
