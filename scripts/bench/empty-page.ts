import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright";
import { dispose, launchServer, type RunningServer } from "#e2e/fixtures/server.ts";
import { BUILDS, IN_USE } from "#lib/server/builds.ts";
import { findBrowser } from "../browser.ts";
import { run } from "../step.ts";

const SOURCES = [
  "app",
  "components",
  "lib",
  "db",
  "scripts/quick-imports.ts",
  "public",
  "proxy.ts",
  "instrumentation.ts",
  "server.ts",
];
// Not the lock file: the one above is by which Next finds the packages.
const CONFIG = ["next.config.mjs", "tsconfig.json", "package.json"];

/** What the copy's only build is called. */
const NAME = "empty-page";

/** Does the work with a server that has an empty page at /empty, which is no part of the product: a copy of the tree has it. */
export async function withEmptyPage<T>(work: (server: RunningServer) => Promise<T>): Promise<T> {
  mkdirSync("test-results", { recursive: true });
  const copy = mkdtempSync("test-results/empty-page-");
  try {
    await buildWithEmptyPage(copy);
    const server = await launchServer({}, copy);
    try {
      return await work(server);
    } finally {
      await dispose(server);
    }
  } finally {
    rmSync(copy, { recursive: true });
  }
}

async function buildWithEmptyPage(copy: string): Promise<void> {
  for (const name of [...SOURCES, ...CONFIG].filter((one) => existsSync(one)))
    cpSync(name, join(copy, name), { recursive: true });
  mkdirSync(join(copy, "app/empty"));
  writeFileSync(
    join(copy, "app/empty/page.tsx"),
    'import { connection } from "next/server";\n\nexport default async function Empty() {\n  await connection();\n  return null;\n}\n',
  );
  const built = await run({
    command: process.execPath,
    args: ["../../node_modules/next/dist/bin/next", "build"],
    env: { NODE_ENV: "production", LATCHKEY_BUILD: `${BUILDS}/${NAME}` },
    cwd: copy,
  });
  if (!built.ok) throw new Error(built.output);
  writeFileSync(join(copy, BUILDS, NAME, IN_USE), "");
  writeFileSync(join(copy, BUILDS, "current"), `${NAME}\n`);
}

/** JavaScript that a browser is sent with this page, in bytes as they come over the wire. */
export async function scriptBytes(url: string): Promise<number> {
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: ["--no-sandbox"] });
  const page = await browser.newPage();
  const devtools = await page.context().newCDPSession(page);
  const scripts = new Set<string>();
  let bytes = 0;
  devtools.on("Network.responseReceived", ({ requestId, type }) => {
    if (type === "Script") scripts.add(requestId);
  });
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  await devtools.send("Network.enable");
  await page.goto(url, { waitUntil: "networkidle" });
  await browser.close();
  return bytes;
}
