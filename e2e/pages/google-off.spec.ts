import { expect, test } from "#e2e/fixtures/test.ts";

test("without Google's settings there is no button, and its door says so", async ({ page, api }) => {
  for (const path of ["/login", "/sign-up"]) {
    await page.goto(path);
    await expect(page.getByRole("link", { name: "Continue with Google" })).toHaveCount(0);
  }
  const answer = await api.post("/api/login_google", { id_token: "eyJ" });
  expect([answer.status, answer.body]).toEqual([
    404,
    { message: "Log-in with Google is not configured", data: {}, error: true },
  ]);
});
