import { dispose, launchServer } from "#e2e/fixtures/server.ts";
import { load } from "../bench/load.ts";
import { residentMegabytes } from "../bench/memory.ts";
import type { Row } from "./row.ts";

const LOADS = 20_000;
const ROUNDS = 10;
const CALLERS = 8;
const PAGES = ["/login", "/sign-up", "/forgot-password", "/verify-email", "/"];

/** Twenty thousand page loads: what the server keeps of them. */
export async function memory(): Promise<Row> {
  const server = await launchServer({ SKIP_WARM_UP: undefined });
  try {
    const samples: number[] = [];
    let loads = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const page of PAGES) {
        const done = await load({
          url: server.url + page,
          clients: Array.from({ length: CALLERS }, () => ({ headers: {} })),
          warmUpMs: 0,
          forMs: 120_000,
          atMost: LOADS / ROUNDS / PAGES.length,
        });
        if (Object.keys(done.failures).length > 0) throw new Error(`Pages answered ${JSON.stringify(done.failures)}`);
        loads += done.requests;
      }
      samples.push(residentMegabytes(server.pid));
    }
    const last = samples.at(-1) ?? Number.NaN;
    const half = samples[ROUNDS / 2 - 1] ?? 0;
    return {
      fault: `${loads} page loads`,
      figure: "< 300 MB, last half grows < 5 %",
      reached: `after each tenth: ${samples.map((one) => one.toFixed(0)).join(" ")} MB`,
      isMet: last < 300 && last < 1.05 * half && loads >= LOADS,
    };
  } finally {
    await dispose(server);
  }
}
