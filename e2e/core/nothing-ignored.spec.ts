import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { expect, test } from "#e2e/fixtures/test.ts";

/**
 * A pattern of the ignore list that is meant for a folder at the top, and fits one deep in the source, leaves that out of every commit: all
 * is well here, and the clone lacks it.
 */

/** Folders at the top of which nothing is ever committed. */
const MADE = new Set(["node_modules", "data", "test-results", "playwright-report"]);

test("no file of the source is left out of a clone by the ignore list", () => {
  test.skip(!existsSync(".git"), "This tree is not a clone: there is no ignore list to ask.");
  const rooms = readdirSync(".", { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !MADE.has(entry.name))
    .map(({ name }) => name);
  expect(rooms).toContain("app");
  const ignored = git("ls-files", "--others", "--ignored", "--exclude-standard", "--", ...rooms).split("\n");
  expect(ignored.filter((file) => file !== "" && !file.startsWith("runtime/node_modules/"))).toEqual([]);
  // Nor will one be that there is not yet.
  for (const name of ["data", "test-results"])
    expect(isIgnored(`app/(pages)/account/${name}/page.tsx`), name).toBe(false);
  expect(isIgnored("data/latchkey.db"), "people's own data").toBe(true);
});

function isIgnored(path: string): boolean {
  try {
    return git("check-ignore", "--no-index", path) !== "";
  } catch {
    return false;
  }
}

const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8" });
