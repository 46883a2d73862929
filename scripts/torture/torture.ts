import { availableParallelism, loadavg } from "node:os";
import { build } from "../build.ts";
import { clock } from "./clock.ts";
import { failover } from "./cluster/failover.ts";
import { crowd } from "./crowd.ts";
import { existence } from "./existence.ts";
import { factors } from "./factors/factors.ts";
import { firstRequests } from "./first-requests.ts";
import { full } from "./full.ts";
import { killed } from "./killed.ts";
import { locked } from "./locked.ts";
import { mail } from "./mail.ts";
import { memory } from "./memory.ts";
import { clocks } from "./postgres/clocks.ts";
import { killedCopy } from "./postgres/killed-copy.ts";
import { oneTime } from "./postgres/one-time.ts";
import { pooled } from "./postgres/pooled.ts";
import { refreshes } from "./postgres/refreshes.ts";
import { restarted } from "./postgres/restarted.ts";
import { rolling } from "./postgres/rolling.ts";
import { printRows, type Row } from "./row.ts";
import { slow } from "./slow.ts";
import { starts } from "./starts.ts";
import { stopped } from "./stopped.ts";
import { tidied } from "./tidied.ts";

/**
 * `npm run torture`: breaks servers of its own on purpose, each with a database in a temporary folder, and prints what was
 * to be reached and what was. Ends with 1 where a figure is missed. It needs the machine to itself.
 * `npm run torture locked killed` tries these faults only.
 */

// Ended from outside, it must take the servers it started with it: they end at the exit of this process.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const FAULTS: Record<string, () => Promise<Row | Row[]>> = {
  locked,
  full,
  tidied,
  crowd,
  stopped,
  slow,
  starts,
  clock,
  mail,
  killed,
  factors,
  existence,
  first: firstRequests,
  memory,
  refreshes,
  "one-time": oneTime,
  "killed-copy": killedCopy,
  restarted,
  clocks,
  rolling,
  pgbouncer: pooled,
  cluster: failover,
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in FAULTS));
if (unknown.length > 0) {
  console.log(`  There is no fault ${unknown.join(", ")}. There are: ${Object.keys(FAULTS).join(", ")}`);
  process.exit(1);
}
console.log(
  `  Node.js ${process.versions.node}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)} before the first fault`,
);
await build();
const rows: Row[] = [];
for (const [name, fault] of Object.entries(FAULTS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const began = performance.now();
  rows.push(...(await rowsOf(name, fault)));
  console.log(`  ${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
}
printRows(rows);
process.exit(rows.every(({ isMet, skipped }) => isMet || skipped) ? 0 : 1);

async function rowsOf(name: string, fault: () => Promise<Row | Row[]>): Promise<Row[]> {
  try {
    return [await fault()].flat();
  } catch (error) {
    const reached = (error as Error).message.split("\n")[0] ?? "";
    return [{ fault: name, figure: "an end", reached, isMet: false }];
  }
}
