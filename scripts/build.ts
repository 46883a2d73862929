import { createHash, randomBytes } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename } from "node:path";
import {
  BUILDS,
  currentBuild,
  IN_USE,
  isWhole,
  removeBuildsBut,
  switchTo,
  tryToLock,
  UNFINISHED,
} from "#lib/server/builds.ts";
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

/**
 * Builds the pages and route handlers for production, unless they were built from the same sources before. Resolves with
 * whether it had to. A build that fails changes nothing: the last good one stays the one that starts.
 */
export async function build(): Promise<boolean> {
  if (isBuilt()) return false;
  mkdirSync(BUILDS, { recursive: true });
  const lock = tryToLock(`${BUILDS}/lock`);
  if (!lock) throw new Error("Another build is running here. Run this again when it has finished.");
  try {
    const name = nameOfSources();
    const isNew = !isWhole(`${BUILDS}/${name}`);
    if (isNew) await make(name);
    const before = currentBuild();
    switchTo(name);
    keepRouteTypes(name);
    // The one before stays for whoever goes back to its sources.
    removeBuildsBut(before ? [name, basename(before)] : [name]);
    return isNew;
  } finally {
    lock.close();
  }
}

/** Whether the build that starts was made from the sources as they are. */
export const isBuilt = (): boolean => currentBuild() === `${BUILDS}/${nameOfSources()}`;

const nameOfSources = (): string => hashOf(SOURCES).slice(0, 12);

async function make(name: string): Promise<void> {
  refuseDamaged();
  const env = {
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    LATCHKEY_BUILD: UNFINISHED,
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: actionsKey(),
  };
  try {
    // Always in the same folder: what Next keeps from the last build is good for no other, and saves most of the work.
    await step("Building", { ...program("next/dist/bin/next", "build"), env });
  } catch (error) {
    throw new Error(`${(error as Error).message}${currentBuild() ? LAST_GOOD : ""}`);
  }
  writeFileSync(`${UNFINISHED}/${IN_USE}`, "");
  // The name comes last and in one step, so that whatever has one is whole.
  const folder = `${BUILDS}/${name}`;
  rmSync(folder, { recursive: true, force: true });
  renameSync(UNFINISHED, folder);
  mkdirSync(UNFINISHED);
  renameSync(`${folder}/cache`, `${UNFINISHED}/cache`);
}

const LAST_GOOD = `
  The last good build is untouched: a running server goes on with it, and \`npm start -- --last-build\` starts it.`;

/** next-env.d.ts names the folder that builds are made in, so the types of the routes stay there. */
function keepRouteTypes(name: string): void {
  cpSync(`${BUILDS}/${name}/types`, `${UNFINISHED}/types`, { recursive: true });
}

/**
 * What the names of server actions are drawn from. Made anew with each build, as Next does by itself, it would leave every
 * form that was opened before an update without its action.
 */
function actionsKey(): string {
  const file = `${BUILDS}/actions-key`;
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString("base64"), { mode: 0o600 });
  return readFileSync(file, "utf8");
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
