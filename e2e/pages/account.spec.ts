import { expect, fill, heading, logInOn, person, press, summary, test } from "#e2e/fixtures/pages.ts";

const PHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

test("every device that is logged in is listed in plain words, and can be logged out from here", async ({
  page,
  browser,
  server,
  address,
  api,
  newMember,
}) => {
  const who = await newMember();
  const phone = await browser.newPage({
    baseURL: server.url,
    userAgent: PHONE,
    extraHTTPHeaders: { "x-forwarded-for": address },
  });
  await logInOn(phone, who);
  await expect(heading(phone, "Your account")).toBeVisible();
  await page.goto("/login");
  await logInOn(page, who);

  const devices = page.getByRole("listitem");
  await expect(devices).toHaveCount(3);
  await expect(devices.first()).toContainText("Chrome on Linux This device");
  await expect(devices.filter({ hasText: "An app: node" })).toHaveCount(1);
  await devices.filter({ hasText: "Safari on iPhone" }).getByRole("button", { name: "Log out" }).click();
  await expect(page.getByRole("status")).toHaveText("That device is logged out.");
  await expect(devices).toHaveCount(2);

  await phone.goto("/account");
  await expect(heading(phone, "Log in"), "out at its next request").toBeVisible();
  await phone.close();
  expect((await api.get("/auth/me", { authorization: `Bearer ${who.accessToken}` })).status).toBe(200);
});

test("logged out everywhere is logged out everywhere, programs too", async ({ page, api, newMember }) => {
  const who = await newMember();
  await page.goto("/login");
  await logInOn(page, who);
  await press(page, "Log out everywhere");
  await expect(page.getByRole("status")).toHaveText("You are logged out on every device.");
  await page.goto("/account");
  await expect(heading(page, "Log in")).toBeVisible();
  expect((await api.get("/auth/me", { authorization: `Bearer ${who.accessToken}` })).status).toBe(401);
});

test("a changed password ends the other sessions, keeps this one, and mails a notice", async ({
  page,
  api,
  newMember,
  mailFor,
}) => {
  const who = await newMember();
  const password = `${who.password}-anew`;
  await page.goto("/login?next=/account/password");
  await logInOn(page, who);
  await page.waitForURL("**/account/password");
  await fill(page, { "Current password": "not the one", "New password": password });
  await press(page, "Change password");
  await expect(summary(page)).toContainText("This is not your current password.");
  await fill(page, { "Current password": who.password, "New password": password });
  await press(page, "Change password");
  await expect(page.getByRole("status")).toHaveText("Your password is changed. All other devices are logged out.");
  await mailFor(who.email, { subject: /changed/i });
  expect((await api.get("/auth/me", { authorization: `Bearer ${who.accessToken}` })).status).toBe(401);
  expect((await api.post("/auth/login", { email: who.email, password: who.password })).status).toBe(400);
  expect((await api.post("/auth/login", { email: who.email, password })).status).toBe(200);
});

test("nobody ends a session of somebody else", async ({ page, api, newMember }) => {
  const victim = await newMember();
  const who = await newMember(person());
  await api.post("/auth/login", { email: who.email, password: who.password });
  await page.goto("/login");
  await logInOn(page, who);
  const sid = JSON.parse(Buffer.from(victim.accessToken.split(".")[1] ?? "", "base64url").toString());
  const id = Object.values(sid).find(
    (value) => typeof value === "string" && /^[0-9a-f-]{36}$/.test(value) && value !== sid.sub,
  );
  await page
    .locator("input[name=session]")
    .first()
    .evaluate((input, value) => input.setAttribute("value", value), String(id));
  await page.getByRole("listitem").getByRole("button", { name: "Log out" }).first().click();
  await page.waitForURL("**/account**");
  expect((await api.get("/auth/me", { authorization: `Bearer ${victim.accessToken}` })).status).toBe(200);
});
