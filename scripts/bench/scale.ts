import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { newDatabase, queryDatabase } from "#e2e/fixtures/postgres/databases.ts";
import { startPostgres } from "#e2e/fixtures/postgres/server.ts";
import { dispose, launchServer, type RunningServer } from "#e2e/fixtures/server.ts";
import { build } from "../build.ts";
import { type Load, load } from "./load.ts";
import { people, type Someone } from "./people.ts";
import { refuseFailures } from "./row.ts";

/**
 * `npm run scale`: one, two and three copies on one PostgreSQL. Besides calls a second it prints what a call costs, in
 * milliseconds of a core, in the copies and in the database: on a machine whose cores they share, that is what tells how far
 * more machines would go.
 */

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const CALLERS = 16;
const FOR_MS = 8_000;
/** One for all copies, as behind a load balancer: a mail of one leads to any. */
const APP_URL = "http://localhost:3000";

await build();
console.log(`  ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`);
const postgres = await startPostgres({ fsync: "on", shared_buffers: "256MB" });
const DATABASE_URL = await newDatabase(Promise.resolve(postgres));
const copies: RunningServer[] = [];
for (let n = 1; n <= 3; n += 1) {
  copies.push(await launchServer({ APP_URL, DATABASE_URL, DATABASE_POOL: "10", SKIP_WARM_UP: undefined }));
  const everyone = await people(copies[0]?.url ?? "", CALLERS);
  console.log(`\n  ${n} ${n === 1 ? "copy" : "copies"}`);
  await measure("token checks", everyone, { path: "/api/auth/me", of: ({ asksWho }) => asksWho });
  await measure("refreshes", everyone, {
    path: "/api/auth/refresh",
    of: ({ refreshes }) => refreshes,
    isRefresh: true,
  });
  // With the cheapest hash: what a log-in costs beside its hash.
  await measure("log-ins", everyone, { path: "/api/auth/login", of: ({ logsIn }) => logsIn, atMost: 100 });
}
await Promise.all(copies.map(dispose));
process.exit(0);

type Call = { path: string; of: (one: Someone) => Load["clients"][number]; isRefresh?: boolean; atMost?: number };

async function measure(
  what: string,
  everyone: Someone[],
  { path, of, isRefresh = false, atMost }: Call,
): Promise<void> {
  const databases = await backends();
  const before = {
    copies: spent(copies.map(({ pid }) => pid)),
    database: spent(databases),
    done: await transactions(),
  };
  const began = performance.now();
  const runs = await Promise.all(
    copies.map(({ url }, n) =>
      load({
        url: url + path,
        clients: everyone.filter((_, of) => of % copies.length === n).map(of),
        isRefresh,
        warmUpMs: 0,
        forMs: FOR_MS,
        ...(atMost ? { atMost: (atMost * CALLERS) / copies.length } : {}),
      }),
    ),
  );
  const seconds = (performance.now() - began) / 1000;
  for (const { failures } of runs) refuseFailures(failures);
  const calls = runs.reduce((sum, { requests }) => sum + requests, 0);
  const perSecond = runs.reduce((sum, run) => sum + run.perSecond, 0);
  const each = (now: number, then: number) => ((now - then) / calls).toFixed(3);
  console.log(
    `  ${what.padEnd(13)} ${perSecond.toFixed(0).padStart(6)}/s   p99 ${Math.max(...runs.map(({ p99 }) => p99)).toFixed(0)} ms` +
      `   a call costs ${each(spent(copies.map(({ pid }) => pid)), before.copies)} ms in the copies,` +
      ` ${each(spent(databases), before.database)} ms in the database, ${each(await transactions(), before.done)} transactions` +
      `   (${calls} calls in ${seconds.toFixed(1)} s)`,
  );
}

/** PostgreSQL's processes, those that serve connections and those that write. */
async function backends(): Promise<number[]> {
  const { rows } = await queryDatabase(DATABASE_URL, "select pg_backend_pid() as pid", []);
  const first = parentOf(rows[0].pid);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === first)
    .map(Number);
}

function parentOf(pid: number): number {
  return Number(statOf(pid)[1]);
}

/** What a process has used of a core so far, in milliseconds, all its threads together. Linux counts in hundredths of a second. */
function spent(pids: number[]): number {
  return pids.reduce((sum, pid) => sum + 10 * (Number(statOf(pid)[11] ?? 0) + Number(statOf(pid)[12] ?? 0)), 0);
}

/** From the state on: state, parent, ... user time, system time. */
function statOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  } catch {
    return [];
  }
}

async function transactions(): Promise<number> {
  const { rows } = await queryDatabase(
    DATABASE_URL,
    "select xact_commit as n from pg_stat_database where datname = current_database()",
    [],
  );
  return rows[0].n;
}
