import { expectForEveryone } from "#e2e/fixtures/for-everyone.ts";
import { operatorAt } from "#e2e/fixtures/operator.ts";
import {
  confirmOn,
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
import { accountOf, change } from "#e2e/fixtures/store.ts";

test.use({ viewport: { width: 320, height: 640 } });
// Axe looks at every page several times, which takes long where the machine is busy.
test.slow();

for (const [path, name] of [
  ["/", "Create an account or log in"],
  ["/verify-email", "Confirm your address"],
  ["/verify-email?authToken=nonsense", "This link does not work"],
  ["/reset-password?authToken=nonsense", "This link does not work"],
  ["/undo-email-change?authToken=nonsense", "This link does not work"],
  ["/login?notice=logged-out", "Log in"],
  ["/no-such-page", "Page not found"],
] as const)
  test(`${path} is for everyone`, async ({ page }) => {
    await page.goto(path);
    await expect(heading(page, name)).toBeVisible();
    await expectForEveryone(page);
  });

for (const [path, submit] of [
  ["/sign-up", "Create account"],
  ["/login", "Log in"],
  ["/forgot-password", "Send the mail"],
] as const)
  test(`${path} is for everyone, with and without errors`, async ({ page }) => {
    await page.goto(path);
    if (path !== "/forgot-password") await interactive(page);
    await expectForEveryone(page);
    await press(page, submit);
    await expect(summary(page)).toBeFocused();
    await expectForEveryone(page);
  });

test("where the reader chooses all colours, errors still look unlike what is beside them", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto("/sign-up");
  await interactive(page);
  const line = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((one) => {
        const { borderInlineStartStyle, borderInlineStartWidth } = getComputedStyle(one);
        return `${borderInlineStartStyle} ${borderInlineStartWidth}`;
      });
  const fine = await line("input[name=email]");
  await press(page, "Create account");
  await expect(summary(page)).toBeFocused();
  expect(await line("input[name=email]")).not.toBe(fine);
  expect(await line(".field-error")).not.toBe(await line(".hint"));
  await page.goto("/login?problem=provider_cancelled");
  const problem = await line(".notice");
  await page.goto("/login?notice=logged-out");
  expect(await line(".notice")).not.toBe(problem);
});

test("waiting for the mail is for everyone, with and without errors", async ({ page }) => {
  await signUpOn(page, person());
  await expectForEveryone(page);
  await press(page, "Confirm");
  await expect(summary(page)).toBeFocused();
  await expectForEveryone(page);
});

test("mailed links are for everyone: to confirm, with a password or a new one, to disown, used", async ({
  page,
  newPerson,
  mailFor,
}) => {
  const who = await newPerson();
  const link = (await mailFor(who.email)).link ?? "";
  await page.goto(link);
  await interactive(page);
  await expectForEveryone(page);
  await press(page, "Confirm this address");
  await expect(summary(page)).toBeFocused();
  await expectForEveryone(page);
  await page.getByRole("link", { name: "Choose a new password instead" }).click();
  await expect(heading(page, "Choose a new password")).toBeVisible();
  await expectForEveryone(page);
  await page.goto(link);
  await page.getByRole("link", { name: "This wasn’t me" }).click();
  await expect(heading(page, "Delete this account?")).toBeVisible();
  await expectForEveryone(page);
  await confirmOn(page, link, who);
  await expect(heading(page, "Your account")).toBeVisible();
  await page.goto(link);
  await expect(heading(page, "Already confirmed")).toBeVisible();
  await expectForEveryone(page);
});

test("a new password is for everyone, by code and by link, with and without errors", async ({
  page,
  newMember,
  mailFor,
}) => {
  const { email } = await newMember();
  await page.goto("/forgot-password");
  await fill(page, { "E-mail address": email });
  await press(page, "Send the mail");
  await interactive(page);
  await press(page, "Set new password");
  await expect(summary(page)).toBeFocused();
  await expectForEveryone(page);
  await page.goto((await mailFor(email, { subject: /password/i })).link ?? "");
  await interactive(page);
  await expectForEveryone(page);
});

test("what happened, one’s data and a deletion are for everyone", async ({ page, newMember }) => {
  await page.goto("/login");
  await logInOn(page, await newMember());
  await expect(heading(page, "Your account")).toBeVisible();
  for (const [path, name] of [
    ["/account/activity", "What happened in your account"],
    ["/account/activity/not-me", "This wasn’t you?"],
    ["/account/data", "Your data"],
    ["/account/data?problem=download", "Your data"],
    ["/account/data/delete", "Delete your account?"],
    ["/account/data/delete/sure", "Are you sure?"],
    ["/account/data/kept", "Your account stays"],
  ] as const) {
    await page.goto(path);
    await expect(heading(page, name)).toBeVisible();
    await expectForEveryone(page);
  }
});

test("the account is for everyone, and so is changing its password", async ({ page, newMember }) => {
  const who = await newMember();
  await page.goto("/login?next=/account/password");
  await logInOn(page, who);
  await page.waitForURL("**/account/password");
  await interactive(page);
  await expectForEveryone(page);
  await press(page, "Change password");
  await expect(summary(page)).toBeFocused();
  await expectForEveryone(page);
  await page.goto("/account?notice=password-changed");
  await expectForEveryone(page);
});

test("the console is for everyone, with and without errors", async ({ page, server, newMember }) => {
  const { visitor, id } = await operatorAt(server, "admin");
  const { id: other } = await accountOf(server, (await newMember()).email);
  await change(
    server,
    "insert into outbox (id, template, to_email, account_id, created_at, next_try_at, failed_at, last_error) values ('axe', 'invite', ?, ?, 1, 1, ?, '550 no')",
    `${"w".repeat(200)}@example.com`,
    other,
    Date.now(),
  );
  await change(server, "update accounts set first_name = ?, last_name = 'x' where id = ?", "W".repeat(300), other);
  await page
    .context()
    .addCookies([...visitor.cookies].map(([name, value]) => ({ name, value, url: server.url, httpOnly: true })));
  for (const [path, name] of [
    ["/admin", "Overview"],
    ["/admin/people", "People"],
    ["/admin/people?status=active&q=someone", "People"],
    [`/admin/people/${other}`, /someone/],
    [`/admin/people/${id}/role`, "Change the role?"],
    [`/admin/people/${other}/block`, "Block this account?"],
    [`/admin/people/${other}/unblock`, "Unblock this account?"],
    ["/admin/mail", "Mail"],
    ["/admin/mail?which=failed", "Mail"],
    ["/admin/mail/axe/send-again", "Send this mail again?"],
    ["/admin/invitations", "Invitations"],
    ["/admin/trail", "Audit trail"],
    ["/admin/operators", "Operators"],
    ["/admin/claim", "This link does not work"],
    ["/admin/nothing", "Page not found"],
  ] as const) {
    await page.goto(path);
    await expect(heading(page, name)).toBeVisible();
    await expectForEveryone(page);
  }
  await page.goto(`/admin/people/${other}/block`);
  await page.waitForLoadState("networkidle");
  await press(page, "Block the account");
  await expect(summary(page)).toBeFocused();
  await expectForEveryone(page);
  await fill(page, { "Why?": "They send spam" });
  await page.getByLabel("For 7 days").check();
  await press(page, "Block the account");
  await expect(page.getByRole("status")).toHaveText("The account is blocked, and everyone is logged out.");
  await expectForEveryone(page);
});
