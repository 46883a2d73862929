import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "playwright/test";
import { CONTRACT_ROOTS, isProgramPath, PROGRAM_FILES } from "#lib/contracts/program-paths.ts";

/** The middleware's matcher must be a literal, so the list of the programs' paths stands there a second time. */

// As text: outside Next's bundles the file cannot be loaded.
const [literal = ""] = /"\/\(\(\?!.*"/.exec(readFileSync("proxy.ts", "utf8")) ?? [];
const MATCHER = new RegExp(`^${JSON.parse(literal)}$`);
const matches = (path: string): boolean => MATCHER.test(path);

test("the middleware leaves every path of a program alone", () => {
  for (const path of [...PROGRAM_FILES, ...CONTRACT_ROOTS, ...CONTRACT_ROOTS.map((root) => `${root}/login`)])
    expect([path, isProgramPath(path), matches(path)]).toEqual([path, true, false]);
});

test("every page is the middleware's, and no program's", () => {
  const pages = readdirSync("app/(pages)", { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(pages.length).toBeGreaterThan(5);
  for (const path of ["/", "/docs", "/dev/mailbox", "/health", "/apiary", ...pages.map(({ name }) => `/${name}`)])
    expect([path, isProgramPath(path), matches(path)]).toEqual([path, false, true]);
});

test("a path is what it will be read as, with and without a slash at the end", () => {
  for (const path of ["/api/../login", "/api/%2e%2e/login", "/api/..\\login", "/x/../dev/mailbox", "//api/auth/me"])
    expect([path, isProgramPath(path)]).toEqual([path, false]);
  for (const path of ["/health/live/", "/login/../api/auth/me", "/auth/me?next=/login"])
    expect([path, isProgramPath(path)]).toEqual([path, true]);
});
