import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { poll } from "#e2e/fixtures/poll.ts";
import type { RunningServer } from "#e2e/fixtures/server.ts";

/** Settings of a server whose event loop is watched. */
export const watched = {
  NODE_OPTIONS: `--import ${pathToFileURL(resolve("scripts/torture/loop-monitor.ts")).href}`,
};

/** How long its event loop was held at most, in ms, since this was last asked. */
export async function loopHeld(server: RunningServer): Promise<number> {
  const told = () => server.log().filter(({ event }) => event === "loop_held");
  const before = told().length;
  process.kill(server.pid, "SIGUSR2");
  return poll(() => told().length > before && Number(told().at(-1)?.ms), { what: "the loop's monitor" });
}
