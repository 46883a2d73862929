import { existsSync, readFileSync } from "node:fs";
import { listInstalled } from "./damage.ts";
import { registryProblem } from "./runtime.mjs";
import { npm, step } from "./step.ts";

/** Installs exactly what package-lock.json names, unless that is what lies in node_modules already. */
export async function install(): Promise<void> {
  if (isInstalled()) return;
  await refuseUnderServer();
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  // What builds the pages and checks the types counts as development only; NODE_ENV=production would leave it out.
  const ci = ["ci", "--include=dev", ...quiet];
  const problem = registryProblem();
  // npm would try for minutes and then blame a package. What it keeps of earlier installations may be all that is needed.
  if (problem) ci.push("--offline");
  try {
    await step("Installing dependencies", npm(...ci));
  } catch (error) {
    throw problem ? new Error(`The dependencies cannot be installed: ${problem}.`) : error;
  }
  listInstalled();
}

/** npm clears node_modules away first, from under a server that loads a part of it only when somebody asks for it. */
async function refuseUnderServer(): Promise<void> {
  // This import fails where the database driver is missing. Then no server can be running, and npm may install.
  const builds = await import("#lib/server/builds.ts").catch(() => undefined);
  if (builds?.isAnyInUse())
    throw new Error(
      "The dependencies have changed, and a running server uses the ones installed here. Stop it first, then run this again.",
    );
}

type Locked = {
  version?: string;
  integrity?: string;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
};

/**
 * npm ends an installation by writing down what it installed, and starts one by clearing node_modules, that note included:
 * a note that agrees with the lock file means a whole installation, whoever made it.
 */
export function isInstalled(): boolean {
  const note = "node_modules/.package-lock.json";
  if (!existsSync(note)) return false;
  const installed = packagesIn(note);
  return Object.entries(packagesIn("package-lock.json")).every(([path, wanted]) => {
    if (path === "") return true;
    const found = installed[path];
    // Left out rightly: what was made for another system. Other optional packages may be missing too.
    if (!found) return wanted.optional === true;
    const isTheSame = found.version === wanted.version && (!wanted.integrity || found.integrity === wanted.integrity);
    return isTheSame && fits(found) && isWhole(path);
  });
}

function packagesIn(lockFile: string): Record<string, Locked> {
  return JSON.parse(readFileSync(lockFile, "utf8")).packages;
}

// A directory brought over from another system holds that one's binaries.
function fits({ os, cpu }: Locked): boolean {
  return (!os || os.includes(process.platform)) && (!cpu || cpu.includes(process.arch));
}

function isWhole(path: string): boolean {
  return existsSync(`${path}/package.json`);
}
