import type { Page } from "playwright/test";
import { expect, heading, interactive, logInOn, person, press, signUpOn, summary, test } from "#e2e/fixtures/pages.ts";
import { FIELDS, type FieldSpec, WHOSE_PASSWORD } from "#lib/pages/forms/fields.ts";

/** Each field says exactly what the table says, and its label, hint and, after an empty submit, error belong to it. */
async function expectFields(page: Page, table: Record<string, FieldSpec>, submit: string): Promise<void> {
  const specs = Object.values(table);
  const shown = page.locator("main input:not([type=hidden]):not([name=username])");
  expect(await shown.evaluateAll((inputs) => inputs.map((input) => input.getAttribute("name")))).toEqual(
    specs.map(({ name }) => name),
  );
  for (const spec of specs) {
    const input = page.getByLabel(spec.label, { exact: true });
    await expect(input).toHaveAttribute("name", spec.name);
    await expect(input).toHaveAttribute("type", spec.type);
    await expect(input).toHaveAttribute("autocomplete", spec.autoComplete);
    expect(await input.getAttribute("inputmode")).toBe(spec.inputMode ?? null);
    expect(await input.getAttribute("minlength")).toBe(spec.minLength?.toString() ?? null);
    expect(await input.getAttribute("maxlength"), "nothing cuts off what is pasted").toBeNull();
    await expect(input).toHaveAttribute("spellcheck", "false");
    await expect(input).toHaveAttribute("autocapitalize", "none");
    if (spec.hint) await expect(input).toHaveAccessibleDescription(spec.hint);
  }
  await press(page, submit);
  for (const spec of specs) {
    const input = page.getByLabel(spec.label, { exact: true });
    await expect(input).toHaveAttribute("aria-invalid", "true");
    const link = summary(page).locator(`a[href="#${spec.name}"]`);
    await expect(input).toHaveAccessibleDescription(new RegExp(`Error: ${await link.textContent()}$`));
    await link.click();
    await expect(input).toBeFocused();
  }
}

async function expectOwner(page: Page, email: string): Promise<void> {
  const owner = page.locator(`input[name=${WHOSE_PASSWORD.name}]`);
  await expect(owner).toHaveValue(email);
  await expect(owner).toHaveAttribute("autocomplete", WHOSE_PASSWORD.autoComplete);
  expect(await owner.getAttribute("readonly")).not.toBeNull();
}

test("the sign-up form's fields are those of the table", async ({ page }) => {
  await page.goto("/sign-up");
  await interactive(page);
  await expectFields(page, FIELDS.signUp, "Create account");
});

test("the log-in form's fields are those of the table", async ({ page }) => {
  await page.goto("/login");
  await interactive(page);
  await expectFields(page, FIELDS.logIn, "Log in");
});

test("the form for a forgotten password has the fields of the table", async ({ page }) => {
  await page.goto("/forgot-password");
  await expectFields(page, FIELDS.address, "Send the mail");
});

test("the form for a mailed code has the fields of the table", async ({ page }) => {
  await signUpOn(page, person());
  await expectFields(page, FIELDS.verifyCode, "Confirm");
});

test("the forms that confirm an address elsewhere have the fields of the table and name the account", async ({
  page,
  newPerson,
  mailFor,
}) => {
  const { email } = await newPerson();
  await page.goto((await mailFor(email)).link ?? "");
  await interactive(page);
  await expectOwner(page, email);
  await expectFields(page, FIELDS.verifyPassword, "Confirm this address");
  await page.getByRole("link", { name: "Choose a new password instead" }).click();
  await expect(heading(page, "Choose a new password")).toBeVisible();
  await interactive(page);
  await expectOwner(page, email);
  await expectFields(page, FIELDS.claimByLink, "Confirm with this password");
  await page.goto("/verify-email");
  await page.getByLabel("E-mail address").fill(email);
  await press(page, "Send the mail");
  await interactive(page);
  await expectOwner(page, email);
  await expectFields(page, FIELDS.claimByCode, "Confirm");
});

test("the form to invite somebody has the field of the table", async ({ page, newMember }) => {
  await page.goto("/invite");
  await logInOn(page, await newMember());
  await expect(heading(page, "Invite someone")).toBeVisible();
  await expectFields(page, FIELDS.invite, "Send the invitation");
});

test("both reset forms have the fields of the table and name the account to password managers", async ({
  page,
  newMember,
  mailFor,
}) => {
  const who = await newMember();
  await page.goto("/forgot-password");
  await page.getByLabel("E-mail address").fill(who.email);
  await press(page, "Send the mail");
  await interactive(page);
  await expectOwner(page, who.email);
  await expectFields(page, FIELDS.resetByCode, "Set new password");
  await page.goto((await mailFor(who.email, { subject: /password/i })).link ?? "");
  await interactive(page);
  await expectOwner(page, who.email);
  await expectFields(page, FIELDS.resetByLink, "Set new password");
});

test("the form to change the password has the fields of the table and names the account", async ({
  page,
  newMember,
}) => {
  const who = await newMember();
  await page.goto("/login?next=/account/password");
  await logInOn(page, who);
  await page.waitForURL("**/account/password");
  await interactive(page);
  await expectOwner(page, who.email);
  await expectFields(page, FIELDS.changePassword, "Change password");
});

test("a password can be looked at while it is typed", async ({ page }) => {
  await page.goto("/login");
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("in plain sight");
  const show = page.getByRole("button", { name: "Show password" });
  await expect(show).toHaveAttribute("aria-pressed", "false");
  await show.click();
  await expect(password).toHaveAttribute("type", "text");
  await expect(show).toHaveAttribute("aria-pressed", "true");
  await show.click();
  await expect(password).toHaveAttribute("type", "password");
  await expect(password).toHaveValue("in plain sight");
});
