import { fork } from "node:child_process";
import { availableParallelism, loadavg } from "node:os";
import { dispose, launchServer, type RunningServer } from "#e2e/fixtures/server.ts";
import { build } from "../build.ts";
import { alone } from "./alone.ts";
import { load } from "./load.ts";
import { residentMegabytes } from "./memory.ts";
import { pageRows } from "./pages.ts";
import { people, type Someone } from "./people.ts";
import { type Rival, startRival } from "./rival.ts";
import { compared, mean, print, type Row, refuseFailures, say, spread } from "./row.ts";
import { secondsToReady } from "./start-time.ts";

/**
 * `npm run bench`: what the production build does on this machine, beside what the machine can do at all, both in the same
 * run. Takes about ten minutes. Figures differ from machine to machine; the ratios hold better.
 * `npm run bench calls pages` measures these parts only, of start, calls, memory and pages.
 */

// Ended from outside, it must take the servers it started with it: they end at the exit of this process.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const CALLERS = 16;

const wanted = process.argv.slice(2);
const isWanted = (part: string): boolean => wanted.length === 0 || wanted.includes(part);

console.log(
  `  Node.js ${process.versions.node}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)} before the first step`,
);
await build();
if (isWanted("start")) print(await startRow());
if (isWanted("calls")) await calls();
if (isWanted("memory")) print(await memoryRow());
if (isWanted("pages")) print(...(await pageRows()));

async function calls(): Promise<void> {
  const server = await launchServer({ BCRYPT_COST: "10", SKIP_WARM_UP: undefined });
  try {
    const everyone = await people(server.url, CALLERS);
    print(await logInRow(server, everyone));
    print(...(await sessionCheckRows(server, everyone)));
    print(await busyRow(server, everyone));
    print(await refreshRow(server, everyone));
  } finally {
    await dispose(server);
  }
}

async function startRow(): Promise<Row> {
  say("start to ready");
  const seconds = await secondsToReady();
  return {
    what: "npm start to the first answer, nothing to install or build",
    measured: `${seconds.toFixed(2)} s`,
    beside: "",
    target: "< 1 s",
    isMet: seconds < 1,
  };
}

async function logInRow({ url, env }: RunningServer, everyone: Someone[]): Promise<Row> {
  say("log-ins");
  const clients = everyone.map(({ logsIn }) => logsIn);
  const rounds = { logIns: 0, workers: 0, p99: 0 };
  // In turns, so that whatever else the machine does meets both.
  for (let round = 0; round < 3; round += 1) {
    rounds.workers += (await alone("hash-process.ts", env)) / 3;
    const { perSecond, p99, failures } = await load({ url: `${url}/api/auth/login`, clients, warmUpMs: 1_000 });
    refuseFailures(failures);
    rounds.logIns += perSecond / 3;
    rounds.p99 = Math.max(rounds.p99, p99);
  }
  return {
    what: `log-ins/s, ${CALLERS} callers, cost 10 (p99 ${rounds.p99.toFixed(0)} ms)`,
    measured: rounds.logIns.toFixed(1),
    beside: `${rounds.workers.toFixed(1)} hashes/s of the workers alone`,
    ...compared(rounds.logIns, rounds.workers, 0.95),
  };
}

async function sessionCheckRows({ url, env }: RunningServer, everyone: Someone[]): Promise<Row[]> {
  say("session checks");
  const limit = await startLimit(env);
  const rival = await startRival(CALLERS);
  try {
    const clients = everyone.map(({ asksWho }) => asksWho);
    const asked = {
      me: { url: `${url}/api/auth/me`, clients },
      limit: { url: limit.url, clients },
      ...(rival && { rival: { url: `${rival.url}/api/auth/get-session`, clients: rival.checks } }),
    };
    const found: Record<string, number[]> = {};
    // In turns, so that whatever else the machine does meets all. The first two rounds only warm up.
    for (let round = -2; round < 8; round += 1)
      for (const [name, what] of Object.entries(asked)) {
        const { perSecond, failures } = await load({ ...what, forMs: 2_000 });
        refuseFailures(failures);
        if (round >= 0) found[name] = [...(found[name] ?? []), perSecond];
      }
    const me = { what: `GET /api/auth/me, calls/s, ${CALLERS} callers`, measured: spread(found.me) };
    const rows: Row[] = [
      {
        ...me,
        beside: `${spread(found.limit)} of the same look-up behind plain node:http`,
        ...compared(mean(found.me), mean(found.limit), 0.5),
      },
    ];
    if (found.rival)
      rows.push({
        ...me,
        beside: `${spread(found.rival)} session checks of better-auth on plain Node`,
        ...compared(mean(found.me), mean(found.rival), 4),
      });
    if (rival) rows.push(await rivalLogInRow({ url, everyone, rival }));
    return rows;
  } finally {
    limit.end();
    rival?.end();
  }
}

async function rivalLogInRow({
  url,
  everyone,
  rival,
}: {
  url: string;
  everyone: Someone[];
  rival: Rival;
}): Promise<Row> {
  say("log-ins beside better-auth");
  const found = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < 3; round += 1) {
    const ours = await load({ url: `${url}/api/auth/login`, clients: everyone.map(({ logsIn }) => logsIn) });
    const theirs = await load({ url: `${rival.url}/api/auth/sign-in/email`, clients: rival.logsIn });
    refuseFailures({ ...ours.failures, ...theirs.failures });
    found.ours.push(ours.perSecond);
    found.theirs.push(theirs.perSecond);
  }
  return {
    what: `log-ins/s, ${CALLERS} callers, beside better-auth's own hash (scrypt)`,
    measured: spread(found.ours, 1),
    beside: `${spread(found.theirs, 1)} of better-auth on plain Node`,
    ...compared(mean(found.ours), mean(found.theirs), 1),
  };
}

/** The same look-up on the server's own database, in a process of its own. */
async function startLimit(env: Record<string, string>): Promise<{ url: string; end: () => void }> {
  const child = fork("scripts/bench/limit-process.ts", { env: env as NodeJS.ProcessEnv });
  const url = await new Promise<string>((resolve, reject) => {
    child.once("message", (at) => resolve(String(at)));
    child.once("exit", (code) => reject(new Error(`The limit ended with ${code} before it answered`)));
  });
  return { url, end: () => void child.kill() };
}

async function busyRow({ url }: RunningServer, everyone: Someone[]): Promise<Row> {
  say("session checks while everyone logs in");
  const me = { url: `${url}/api/auth/me`, clients: everyone.slice(0, 1).map(({ asksWho }) => asksWho) };
  const idle = await load(me);
  const logIns = load({
    url: `${url}/api/auth/login`,
    clients: everyone.map(({ logsIn }) => logsIn),
    forMs: 12_000,
  });
  const busy = await load({ ...me, warmUpMs: 2_000, forMs: 8_000 });
  refuseFailures({ ...idle.failures, ...busy.failures, ...(await logIns).failures });
  return {
    what: `GET /api/auth/me, p99 while ${CALLERS} callers log in without pause`,
    measured: `${busy.p99.toFixed(0)} ms`,
    beside: `${idle.p99.toFixed(0)} ms when idle`,
    target: "< 25 ms",
    isMet: busy.p99 < 25,
  };
}

async function refreshRow({ url, env }: RunningServer, everyone: Someone[]): Promise<Row> {
  say("refreshes");
  const disk = await alone("disk-process.ts", env);
  const clients = everyone.map(({ refreshes }) => refreshes);
  const { perSecond, failures } = await load({ url: `${url}/api/auth/refresh`, clients, isRefresh: true });
  refuseFailures(failures);
  return {
    what: `refreshes/s, ${CALLERS} callers`,
    measured: perSecond.toFixed(0),
    beside: `${disk.toFixed(0)} synced commits/s of the disk alone`,
    ...compared(perSecond, disk, 0.3),
  };
}

/** With the lowest hash cost, so that ten thousand log-ins take a minute; what a log-in leaves behind is the same. */
async function memoryRow(): Promise<Row> {
  say("memory");
  const server = await launchServer({ SKIP_WARM_UP: undefined });
  try {
    const samples: number[] = [];
    const done = { logIns: 0, checks: 0 };
    for (let round = 0; round < 10; round += 1) {
      // Others each time: nobody logs in more than 120 times an hour, or has more than a hundred sessions.
      const everyone = await people(server.url, CALLERS);
      const common = { warmUpMs: 0, forMs: 30_000, atMost: 1_000 };
      const logIns = await load({
        ...common,
        url: `${server.url}/api/auth/login`,
        clients: everyone.map((one) => one.logsIn),
      });
      const checks = await load({
        ...common,
        url: `${server.url}/api/auth/me`,
        clients: everyone.map((one) => one.asksWho),
      });
      refuseFailures({ ...logIns.failures, ...checks.failures });
      done.logIns += logIns.requests;
      done.checks += checks.requests;
      samples.push(residentMegabytes(server.pid));
    }
    const last = samples.at(-1) ?? Number.NaN;
    return {
      what: `resident memory after ${done.logIns} log-ins and ${done.checks} checks`,
      measured: `${last.toFixed(0)} MB`,
      beside: `after each tenth: ${samples.map((one) => one.toFixed(0)).join(", ")}`,
      target: "< 250 MB, flat",
      // Time runs out on a machine that is busy with other things; fewer calls prove nothing.
      isMet: last < 250 && last < 1.1 * (samples[3] ?? 0) && Math.min(done.logIns, done.checks) >= 10_000,
    };
  } finally {
    await dispose(server);
  }
}
