import {
  confirmOn,
  expect,
  fill,
  heading,
  interactive,
  person,
  press,
  signUpOn,
  summary,
  test,
} from "#e2e/fixtures/pages.ts";
import { accountOf, change, passCooldowns, row, rows } from "#e2e/fixtures/store.ts";

test("a link opened again and again uses nothing up; its button does, and after that it says so", async ({
  page,
  api,
  newPerson,
  mailFor,
}) => {
  const who = await newPerson();
  const { email } = who;
  const link = (await mailFor(email)).link ?? "";
  for (const method of ["HEAD", "GET", "HEAD", "GET", "GET"]) expect((await api.call(method, link)).status).toBe(200);
  await page.goto(link);
  await page.reload();
  await expect(page.getByText(email)).toBeVisible();
  await confirmOn(page, link, who);
  await expect(heading(page, "Your account")).toBeVisible();
  await page.goto(link);
  await expect(heading(page, "Already confirmed")).toBeVisible();
  await expect(page.getByRole("link", { name: "Go to your account" })).toBeVisible();
  await page.context().clearCookies();
  await page.reload();
  await expect(page.getByRole("link", { name: "Log in", exact: true })).toBeVisible();
});

test("a button pressed in a second window says that the first has verified already", async ({ page, mailFor }) => {
  const who = person();
  await signUpOn(page, who);
  const link = (await mailFor(who.email)).link ?? "";
  const second = await page.context().newPage();
  await page.goto(link);
  await second.goto(link);
  await press(page, "Confirm this address");
  await expect(heading(page, "Your account")).toBeVisible();
  await press(second, "Confirm this address");
  await expect(heading(second, "Already confirmed")).toBeVisible();
});

test("whoever did not sign up can have the account deleted, after a second thought", async ({
  page,
  newPerson,
  mailFor,
  server,
}) => {
  const { email } = await newPerson();
  const link = (await mailFor(email)).link ?? "";
  await page.goto(link);
  await page.getByRole("link", { name: "This wasn’t me" }).click();
  await expect(heading(page, "Delete this account?")).toBeVisible();
  await page.getByRole("link", { name: "Go back without deleting" }).click();
  await expect(heading(page, "Confirm your address")).toBeVisible();
  expect((await accountOf(server, email)).status).toBe(0);
  await page.getByRole("link", { name: "This wasn’t me" }).click();
  await press(page, "Delete this account");
  await expect(page.getByRole("status")).toContainText("The account is deleted.");
  expect(await rows(server, "select id from accounts where email = ?", email)).toEqual([]);
  await page.goto(link);
  await expect(heading(page, "This link does not work")).toBeVisible();
});

test("an expired link says so and offers a new one", async ({ page, newPerson, mailFor, server }) => {
  const who = await newPerson();
  const { email } = who;
  const first = await mailFor(email);
  const { id } = await accountOf(server, email);
  await change(server, "update challenges set link_expires_at = 1 where account_id = ?", id);
  await passCooldowns(server, email);
  await page.goto(first.link ?? "");
  await expect(heading(page, "This link has expired")).toBeVisible();
  await press(page, "Send a new mail");
  await expect(heading(page, "Check your mail")).toBeVisible();
  await confirmOn(page, (await mailFor(email, { after: first })).link, who);
  await expect(heading(page, "Your account")).toBeVisible();

  await page.goto(first.link ?? "");
  await expect(heading(page, "Already confirmed")).toBeVisible();
});

test("a link that a newer mail replaced says so", async ({ page, newPerson, mailFor, server, api }) => {
  const who = await newPerson();
  const first = await mailFor(who.email);
  await passCooldowns(server, who.email);
  await api.post("/auth/login", { email: who.email, password: who.password });
  await mailFor(who.email, { after: first });
  await page.goto(first.link ?? "");
  await expect(heading(page, "There is a newer mail")).toBeVisible();
});

test("a link that is none of ours says so and offers a new mail", async ({ page }) => {
  for (const path of ["/verify-email", "/reset-password"]) {
    await page.goto(`${path}?authToken=not.a.token`);
    await expect(heading(page, "This link does not work")).toBeVisible();
    await fill(page, { "E-mail address": person().email });
    await press(page, "Send a new mail");
    await expect(heading(page, "Check your mail")).toBeVisible();
  }
});

test("a link to verify sets no password", async ({ page, newPerson, mailFor }) => {
  const link = new URL((await mailFor((await newPerson()).email)).link ?? "");
  await page.goto(`/reset-password${link.search}`);
  await expect(heading(page, "This link does not work")).toBeVisible();
});

test("a link to reset works once, looks first at the new password, and then says that it was used", async ({
  page,
  newMember,
  mailFor,
  server,
}) => {
  const who = await newMember();
  await page.goto("/forgot-password");
  await fill(page, { "E-mail address": who.email });
  await press(page, "Send the mail");
  const link = (await mailFor(who.email, { subject: /password/i })).link ?? "";
  await page.goto(link);
  await interactive(page);
  await fill(page, { "New password": "password" });
  await press(page, "Set new password");
  await expect(summary(page)).toContainText("This password is too common");
  await fill(page, { "New password": `${who.password}-anew` });
  await press(page, "Set new password");
  await expect(heading(page, "Your account")).toBeVisible();
  await mailFor(who.email, { subject: /changed/i });
  await page.goto(link);
  await expect(heading(page, "This link has been used")).toBeVisible();
  const { id } = await accountOf(server, who.email);
  await change(
    server,
    "update challenges set used_at = null, link_expires_at = 1 where account_id = ? and purpose = 'reset-password'",
    id,
  );
  await page.reload();
  await expect(heading(page, "This link has expired")).toBeVisible();
});

test("no page with a token in its address sends it to another site", async ({
  page,
  api,
  newPerson,
  mailFor,
  server,
}) => {
  const link = (await mailFor((await newPerson()).email)).link ?? "";
  expect((await api.get(link)).headers.get("referrer-policy")).toBe("same-origin");
  await page.goto(link);
  const targets = await page
    .locator("a[href]")
    .evaluateAll((links) => links.map((one) => (one as HTMLAnchorElement).origin));
  expect(new Set(targets)).toEqual(new Set([server.origin]));
  expect(
    (await row<{ used: number }>(server, "select count(used_at) as used from challenges where id = ?", idIn(link)))
      .used,
  ).toBe(0);
});

function idIn(link: string): string {
  const token = new URL(link).searchParams.get("authToken") ?? "";
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).jti;
}
