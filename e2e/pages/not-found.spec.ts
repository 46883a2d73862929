import { expect, test } from "#e2e/fixtures/test.ts";

for (const path of [
  "/nothing-here",
  "/icon-none",
  "/favicon.ico",
  "/.well-known/nonsense",
  "/_next/image?url=%2Ficon.svg&w=64&q=75",
])
  test(`the page that says there is nothing at ${path} carries the policy of every page`, async ({ server }) => {
    const answer = await fetch(server.url + path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toContain("text/html");
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'nonce-");
  });
