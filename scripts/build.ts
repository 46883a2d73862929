import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { BUILDS, currentBuild, switchTo } from "#lib/builds.ts";
import { refuseDamaged } from "./damage.ts";
import { program, step } from "./step.ts";

/** All that decides what `next build` makes. Tests, scripts and server.ts are not among it. */
const SOURCES = [
  "app",
  "components",
  "lib",
  "db",
  "public",
  "proxy.ts",
  "instrumentation.ts",
  "next.config.mjs",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
];

const CACHE = `${BUILDS}/cache`;
const ROUTE_TYPES = "next-env.d.ts";
const STAMP = "latchkey-sources";

/**
 * Builds the pages and route handlers for production, unless they were built from the same sources before. A build that
 * fails changes nothing: the last good one stays the one that starts.
 */
export async function build(): Promise<void> {
  if (isBuilt()) return;
  const sources = hashOf(SOURCES);
  const name = nameOf(sources);
  if (!isWhole(name, sources)) await make(name, sources);
  const before = currentBuild();
  switchTo(name);
  // The one before stays: a server that was started on it goes on answering from there until it is stopped.
  removeAllBut([name, before && basename(before), basename(CACHE)]);
}

/** Whether the build that starts was made from the sources as they are. */
export function isBuilt(): boolean {
  const sources = hashOf(SOURCES);
  return currentBuild() === `${BUILDS}/${nameOf(sources)}` && isWhole(nameOf(sources), sources);
}

async function make(name: string, sources: string): Promise<void> {
  refuseDamaged();
  const folder = `${BUILDS}/${name}`;
  const env = {
    NODE_ENV: "production",
    LATCHKEY_BUILD: folder,
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: actionsKey(),
  };
  const types = existsSync(ROUTE_TYPES) ? readFileSync(ROUTE_TYPES, "utf8") : "";
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  // What Next keeps to build faster next time goes from build to build.
  move(CACHE, `${folder}/cache`);
  try {
    await step("Building", { ...program("next/dist/bin/next", "build"), env });
    move(`${folder}/cache`, CACHE);
  } catch (error) {
    move(`${folder}/cache`, CACHE);
    rmSync(folder, { recursive: true, force: true });
    // It names the folder of the build by now, and with it the types of the routes would be gone.
    if (types) writeFileSync(ROUTE_TYPES, types);
    throw new Error(`${(error as Error).message}${currentBuild() ? LAST_GOOD : ""}`);
  }
  // Last, so that a build cut short does not count.
  writeFileSync(`${folder}/${STAMP}`, sources);
}

const LAST_GOOD = `
  The last good build is untouched: a running server goes on with it, and \`npm start -- --last-build\` starts it.`;

const nameOf = (sources: string): string => sources.slice(0, 12);

function isWhole(name: string, sources: string): boolean {
  const stamp = `${BUILDS}/${name}/${STAMP}`;
  return existsSync(stamp) && readFileSync(stamp, "utf8") === sources;
}

/**
 * What the names of server actions are drawn from. Made anew with each build, as Next does by itself, it would leave every
 * form that was opened before an update without its action.
 */
function actionsKey(): string {
  const file = `${BUILDS}/actions-key`;
  mkdirSync(BUILDS, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString("base64"), { mode: 0o600 });
  return readFileSync(file, "utf8");
}

function move(from: string, to: string): void {
  if (!existsSync(from)) return;
  rmSync(to, { recursive: true, force: true });
  renameSync(from, to);
}

function removeAllBut(kept: (string | undefined)[]): void {
  const others = readdirSync(BUILDS, { withFileTypes: true }).filter((one) => one.isDirectory());
  for (const { name } of others)
    if (!kept.includes(name)) rmSync(`${BUILDS}/${name}`, { recursive: true, force: true });
}

function hashOf(paths: string[]): string {
  const hash = createHash("sha256");
  for (const file of paths.flatMap(filesIn))
    hash.update(`${file}\0${statSync(file).size}\0`).update(readFileSync(file));
  return hash.digest("hex");
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(`${path}/${name}`));
}
