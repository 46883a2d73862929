import { readdirSync } from "node:fs";
import { expect, test } from "#e2e/fixtures/test.ts";
import {
  CONTRACT_ROOTS,
  isPagePath,
  isProgramPath,
  NO_PAGE_HEADER,
  PROGRAM_FILES,
} from "#lib/contracts/program-paths.ts";

/** Which paths are programs', and that the middleware sees the pages and nothing else. */

test("every path of a program is no page", () => {
  for (const path of [...PROGRAM_FILES, ...CONTRACT_ROOTS, ...CONTRACT_ROOTS.map((root) => `${root}/login`)])
    expect([path, isProgramPath(path), isPagePath(path)]).toEqual([path, true, false]);
});

test("every page is the middleware's, and no program's", () => {
  const pages = readdirSync("app/(pages)", { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(pages.length).toBeGreaterThan(5);
  for (const path of ["/", "/docs", "/dev/mailbox", "/health", "/apiary", ...pages.map(({ name }) => `/${name}`)])
    expect([path, isProgramPath(path), isPagePath(path)]).toEqual([path, false, true]);
});

test("a path is what it will be read as, with and without a slash at the end", () => {
  for (const path of ["/api/../login", "/api/%2e%2e/login", "/api/..\\login", "/x/../dev/mailbox", "//api/auth/me"])
    expect([path, isProgramPath(path)]).toEqual([path, false]);
  for (const path of ["/health/live/", "/login/../api/auth/me", "/auth/me?next=/login"])
    expect([path, isProgramPath(path)]).toEqual([path, true]);
});

test("pages have the middleware's policy whatever a caller says, and what is no page has not", async ({ server }) => {
  const policyOf = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(`${server.url}${path}`, { headers, redirect: "manual" })).headers.get("content-security-policy") ?? "";
  for (const path of ["/login", "/docs", "/nowhere"])
    expect(await policyOf(path, { [NO_PAGE_HEADER]: "1" }), path).toContain("'nonce-");
  for (const path of ["/icon.svg", "/health/live", "/api/auth/me", "/.well-known/change-password"])
    expect(await policyOf(path), path).not.toContain("'nonce-");
});
