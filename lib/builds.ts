import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

/** Where builds lie, each in a folder of its own, so that none is written over while a server answers from it. */
export const BUILDS = ".builds";

const CURRENT = `${BUILDS}/current`;

/** The folder of the last build that came out whole, which is what starts; undefined where nothing was built yet. */
export function currentBuild(): string | undefined {
  if (!existsSync(CURRENT)) return undefined;
  const folder = `${BUILDS}/${readFileSync(CURRENT, "utf8").trim()}`;
  return existsSync(`${folder}/BUILD_ID`) ? folder : undefined;
}

/** Makes the build of this name the one that starts: in one step, so that a start at this moment finds one or the other. */
export function switchTo(name: string): void {
  const next = `${CURRENT}.${process.pid}`;
  writeFileSync(next, `${name}\n`);
  renameSync(next, CURRENT);
}
