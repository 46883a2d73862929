import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright/test";
import {
  expect,
  fill,
  heading,
  interactive,
  logInOn,
  person,
  press,
  signUpOn,
  summary,
  test,
} from "#e2e/fixtures/pages.ts";

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("a form whose action is gone since an update leads to the one of today, with what was typed but the password", async ({
      page,
    }) => {
      const who = person();
      const { email, password } = who;
      const update = await openBeforeUpdate(page, "/sign-up?next=/invite");
      if (javaScriptEnabled) await interactive(page);
      await fill(page, { "E-mail address": email, Password: password });
      const answer = page.waitForResponse((one) => one.request().method() === "POST");
      await press(page, "Create account");
      expect((await answer).status()).toBe(409);

      if (javaScriptEnabled) {
        await expect(summary(page)).toContainText("This site was updated since you opened this page");
        await expect(page.getByLabel("Password", { exact: true })).toHaveValue(password);
      } else {
        await expect(heading(page, "This site was updated")).toBeVisible();
        await expect(page.getByText(email)).toBeVisible();
        expect(await page.content()).not.toContain(password);
      }
      await update();
      if (javaScriptEnabled) await press(page, "Open the page again");
      else await page.getByRole("link", { name: "Open the form again" }).click();
      await expect(page).toHaveURL(/\/sign-up\?next=\/invite$/);
      await expect(page.getByLabel("E-mail address")).toHaveValue(email);
      await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");

      await page.goto("/forgot-password");
      await expect(page.getByLabel("E-mail address")).toHaveValue("");
      await signUpOn(page, who);
    });

    test("a button whose action is gone says so, and the page opened anew has one that works", async ({
      page,
      newMember,
    }) => {
      await logInOn(page, await newMember());
      await expect(heading(page, "Your account")).toBeVisible();
      const update = await openBeforeUpdate(page, "/account");
      const button = page.getByRole("button", { name: "Log out", exact: true });
      // Until React has the form, it is sent as without JavaScript.
      if (javaScriptEnabled)
        await expect
          .poll(() => button.evaluate((one) => Object.keys(one).some((key) => key.startsWith("__reactProps"))))
          .toBe(true);
      await button.click();
      await expect(heading(page, "This site was updated")).toBeVisible();
      await update();
      if (javaScriptEnabled) await press(page, "Open the page again");
      else await page.getByRole("link", { name: "Open the form again" }).click();
      await expect(heading(page, "Your account")).toBeVisible();
      await press(page, "Log out");
      await expect(heading(page, "Log in")).toBeVisible();
    });
  });

test("what somebody typed into an old form is shown as text, whatever it is", async ({ page }) => {
  const text = `"><img src=x onerror="document.title='canary'"><b>&amp;`;
  await page.goto("/login");
  await page.setContent("");
  await page.evaluate((typed) => {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: "/login", enctype: "multipart/form-data" });
    for (const [name, value] of Object.entries({ [`$ACTION_ID_40${"0".repeat(40)}`]: "", email: typed })) {
      const field = document.createElement("input");
      Object.assign(field, { name, value });
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  }, text);
  await expect(heading(page, "This site was updated")).toBeVisible();
  await expect(page.locator("dd")).toHaveText(text);
  expect((await new AxeBuilder({ page }).setLegacyMode(true).analyze()).violations).toEqual([]);
  await page.getByRole("link", { name: "Open the form again" }).click();
  await expect(page.getByLabel("E-mail address")).toHaveValue(text);
  await expect(page).toHaveTitle("Log in · Latchkey");
});

/** Opens a page as another build made it: with other names for its actions. Resolves with what ends that. */
async function openBeforeUpdate(page: Page, path: string): Promise<() => Promise<void>> {
  const isOfBuild = (url: URL) => !url.pathname.startsWith("/dev/");
  await page.route(isOfBuild, async (route) => {
    if (route.request().method() !== "GET") return route.continue();
    const response = await route.fetch();
    if (!/html|javascript|x-component/.test(response.headers()["content-type"] ?? ""))
      return route.fulfill({ response });
    const body = (await response.text()).replaceAll(
      /(?<![0-9a-f])([0-9a-f]{2})[0-9a-f]{40}(?![0-9a-f])/g,
      `$1${"0".repeat(40)}`,
    );
    // Files of another build have other names; these must not be taken for today's later on.
    await route.fulfill({ response, body, headers: { ...response.headers(), "cache-control": "no-store" } });
  });
  await page.goto(path);
  return () => page.unroute(isOfBuild);
}
