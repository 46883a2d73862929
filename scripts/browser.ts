import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { program, step } from "./step.ts";

const SYSTEM_NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];

/**
 * The Chromium the tests run in: CHROMIUM_PATH, then the system's, then Playwright's own, fetched where it can be. Throws
 * one sentence when there is none, since tests that skip the browser would prove nothing.
 */
export async function findBrowser(): Promise<string> {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (runs(named)) return named;
    throw new Error("CHROMIUM_PATH does not name a Chromium that runs here; set it to one, or leave it out");
  }
  const installed = systemBrowsers().find(runs);
  if (installed) return installed;

  const { chromium } = await import("playwright");
  const own = chromium.executablePath();
  if (runs(own)) return own;
  await fetchOwn();
  if (runs(own)) return own;
  throw new Error(
    "The tests need a Chromium: install one (apt-get install chromium), or set CHROMIUM_PATH to the one you have",
  );
}

async function fetchOwn(): Promise<void> {
  // Only root may install the libraries that Playwright's build asks for; elsewhere they may be there already.
  const withLibraries = process.getuid?.() === 0 ? ["--with-deps"] : [];
  await step("Fetching a Chromium", program("playwright/cli.js", "install", ...withLibraries, "chromium")).catch(
    () => {},
  );
}

function systemBrowsers(): string[] {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const mac = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];
  return [...SYSTEM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...mac].filter(existsSync);
}

// Being there is not enough: libraries may be missing, and some systems put a stub in its place.
function runs(path: string): boolean {
  return existsSync(path) && spawnSync(path, ["--version"], { stdio: "ignore", timeout: 20_000 }).status === 0;
}
