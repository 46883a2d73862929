import type { Page } from "playwright/test";
import { expect, heading, interactive, logInOn, press, test } from "#e2e/fixtures/invite.ts";
import { DEVICE, PENDING_MAIL } from "#e2e/fixtures/visitor.ts";

const CEREMONY = "latchkey_ceremony";

/** What a log-out leaves in the browser. What it ends in the store: account.spec.ts and middleware.spec.ts. */

for (const javaScriptEnabled of [true, false])
  test.describe(`with JavaScript ${javaScriptEnabled ? "on" : "off"}`, () => {
    test.use({ javaScriptEnabled });

    for (const [button, notice] of [
      ["Log out", "You are logged out."],
      ["Log out everywhere", "You are logged out on every device."],
    ] as const)
      test(`"${button}" has the browser forget all but that it was here, and nothing of other sites`, async ({
        page,
        context,
        newMember,
      }) => {
        await page.goto("/login");
        if (javaScriptEnabled) await interactive(page);
        await logInOn(page, await newMember());
        await expect(heading(page, "Your account")).toBeVisible();
        // What another program on this machine set, and a log-in that went another way.
        const url = page.url();
        await context.addCookies([
          { name: "neighbour", value: "1", url },
          { name: PENDING_MAIL, value: "1", url },
          { name: "latchkey_google_x", value: "1", url },
        ]);
        if (javaScriptEnabled) await page.evaluate(() => localStorage.setItem("left", "something"));
        const out = cleared(page);
        await press(page, button);
        await expect(page.getByRole("status")).toHaveText(notice);
        await expect(page).toHaveURL(/\/login\?notice=logged-out/);
        const { status, header } = await out;
        expect([status, header]).toEqual([javaScriptEnabled ? 200 : 303, '"storage"']);
        // The log-in page that one comes to sets a new one for passkeys, which names nobody.
        const left = (await context.cookies()).map(({ name }) => name).filter((name) => name !== CEREMONY);
        expect(left.sort()).toEqual([DEVICE, "neighbour"]);
        if (javaScriptEnabled) expect(await page.evaluate(() => localStorage.length)).toBe(0);
        await page.goto("/account");
        await expect(heading(page, "Log in")).toBeVisible();
      });

    test("a log-out that makes way for an invitation comes back to it", async ({ page, guest, invited, newMember }) => {
      const { link } = await invited(guest);
      await page.goto("/login");
      if (javaScriptEnabled) await interactive(page);
      await logInOn(page, await newMember());
      await expect(heading(page, "Your account")).toBeVisible();
      await page.goto(link ?? "");
      const out = cleared(page);
      await press(page, "Log out and accept");
      await expect(page.getByLabel("Password", { exact: true })).toBeVisible();
      expect((await out).header).toBe('"storage"');
      expect(page.url()).toContain("/invitation?authToken=");
    });
  });

/** How the next form that is posted was answered. */
async function cleared(page: Page): Promise<{ status: number; header: string | null }> {
  const response = await page.waitForResponse((one) => one.request().method() === "POST");
  return { status: response.status(), header: await response.headerValue("clear-site-data") };
}
