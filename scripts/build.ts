import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
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

const STAMP = ".next/latchkey-sources";

/** Builds the pages and route handlers for production, unless the last build was made from the same sources. */
export async function build(): Promise<void> {
  if (isBuilt()) return;
  const sources = hashOf(SOURCES);
  // The stamp goes first and comes back last, so a build cut short does not count.
  rmSync(STAMP, { force: true });
  await step("Building", { ...program("next/dist/bin/next", "build"), env: { NODE_ENV: "production" } });
  writeFileSync(STAMP, sources);
}

/** Whether the last build was made from the sources as they are. */
export function isBuilt(): boolean {
  return existsSync(STAMP) && readFileSync(STAMP, "utf8") === hashOf(SOURCES);
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
