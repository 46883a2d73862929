import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test as base, expect, person } from "#e2e/fixtures/test.ts";

/**
 * A frontend of somebody else's on another origin, as the auth contract's clients have one: mailed links lead to its page,
 * and the page posts the token by itself.
 */
const PAGE = `<!doctype html><html lang="en"><title>Welcome</title><h1>Welcome</h1><p id="out">one moment</p><script>
  const out = document.getElementById("out");
  const here = new URL(location.href);
  const say = (text) => { out.textContent = text; };
  fetch(here.searchParams.get("api") + "/verify", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ authToken: here.searchParams.get("authToken") }),
  }).then(async (answer) => say(answer.status + " " + Object.keys(await answer.json()) + " " + here.hash), (error) => say(String(error)));
</script></html>`;

const test = base.extend<object, { site: string; stranger: string }>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures needed from this pattern
    async ({}, use) => serving(use),
    { scope: "worker" },
  ],
  stranger: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => serving(use),
    { scope: "worker" },
  ],
  serverSettings: [
    async ({ site, stranger }, use) =>
      use({ REDIRECT_URLS: `${site}/welcome, ${stranger}/welcome`, CORS_ORIGINS: site }),
    { scope: "worker" },
  ],
});

async function serving(use: (origin: string) => Promise<void>): Promise<void> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.closeAllConnections();
  server.close();
}

test("a mailed link leads to the caller's own page, which proves the address by itself", async ({
  local,
  api,
  mailFor,
  site,
  server,
}) => {
  // A browser without the tests' own header, which a script's request from another origin could not carry.
  const page = await local.newPage();
  const { email, password } = person();
  const redirectURL = `${site}/welcome?api=${encodeURIComponent(server.url)}#/done`;
  expect((await api.post("/auth/signup", { email, password, redirectURL })).status).toBe(200);
  const { link } = await mailFor(email);
  expect(link?.startsWith(`${site}/welcome?`)).toBe(true);
  await page.goto(link ?? "");
  await expect(page.locator("#out")).toHaveText("200 accessToken,refreshToken #/done");
  expect((await api.post("/auth/login", { email, password })).status).toBe(200);
  // Opened again, the page is told that the link was used.
  await page.reload();
  await expect(page.locator("#out")).toHaveText("403 message #/done");
});

test("a page whose origin is not on the list of CORS_ORIGINS is told nothing", async ({
  local,
  api,
  mailFor,
  stranger,
  server,
}) => {
  const page = await local.newPage();
  const { email, password } = person();
  const redirectURL = `${stranger}/welcome?api=${encodeURIComponent(server.url)}`;
  await api.post("/auth/signup", { email, password, redirectURL });
  await page.goto((await mailFor(email)).link ?? "");
  await expect(page.locator("#out")).toHaveText(/TypeError/);
  // The browser did not even send it: the preflight was not answered with leave.
  expect((await api.post("/auth/login", { email, password })).status).toBe(403);
});
