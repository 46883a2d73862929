import AxeBuilder from "@axe-core/playwright";
import { expect, heading, test } from "#e2e/fixtures/pages.ts";
import { postForm, type RawAnswer, rawBytes, rawRequest } from "#e2e/fixtures/raw-request.ts";
import { Visitor } from "#e2e/fixtures/visitor.ts";
import { COMMON_HEADERS } from "#lib/server/common-headers.ts";

/** Under which names the pages answer, and to whose forms. What a form may hold: posted-forms.spec.ts. */

const html = { accept: "text/html" };
const NO_PAGE = "This site has another address";

function get(url: string, path: string, headers: Record<string, string>): Promise<RawAnswer> {
  return rawRequest(url, { method: "GET", path, headers });
}

test("the pages answer under their own name only, and the programs' doors under any", async ({ server }) => {
  const { port } = new URL(server.url);
  for (const host of ["localhost", "127.0.0.1", "127.0.0.2", "[::1]", "LocalHost"])
    for (const at of [host, `${host}:${port}`, `${host}:8080`])
      expect((await get(server.url, "/login", { host: at, ...html })).status, at).toBe(200);
  for (const path of ["/login", "/", "/nothing-here", "/docs", "/dev/mailbox", "/invite/preview", "/api/../login"]) {
    const { status, headers, text } = await get(server.url, path, { host: "accounts.example.com", ...html });
    expect([path, status, headers["content-type"]]).toEqual([path, 421, "text/html; charset=utf-8"]);
    expect(text).toContain(`<h1>${NO_PAGE}</h1>`);
    expect(text).toContain(`href="${server.url}/"`);
  }
  for (const path of ["/login", "/dev/mailbox/messages"]) {
    const { status, text } = await get(server.url, path, { host: "accounts.example.com" });
    expect([path, status, JSON.parse(text)]).toEqual([path, 421, { message: NO_PAGE }]);
  }
  for (const path of ["/health/live", "/health/ready", "/.well-known/jwks.json", "/.well-known/openid-configuration"])
    expect((await get(server.url, path, { host: "accounts.example.com", ...html })).status, path).toBe(200);
  for (const path of ["/auth/me", "/api/auth/me", "/staging/template-invite-mail"])
    expect((await get(server.url, path, { host: "accounts.example.com", ...html })).status, path).toBe(401);
});

test("what is no host, or only resembles ours, is not ours", async ({ server }) => {
  const { port } = new URL(server.url);
  for (const host of [
    "localhost.",
    "localhost.example.com",
    "127.0.0.1.example.com",
    "example.com@localhost",
    "localhost/x",
    "localhost:http",
  ])
    expect((await get(server.url, "/login", { host })).status, host).toBe(421);
  const claimed = { host: `localhost:${port}`, "x-forwarded-host": "accounts.example.com" };
  expect((await get(server.url, "/login", claimed)).status).toBe(421);
  expect(await rawBytes(server.url, "GET /login HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")).toMatch(
    /^HTTP\/1\.1 421 /,
  );
  // HTTP/1.0 knows no Host.
  expect(await rawBytes(server.url, "GET /login HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 421 /);
  expect(await rawBytes(server.url, "GET /health/live HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 200 /);
});

test("a person who comes by a wrong name is led to the right one", async ({
  playwright,
  launchOptions,
  server,
  newMember,
}) => {
  // A site whose name points at this machine would be of one origin with what it is shown.
  const args = [...(launchOptions.args ?? []), "--host-resolver-rules=MAP mailbox.example.com 127.0.0.1"];
  const browser = await playwright.chromium.launch({ ...launchOptions, args });
  const page = await browser.newPage();
  const { email } = await newMember();
  for (const path of ["/login", `/dev/mailbox?to=${email}`]) {
    const answer = await page.goto(`http://mailbox.example.com:${new URL(server.url).port}${path}`);
    expect(answer?.status()).toBe(421);
    await expect(heading(page, NO_PAGE)).toBeVisible();
    expect(await page.content()).not.toContain(email);
  }
  expect(await page.title()).toBe(`Error: ${NO_PAGE} · Latchkey`);
  await page.getByRole("link", { name: server.url }).click();
  await expect(page).toHaveURL(`${server.url}/`);
  await browser.close();
});

test.describe("behind a proxy", () => {
  const settings = {
    APP_URL: "https://accounts.example.com:8443",
    SMTP_URL: "smtp://127.0.0.1:9",
    MAIL_FROM: "accounts@example.org",
    BCRYPT_COST: "10",
  };
  const own = { "x-forwarded-proto": "https", origin: settings.APP_URL, ...html };

  test("the name is what the trusted proxy says, with its port or without, and a form comes through", async ({
    startServer,
  }) => {
    const server = await startServer({ ...settings, TRUST_PROXY: "1" });
    const visitor = new Visitor(server.url, { "x-forwarded-host": "accounts.example.com" });
    const fields = await visitor.form("/forgot-password", "Send the mail");
    for (const headers of [
      { host: "accounts.example.com:8443" },
      { host: "Accounts.Example.com" },
      { host: "backend:3000", "x-forwarded-host": "accounts.example.com" },
      // One that appends to what its caller claimed, as Apache does: the last is what it saw itself.
      { host: "backend:3000", "x-forwarded-host": "evil.example.com, accounts.example.com:8443" },
    ] as Record<string, string>[]) {
      expect((await get(server.url, "/login", { ...own, ...headers })).status, JSON.stringify(headers)).toBe(200);
      // No address: the page comes back and says so.
      const answer = await postForm(server.url, "/forgot-password", fields, { ...own, ...headers });
      expect([headers, answer.status]).toEqual([headers, 200]);
      expect(answer.text).toContain("error-summary");
    }
    for (const headers of [
      { host: "localhost" },
      { host: "accounts.example.com", "x-forwarded-host": "evil.example.com" },
      { host: "accounts.example.com", "x-forwarded-host": "accounts.example.com, evil.example.com" },
    ] as Record<string, string>[])
      expect((await get(server.url, "/login", { ...own, ...headers })).status, JSON.stringify(headers)).toBe(421);
    const plain = { ...own, host: "accounts.example.com:8443", origin: "http://accounts.example.com:8443" };
    expect((await postForm(server.url, "/forgot-password", fields, plain)).status).toBe(403);
    // Another port is another site, though it shares our name.
    const neighbour = { ...own, host: "accounts.example.com:9443", origin: "https://accounts.example.com:9443" };
    expect((await postForm(server.url, "/forgot-password", fields, neighbour)).status).toBe(403);
  });

  test("where no proxy is trusted, nobody's word for the name counts but Host", async ({ startServer }) => {
    const server = await startServer({ ...settings, TRUST_PROXY: "0" });
    const headers = { "x-forwarded-host": "accounts.example.com", ...html };
    expect((await get(server.url, "/login", { host: "evil.example.com", ...headers })).status).toBe(421);
    expect((await get(server.url, "/login", { host: "accounts.example.com" })).status).toBe(200);
  });
});

test("a form of another origin is refused, also where only the scheme or the port is another", async ({ server }) => {
  const port = Number(new URL(server.url).port);
  const fields = await new Visitor(server.url).form("/login", "Log in");
  for (const origin of [
    "https://other.example.com",
    server.url.replace("http:", "https:"),
    server.url.replace(String(port), String(port + 1)),
    server.url.replace("localhost", "127.0.0.1"),
    "null",
    "nonsense",
  ]) {
    const answer = await postForm(server.url, "/login", fields, { ...html, origin });
    expect([origin, answer.status]).toEqual([origin, 403]);
    expect(answer.text).toContain("<h1>This form was sent from another site</h1>");
  }
  expect((await postForm(server.url, "/login", fields, { origin: server.url })).status).toBe(200);
});

test("a page that is asked by a method it does not know names those it knows", async ({ server }) => {
  for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS"]) {
    const { status, headers } = await rawRequest(server.url, { method, path: "/login", headers: html });
    expect([method, status, headers.allow]).toEqual([method, 405, "GET, HEAD, POST"]);
  }
});

test("what is no path is said to a person with a page", async ({ server }) => {
  const page = await get(server.url, "/%E0%A4%A", html);
  expect([page.status, page.headers["content-type"]]).toEqual([400, "text/html; charset=utf-8"]);
  const contract = await get(server.url, "/api/auth/%E0%A4%A", html);
  expect([contract.status, JSON.parse(contract.text)]).toEqual([400, { message: "This address is not valid" }]);
});

test("a refusal carries the headers of every other answer, to a person and to a program", async ({ server }) => {
  for (const headers of [html, {}])
    for (const path of ["/%E0%A4%A", "/login"]) {
      const answer = await get(server.url, path, { ...headers, host: "accounts.example.com" });
      expect([400, 421]).toContain(answer.status);
      expect(answer.headers).toMatchObject(COMMON_HEADERS);
    }
});

for (const colorScheme of ["light", "dark"] as const)
  test(`a refusal has no fault that axe knows and fits 320 px, ${colorScheme}`, async ({ page, server }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.emulateMedia({ colorScheme });
    const form = { method: "POST", headers: { ...html, "content-type": "text/html" }, chunks: ["junk"] };
    const refusals = [
      await get(server.url, "/login", { ...html, host: "accounts.example.com" }),
      await rawRequest(server.url, { ...form, path: "/login" }),
      await rawRequest(server.url, { ...form, path: "/login", headers: { ...html, origin: "null" } }),
      await get(server.url, "/%E0%A4%A", html),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([421, 400, 403, 400]);
    for (const { text } of refusals) {
      await page.setContent(text);
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    }
  });
