import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install } from "./install.ts";
import { type Command, program, run, runAloud } from "./step.ts";

type Counts = { passed: number; failed: number; skipped: number };

process.env.NEXT_TELEMETRY_DISABLED = "1";

const parts: Counts[] = await setUp().then(runAll, notReady);
const total = (of: keyof Counts) => parts.reduce((sum, part) => sum + part[of], 0);
const skipped = total("skipped") > 0 ? `, ${total("skipped")} skipped` : "";
console.log(`\n${total("passed")} passed, ${total("failed")} failed${skipped}`);
process.exitCode = total("failed") > 0 ? 1 : 0;

/** All that the tests need, the browser included. Resolves with its path. */
async function setUp(): Promise<string> {
  await install();
  const [{ build }, { findBrowser }] = await Promise.all([import("./build.ts"), import("./browser.ts")]);
  await build();
  return findBrowser();
}

async function runAll(browser: string): Promise<Counts[]> {
  return [
    await check("Types", program("typescript/bin/tsc", "--noEmit")),
    await check("Lint", program("@biomejs/biome/bin/biome", "check", ".")),
    await runTests(browser, process.argv.slice(2)),
  ];
}

/** Whoever reads the last line shall find the count there, whatever went wrong. */
function notReady(error: Error): Counts[] {
  console.log(`\n  ${error.message}`);
  return [{ passed: 0, failed: 1, skipped: 0 }];
}

async function check(name: string, command: Command): Promise<Counts> {
  const { ok, output } = await run(command);
  console.log(ok ? `  ✓ ${name}` : `  ✗ ${name}\n\n${output}`);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** Runs Playwright's runner over the tests, or those that the arguments name. The reporter writes down how many passed. */
async function runTests(browser: string, args: string[]): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-test-"));
  const countsFile = join(folder, "counts.json");
  const env = { CHROMIUM_PATH: browser, LATCHKEY_TEST_COUNTS: countsFile };
  const code = await runAloud({ ...program("playwright/cli.js", "test", ...args), env });
  // A runner that ended before its end, or ran nothing, is a failure even if no test failed.
  const counts: Counts = existsSync(countsFile)
    ? JSON.parse(readFileSync(countsFile, "utf8"))
    : { passed: 0, failed: 1, skipped: 0 };
  rmSync(folder, { recursive: true });
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
