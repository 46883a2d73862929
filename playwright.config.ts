import { availableParallelism } from "node:os";
import { defineConfig } from "playwright/test";
import { WITHOUT_FEATURES } from "#e2e/fixtures/browser-features.ts";
import type { ServerOptions } from "#e2e/fixtures/test.ts";

/**
 * The tests run against the production build: `npm test` makes it first and names the browser it found. What a test
 * gets handed is in e2e/fixtures/test.ts.
 */
export default defineConfig<object, ServerOptions>({
  testDir: "e2e",
  projects: [
    { name: "core", testDir: "e2e/core" },
    { name: "store", testDir: "e2e/store" },
    { name: "contracts", testDir: "e2e/contracts" },
    { name: "pages", testDir: "e2e/pages" },
  ],
  fullyParallel: true,
  workers: Math.max(2, availableParallelism()),
  // On a machine that others share a test may lose a race against the clock; one that needs its second try is named.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
  // Some tests start a server or two of their own, which takes its time on a machine that is busy.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: "./e2e/fixtures/reporter.ts",
  use: {
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    screenshot: "only-on-failure",
    launchOptions: {
      ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        WITHOUT_FEATURES,
      ],
    },
  },
});
