import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { person } from "#e2e/fixtures/person.ts";
import { npmCommand } from "../runtime.mjs";
import type { Client } from "./load.ts";

/** What we measure ourselves beside, and never depend on. */
const PACKAGES = ["better-auth@1.7.25", "better-sqlite3@13.2.0"];

export type Rival = { url: string; checks: Client[]; logsIn: Client[]; end: () => void };

/** Starts it with this many people signed up; undefined, with the reason said, where npm cannot fetch it. */
export async function startRival(howMany: number): Promise<Rival | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-rival-"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }');
  const { command, first } = npmCommand();
  const install = [...first, "install", "--ignore-scripts", "--no-audit", "--no-fund", ...PACKAGES];
  if (spawnSync(command, install, { cwd: folder, stdio: "ignore" }).status !== 0) {
    console.log(`  ${PACKAGES[0]} could not be fetched; its figures are left out`);
    rmSync(folder, { recursive: true });
    return undefined;
  }
  copyFileSync("scripts/bench/rival-process.mjs", join(folder, "process.mjs"));
  const child = fork("process.mjs", { cwd: folder, env: { PATH: process.env.PATH, NODE_ENV: "production" } });
  const url = await urlOf(child);
  const everyone = await Promise.all(Array.from({ length: howMany }, () => signedUp(url)));
  return {
    url,
    checks: everyone.map(({ cookie }) => ({ headers: { cookie } })),
    logsIn: everyone.map(({ body }) => ({ headers: {}, body })),
    end: () => {
      child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function urlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("message", (url) => resolve(String(url)));
    child.once("exit", (code) => reject(new Error(`The rival ended with ${code} before it answered`)));
  });
}

async function signedUp(url: string) {
  const { email, password } = person();
  const response = await fetch(`${url}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ name: "Somebody", email, password }),
  });
  if (!response.ok) throw new Error(`Nobody to measure the rival with: ${response.status} ${await response.text()}`);
  const cookie = response.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  return { cookie, body: { email, password } };
}
