import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { program, step } from "./step.ts";

const SYSTEM_NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];

/**
 * The Chromium the tests run in: CHROMIUM_PATH, the system's, Playwright's own, Debian's package; the last two are fetched
 * where they can be. Throws one sentence when there is none, since tests that skip the browser would prove nothing.
 */
export async function findBrowser(): Promise<string> {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (runs(named)) return named;
    throw new Error("CHROMIUM_PATH does not name a Chromium that runs here; set it to one, or leave it out");
  }
  const found = systemBrowser() ?? (await playwrights()) ?? (await debians());
  if (found) return found;
  throw new Error(
    "The tests need a Chromium: install one (apt-get install chromium), or set CHROMIUM_PATH to the one you have",
  );
}

async function playwrights(): Promise<string | undefined> {
  const { chromium } = await import("playwright");
  const own = chromium.executablePath();
  if (runs(own)) return own;
  const isFetched = await worked(step("Fetching a Chromium", program("playwright/cli.js", "install", "chromium")));
  if (isFetched && !runs(own) && isRoot())
    await worked(step("Installing what it needs", program("playwright/cli.js", "install-deps", "chromium")));
  return runs(own) ? own : undefined;
}

async function debians(): Promise<string | undefined> {
  if (!isRoot() || inPath("apt-get").length === 0) return undefined;
  const apt = (...args: string[]) => ({ command: "apt-get", args, env: { DEBIAN_FRONTEND: "noninteractive" } });
  const install = async () => {
    await step("Asking Debian for its packages", apt("update", "-qq"));
    await step("Installing its Chromium", apt("install", "-y", "-qq", "--no-install-recommends", "chromium"));
  };
  return (await worked(install())) ? systemBrowser() : undefined;
}

// A way that does not work is no fault: the next one is tried.
const worked = (way: Promise<void>): Promise<boolean> =>
  way.then(
    () => true,
    () => false,
  );

// Only root may install packages.
const isRoot = (): boolean => process.getuid?.() === 0;

function systemBrowser(): string | undefined {
  const mac = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];
  return [...SYSTEM_NAMES.flatMap(inPath), ...mac].find(runs);
}

function inPath(name: string): string[] {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).filter(existsSync);
}

// Being there is not enough: libraries may be missing, and some systems put a stub in its place.
function runs(path: string): boolean {
  return existsSync(path) && spawnSync(path, ["--version"], { stdio: "ignore", timeout: 20_000 }).status === 0;
}
