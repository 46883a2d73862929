import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { poll } from "#e2e/fixtures/poll.ts";
import { freePort } from "#e2e/fixtures/server.ts";

/** Seconds from `npm start` to the first answer, with everything installed and built: the middle one of three starts. */
export async function secondsToReady(): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < 3; n += 1) times.push(await oneStart());
  return times.sort((a, b) => a - b)[1] ?? Number.NaN;
}

async function oneStart(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-start-"));
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), DATABASE_URL: `file:${join(folder, "latchkey.db")}` };
  const began = performance.now();
  const child = spawn("npm", ["start"], { env, stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const isAlive = () =>
    fetch(`http://localhost:${port}/health/live`).then(
      (response) => response.ok,
      () => false,
    );
  await poll(isAlive, { what: "npm start to answer", within: 60_000 });
  const seconds = (performance.now() - began) / 1000;
  child.kill("SIGTERM");
  await ended;
  rmSync(folder, { recursive: true });
  return seconds;
}
