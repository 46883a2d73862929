import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "#e2e/fixtures/test.ts";

test("the reference of the API asks nobody outside, breaks no policy, and has no fault that axe knows", async ({
  page,
  server,
}) => {
  // axe reads a long page.
  test.slow();
  const foreign: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(server.url)) foreign.push(request.url());
  });
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto("/docs");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The API");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  expect([foreign, complaints]).toEqual([[], []]);
});

test("every path of the description stands on the page, with JavaScript or without", async ({
  browser,
  server,
  api,
}) => {
  const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/docs");
  const text = await page.locator("main").textContent();
  const { body } = await api.get("/api/openapi.json");
  expect(Object.keys(body.paths).length).toBeGreaterThan(20);
  for (const path of Object.keys(body.paths)) expect(text).toContain(path);
  await context.close();
});

test("the reference fits a screen of 320 px", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await page.goto("/docs");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
});

test("a call tried on the page is made for real, and its answer shown", async ({ page }) => {
  await page.goto("/docs");
  const tries = page.locator("details").filter({ hasText: "Try it" }).filter({ hasText: "Log in" }).first();
  await tries.locator("summary").click();
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().includes("/api/")),
    tries.getByRole("button", { name: "Send to this server" }).click(),
  ]);
  expect([400, 404]).toContain(answer.status());
  await expect(tries).toContainText(String(answer.status()));
});
