import type { Page } from "playwright/test";
import { loggedIn, moved } from "#e2e/fixtures/change-address.ts";
import { passConfirmation } from "#e2e/fixtures/confirmations.ts";
import { expectForEveryone } from "#e2e/fixtures/for-everyone.ts";
import { expect, fill, heading, logInOn, type Member, person, press, summary, test } from "#e2e/fixtures/pages.ts";
import { accountOf, change } from "#e2e/fixtures/store.ts";

/** Another e-mail address, on the pages: asked for, confirmed by code and by link, withdrawn, undone. */

test.slow();

const CONFIRM = "Confirm your new e-mail address";

async function openChange(page: Page, who: Member): Promise<void> {
  await page.goto("/account/email");
  await logInOn(page, who);
  await expect(heading(page, "Change your address")).toBeVisible();
}

async function askFor(page: Page, email: string): Promise<void> {
  await fill(page, { "New e-mail address": email });
  await press(page, "Send the mail");
}

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled, viewport: { width: 320, height: 640 } });
    // Axe is a script itself.
    const expectAccessible = javaScriptEnabled ? expectForEveryone : async () => {};

    test("an address is changed by the code of the mail to the new one, and the old one is told", async ({
      page,
      newMember,
      mailFor,
    }) => {
      const who = await newMember();
      const { email } = person();
      await page.goto("/account");
      await logInOn(page, who);
      await page.getByRole("link", { name: "Change e-mail address" }).click();
      await expect(heading(page, "Change your address")).toBeVisible();
      await expectAccessible(page);
      await askFor(page, "nobody");
      await expect(summary(page)).toContainText("Enter an e-mail address like name@example.com.");
      await expect(page.getByLabel("New e-mail address")).toHaveValue("nobody");
      await expectAccessible(page);
      await askFor(page, who.email.toUpperCase());
      await expect(summary(page)).toContainText("This is your address already.");
      await askFor(page, email);
      await expect(heading(page, "Check your mail")).toBeVisible();
      await expect(page.getByText(email)).toBeVisible();
      await expectAccessible(page);

      await page.goto("/account");
      await page.getByRole("link", { name: "A new address waits to be confirmed" }).click();
      await fill(page, { Code: "000000" });
      await press(page, "Confirm");
      await expect(summary(page)).toContainText("This code is wrong or no longer valid.");
      await fill(page, { Code: (await mailFor(email, { subject: CONFIRM })).code ?? "" });
      await press(page, "Confirm");
      await expect(page.getByRole("status")).toHaveText(
        "Your e-mail address is changed. We told the old address by mail.",
      );
      await expect(page.getByText(email)).toBeVisible();
      await mailFor(who.email, { subject: "was changed" });
      await page.goto("/account/email");
      await expect(
        page.getByText(`We mailed a link to your old address, ${who.email}, that puts it back.`),
      ).toBeVisible();
      await expectAccessible(page);

      await page.goto("/account");
      await press(page, "Log out");
      await logInOn(page, { ...who, email });
      await expect(heading(page, "Your account")).toBeVisible();
    });

    test("the mail's link asks on another device to log in first, and its button changes the address", async ({
      page,
      browser,
      server,
      newMember,
      mailFor,
    }) => {
      const who = await newMember();
      const { email } = person();
      await openChange(page, who);
      await askFor(page, email);
      const { link } = await mailFor(email, { subject: CONFIRM });
      const phone = await browser.newPage({ baseURL: server.url, javaScriptEnabled });
      await phone.goto(link ?? "");
      await logInOn(phone, who);
      await expect(heading(phone, "Confirm your new address")).toBeVisible();
      await expect(phone.getByText(email)).toBeVisible();
      await press(phone, "Confirm this address");
      await expect(phone.getByRole("status")).toContainText("Your e-mail address is changed.");
      await phone.goto(link ?? "");
      await expect(heading(phone, "This link has been used")).toBeVisible();
      await phone.close();
      await page.goto(link ?? "");
      await expectAccessible(page);
      await page.goto("/account");
      await expect(page.getByText(email), "nobody was logged out").toBeVisible();
    });

    test("what waits can be sent again and withdrawn, and its link is told what became of it", async ({
      page,
      server,
      newMember,
      mailFor,
    }) => {
      const who = await newMember();
      const { email } = person();
      await openChange(page, who);
      await askFor(page, email);
      const first = await mailFor(email, { subject: CONFIRM });
      await page.goto("/account/email");
      if (!javaScriptEnabled) {
        await press(page, "Send another mail");
        await expect(page.getByRole("alert")).toContainText("We have just sent a mail. Wait");
      }
      const { id } = await accountOf(server, who.email);
      await change(server, "delete from limits where key like 'cooldown:change-email:%'");
      await change(
        server,
        "update challenges set created_at = created_at - 61000 where account_id = ? and purpose = 'change-email'",
        id,
      );
      await page.goto("/account/email");
      await press(page, "Send another mail");
      await expect(page.getByText("Another mail is on its way. Only the newest one works.")).toBeVisible();
      const second = await mailFor(email, { subject: CONFIRM, after: first });
      await expect
        .poll(async () => {
          await page.goto(first.link ?? "");
          return heading(page, /./).textContent();
        })
        .toBe("This link no longer works");
      await expectAccessible(page);
      await page.goto(second.link ?? "");
      await expect(heading(page, "Confirm your new address")).toBeVisible();
      await expectAccessible(page);
      await page.goto("/account/email");
      await press(page, "Do not change my address");
      await expect(page.getByRole("status")).toContainText("Your e-mail address stays as it is.");
      await page.goto(second.link ?? "");
      await expect(heading(page, "This link no longer works")).toBeVisible();
      await page.goto("/account/email?authToken=nonsense");
      await expect(heading(page, "This link does not work")).toBeVisible();
    });

    test("who took too long is asked once more who they are, and what they typed is still there", async ({
      page,
      server,
      newMember,
      mailFor,
    }) => {
      const who = await newMember();
      const { email } = person();
      await openChange(page, who);
      await passConfirmation(server, who);
      await askFor(page, email);
      await expect(heading(page, "Confirm that it is you")).toBeVisible();
      expect(page.url()).not.toContain(email);
      await fill(page, { "Your password": who.password });
      await press(page, "Continue");
      await expect(heading(page, "Change your address")).toBeVisible();
      await expect(page.getByLabel("New e-mail address")).toHaveValue(email);
      await press(page, "Send the mail");
      await expect(heading(page, "Check your mail")).toBeVisible();
      await mailFor(email, { subject: CONFIRM });
      await passConfirmation(server, who);
      await press(page, "Do not change my address");
      await expect(page.getByRole("status")).toContainText("stays as it is");
      await page.goto("/account/email");
      await expect(heading(page, "Confirm that it is you"), "before anything is typed").toBeVisible();
    });

    test("whoever reads the old address's mail puts it back, and chooses a new password there and then", async ({
      page,
      server,
      newMember,
      mailFor,
    }) => {
      const who = await newMember();
      const thief = await loggedIn(server, who);
      const { email, notice } = await moved(thief, mailFor, who.email);
      await page.goto(notice.link ?? "");
      await expect(heading(page, "Put your old address back?")).toBeVisible();
      await expect(page.getByText(who.email)).toBeVisible();
      await expect(page.getByText(email)).toHaveCount(0);
      await expectAccessible(page);
      await press(page, "Put this address back");
      await expect(heading(page, "Set a new password")).toBeVisible();
      await expect(page.getByRole("status")).toHaveText(
        "Your old address is back, and everyone is logged out. Choose a new password now.",
      );
      await expectAccessible(page);
      await fill(page, { "New password": "short" });
      await press(page, "Set new password");
      await expect(summary(page)).toContainText("This password is too short");
      await fill(page, { "New password": "nine quiet herons by dusk" });
      await press(page, "Set new password");
      await expect(heading(page, "Your account")).toBeVisible();
      await expect(page.getByText(who.email)).toBeVisible();
      expect((await thief.open("/account")).status).toBe(307);
      await page.goto(notice.link ?? "");
      await expect(heading(page, "This link has been used")).toBeVisible();
      await expectAccessible(page);
      await page.goto("/undo-email-change?authToken=nonsense");
      await expect(heading(page, "This link does not work")).toBeVisible();
    });
  });
