import { clientAddress, expect, fill, heading, logInOn, person, press, summary, test } from "#e2e/fixtures/pages.ts";
import { Visitor } from "#e2e/fixtures/visitor.ts";

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
  await page.goto("/account/sessions");
  await logInOn(page, who);
  await expect(heading(page, "Where you are logged in")).toBeVisible();

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

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("a device tells its network and when it was last used, its button names it, and the notice takes the focus", async ({
      page,
      server,
      newMember,
    }) => {
      const who = await newMember();
      const from = async (network: string) => {
        const headers = { "x-forwarded-for": `${network}.7`, "user-agent": PHONE };
        await new Visitor(server.url, headers).submit("/login", "Log in", { email: who.email, password: who.password });
      };
      await from("198.51.100");
      await from("203.0.113");
      await page.goto("/account/sessions");
      await logInOn(page, who);
      await expect(heading(page, "Where you are logged in")).toBeVisible();

      const devices = page.getByRole("listitem");
      await expect(devices.first()).toContainText("In use now");
      for (const network of ["203.0.113", "198.51.100"]) {
        const device = devices.filter({ hasText: `from network ${network}.0/24` });
        await expect(device).toContainText(/Last used \d+ \w+ \d{4}, \d\d:\d\d/);
        await device
          .getByRole("button", { name: /^Log out Safari on iPhone, last used \d+ \w+ \d{4}, \d\d:\d\d/ })
          .click();
        await expect(device).toHaveCount(0);
        await expect(page.getByRole("status")).toHaveText("That device is logged out.");
        await expect(page.getByRole("status")).toBeFocused();
      }
    });

    test("on every page there is a way to one's account for whoever is logged in, and for nobody else", async ({
      page,
      newMember,
    }) => {
      const way = page.getByRole("banner").getByRole("link", { name: "Your account" });
      for (const path of ["/", "/login", "/no-such-page"]) {
        await page.goto(path);
        await expect(heading(page, /./)).toBeVisible();
        await expect(way).toHaveCount(0);
      }
      await page.goto("/login?next=/invite");
      await logInOn(page, await newMember());
      await expect(heading(page, "Invite someone")).toBeVisible();
      await expect(way).toBeVisible();
      for (const path of ["/", "/account/password", "/forgot-password", "/no-such-page"]) {
        await page.goto(path);
        await expect(way, path).toBeVisible();
      }
      await way.click();
      await expect(heading(page, "Your account")).toBeVisible();
      await expect(way, "not to where one is").toHaveCount(0);
      await press(page, "Log out");
      await expect(heading(page, "Log in")).toBeVisible();
      await expect(way).toHaveCount(0);
    });
  });

test("whoever logs in at the server's own machine is told so, and no number", async ({ local, newMember }) => {
  const page = await local.newPage();
  await page.goto("/account/sessions");
  await logInOn(page, await newMember());
  const here = page.getByRole("listitem").filter({ hasText: "This device" });
  await expect(here).toContainText("from this server’s own machine");
  await expect(here).not.toContainText("network");
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
  await page.goto("/account/sessions");
  await logInOn(page, who);
  await expect(heading(page, "Where you are logged in")).toBeVisible();
  const sid = JSON.parse(Buffer.from(victim.accessToken.split(".")[1] ?? "", "base64url").toString());
  const id = Object.values(sid).find(
    (value) => typeof value === "string" && /^[0-9a-f-]{36}$/.test(value) && value !== sid.sub,
  );
  await page
    .locator("input[name=session]")
    .first()
    .evaluate((input, value) => input.setAttribute("value", value), String(id));
  await page.getByRole("listitem").getByRole("button", { name: "Log out" }).first().click();
  await page.waitForURL("**/account/sessions?notice**");
  expect((await api.get("/auth/me", { authorization: `Bearer ${victim.accessToken}` })).status).toBe(200);
});

test("who has copied the cookies of a session is out once its owner has changed the password in it", async ({
  server,
  newMember,
}) => {
  const who = await newMember();
  const owner = new Visitor(server.url, { "x-forwarded-for": clientAddress() });
  await owner.submit("/login", "Log in", { email: who.email, password: who.password });
  const copy = owner.twin();
  expect((await copy.open("/account")).status).toBe(200);
  const changed = await owner.submit("/account/password", "Change password", {
    currentPassword: who.password,
    newPassword: "another long password",
  });
  expect(changed.headers.get("location")).toContain("/account");
  expect((await owner.open("/account")).status).toBe(200);
  expect((await copy.open("/account")).headers.get("location")).toContain("/login");
});
