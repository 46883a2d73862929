import { expectForEveryone } from "#e2e/fixtures/for-everyone.ts";
import { expect, fill, heading, logInOn, person, press, summary, test } from "#e2e/fixtures/pages.ts";
import { FIELDS, type FieldSpec } from "#lib/pages/forms/fields.ts";

/** What a person says about themselves, and the way between the parts of an account. */

test.slow();

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled, viewport: { width: 320, height: 640 } });
    const expectAccessible = javaScriptEnabled ? expectForEveryone : async () => {};

    test("names, username and phone number are changed, and what is wrong is said with all that was typed still there", async ({
      page,
      api,
      newMember,
    }) => {
      const who = await newMember();
      await page.goto("/account");
      await logInOn(page, who);
      await page.getByRole("link", { name: "Edit your profile" }).click();
      await expect(heading(page, "Your profile")).toBeVisible();
      await expectAccessible(page);
      const typed = {
        "First name": " Ada ",
        "Last name": "Lovelace",
        Username: who.username,
        "Phone number": "call me",
      };
      await fill(page, typed);
      await press(page, "Save");
      await expect(summary(page)).toContainText("A phone number is digits, spaces and + ( ) . / - only.");
      await expectAccessible(page);
      for (const [label, value] of Object.entries(typed))
        await expect(page.getByLabel(label, { exact: true })).toHaveValue(value);
      await fill(page, { Username: "a b", "Phone number": "+44 20 7946 0000", "Last name": "Love\u202elace" });
      await press(page, "Save");
      await expect(summary(page)).toContainText("A username is 3 to 64 letters, digits, dots, underscores or hyphens.");
      await expect(summary(page)).toContainText("This name contains a character that is not allowed.");
      await fill(page, { Username: who.username, "Last name": "Lovelace" });
      await press(page, "Save");
      await expect(page.getByRole("status")).toHaveText("Your profile is saved.");
      for (const fact of ["Ada Lovelace", who.username, "+44 20 7946 0000"])
        await expect(page.getByText(fact, { exact: true })).toBeVisible();
      const { body } = await api.get("/auth/me", { authorization: `Bearer ${who.accessToken}` });
      expect(body).toMatchObject({
        firstName: "Ada",
        lastName: "Lovelace",
        username: who.username,
        phoneNumber: "+44 20 7946 0000",
      });

      const next = person().username;
      await page.goto("/account/profile");
      await fill(page, { "First name": "", "Phone number": "", Username: next });
      await press(page, "Save");
      await expect(page.getByText("Lovelace", { exact: true })).toBeVisible();
      await page.goto("/account/profile");
      await expect(page.getByText(/^You can choose another new username from \d+ \w+ \d{4}\.$/)).toBeVisible();
      await expect(page.getByText(`${who.username} is kept for you until`)).toBeVisible();
      await expectAccessible(page);
      await fill(page, { Username: person().username });
      await press(page, "Save");
      await expect(summary(page)).toContainText("You can choose another new username on");
      await expectAccessible(page);
      await fill(page, { Username: who.username });
      await press(page, "Save");
      await expect(page.getByText(who.username, { exact: true })).toBeVisible();
    });

    test("each part of the account is a page of its own, which the navigation of all of them names as where one is", async ({
      page,
      newMember,
    }) => {
      await page.goto("/account");
      await logInOn(page, await newMember());
      const parts = page.getByRole("navigation", { name: "Your account" });
      for (const [link, title] of [
        ["Security", "How you log in"],
        ["Sessions", "Where you are logged in"],
        ["Invitations", "Invite someone"],
        ["You", "Your account"],
      ] as const) {
        await parts.getByRole("link", { name: link, exact: true }).click();
        await expect(heading(page, title)).toBeVisible();
        await expect(parts.locator("[aria-current]")).toHaveText([link]);
        await expect(parts.locator("[aria-current=page]")).toHaveText([link]);
        await expectAccessible(page);
      }
      for (const [path, part] of [
        ["/account/profile", "You"],
        ["/account/email", "You"],
        ["/account/password", "Security"],
        ["/account/security/app", "Security"],
      ] as const) {
        await page.goto(path);
        await expect(parts.locator("[aria-current=true]")).toHaveText([part]);
        await expect(parts.locator("[aria-current]")).toHaveCount(1);
      }
      await page.goto("/account?page=2");
      await expect(heading(page, "Where you are logged in"), "an old address of the list").toBeVisible();
      await page.goto("/account?notice=session-ended");
      await expect(page.getByRole("status")).toHaveText("That device is logged out.");
    });
  });

test("the fields of the profile, and of a new address, are those of the table", async ({ page, newMember }) => {
  await page.goto("/account/profile");
  await logInOn(page, await newMember());
  await expect(heading(page, "Your profile")).toBeVisible();
  for (const [path, table] of [
    ["/account/profile", FIELDS.profile],
    ["/account/email", FIELDS.changeEmail],
  ] as const) {
    await page.goto(path);
    const specs: FieldSpec[] = Object.values(table);
    const shown = page.locator("main input:not([type=hidden])");
    await expect(shown).toHaveCount(specs.length);
    for (const spec of specs) {
      const input = page.getByLabel(spec.label, { exact: true });
      await expect(input).toHaveAttribute("name", spec.name);
      await expect(input).toHaveAttribute("type", spec.type);
      await expect(input).toHaveAttribute("autocomplete", spec.autoComplete);
      await expect(input).toHaveAttribute("autocapitalize", spec.autoCapitalize ?? "none");
      expect(await input.getAttribute("required")).toBe(spec.isOptional ? null : "");
      expect(await input.getAttribute("maxlength"), "nothing cuts off what is pasted").toBeNull();
      if (spec.hint) await expect(input).toHaveAccessibleDescription(spec.hint);
    }
  }
});
