import type { Page } from "playwright/test";
import {
  accept,
  button,
  entry,
  expect,
  heading,
  openInvite,
  person,
  sendInvitation,
  summary,
  test,
} from "#e2e/fixtures/invite.ts";
import type { Mail, MailFor } from "#e2e/fixtures/mailbox.ts";
import { bearer, logIn, type Member } from "#e2e/fixtures/member.ts";
import { accountOf } from "#e2e/fixtures/store.ts";

type Cast = {
  page: Page;
  theirs: Page;
  inviter: Member;
  guest: string;
  mailFor: MailFor;
  mailsTo: (address: string) => Promise<Mail[]>;
};

async function wholeWay({ page, theirs, inviter, guest, mailFor, mailsTo }: Cast): Promise<void> {
  await openInvite(page, inviter);
  await sendInvitation(page, guest);
  await expect(page.getByRole("status")).toHaveText("The invitation is on its way.");
  await expect(page.getByLabel("Their e-mail address"), "ready for the next one").toHaveValue("");
  await expect(entry(page, guest)).toContainText("Sent");

  const mail = await mailFor(guest);
  expect(mail.subject).toBe(`${inviter.email} invites you to Latchkey`);
  await theirs.goto(mail.link ?? "");
  await expect(heading(theirs, "You are invited")).toBeVisible();
  await expect(theirs.getByRole("main")).toContainText(`${inviter.email} invites you`);
  const { password } = person();
  await accept(theirs, password);
  await expect(heading(theirs, "Your account")).toBeVisible();
  await expect(theirs.getByRole("status")).toHaveText("Your account is ready. Welcome.");
  await expect(theirs.getByRole("main")).toContainText(guest);
  expect(await mailsTo(guest), "the link proved the address: no second mail").toHaveLength(1);

  await page.goto("/account");
  await page.getByRole("link", { name: "Invitations" }).click();
  await expect(entry(page, guest)).toContainText("Accepted");
  await expect(entry(page, guest).getByRole("button")).toHaveCount(0);

  await theirs.context().clearCookies();
  await openInvite(theirs, { email: guest, password });
}

test("from an invitation to a new member", async ({ page, elsewhere, inviter, guest, mailFor, mailsTo }) => {
  await wholeWay({ page, theirs: await elsewhere(), inviter, guest, mailFor, mailsTo });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("from an invitation to a new member", async ({ page, elsewhere, inviter, guest, mailFor, mailsTo }) => {
    await wholeWay({ page, theirs: await elsewhere(), inviter, guest, mailFor, mailsTo });
  });

  test("a password anyone would guess is refused, the rest stays, and the link still works", async ({
    page,
    guest,
    invited,
  }) => {
    await page.goto((await invited(guest)).link ?? "");
    await accept(page, "password1");
    await expect(page).toHaveTitle("Error: You are invited · Latchkey");
    await expect(summary(page)).toContainText("This password is too common.");
    await expect(page.getByLabel("E-mail address")).toHaveValue(guest);
    await accept(page, person().password);
    await expect(heading(page, "Your account")).toBeVisible();
  });
});

test("a password too short takes the focus to what is wrong, and then the form goes through by keyboard alone", async ({
  page,
  guest,
  invited,
}) => {
  await page.goto((await invited(guest)).link ?? "");
  await expect(button(page, "Show password")).toBeVisible();
  const password = page.getByLabel("Password", { exact: true });
  await password.focus();
  await page.keyboard.type("short");
  await page.keyboard.press("Enter");
  await expect(summary(page)).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(password).toBeFocused();
  await password.clear();
  await page.keyboard.type(person().password);
  await page.keyboard.press("Enter");
  await expect(heading(page, "Your account")).toBeVisible();
});

test("the address is filled in, cannot be changed, and is what a password manager keeps", async ({
  page,
  guest,
  invited,
  server,
}) => {
  await page.goto((await invited(guest)).link ?? "");
  const field = page.getByLabel("E-mail address");
  await expect(field).toHaveValue(guest);
  await expect(field).not.toBeEditable();
  await expect(field).toHaveAttribute("autocomplete", "username");
  await expect(field).toHaveAttribute("type", "email");
  await expect(page.getByLabel("Password", { exact: true })).toHaveAttribute("autocomplete", "new-password");
  // Whoever changes it all the same does not get that other address.
  await field.evaluate((input: HTMLInputElement) => {
    input.readOnly = false;
    input.value = "somebody-else@example.com";
  });
  await accept(page, person().password);
  await expect(page.getByRole("main")).toContainText(guest);
  expect((await accountOf(server, guest)).status).toBe(1);
});

test("a link that scanners open by HEAD and GET three times still works", async ({ page, guest, invited, api }) => {
  const link = (await invited(guest)).link ?? "";
  for (let i = 0; i < 3; i++) {
    expect((await api.call("HEAD", link)).status).toBe(200);
    expect((await api.get(link)).text).toContain("You are invited");
  }
  await page.goto(link);
  await accept(page, person().password);
  await expect(heading(page, "Your account")).toBeVisible();
});

test("an impostor who signed up first with the address loses everything when the invited accepts", async ({
  page,
  elsewhere,
  guest,
  invited,
  newPerson,
  mailFor,
  mailsTo,
  api,
  server,
}) => {
  const impostor = await newPerson({ email: guest });
  const proof = await mailFor(guest, { subject: "Confirm" });
  const reset = await api.post("/api/users/resetPassword", { email: guest });
  const invitation = await invited(guest);

  await page.goto(invitation.link ?? "");
  await expect(heading(page, "You are invited")).toBeVisible();
  const { password } = person();
  await accept(page, password);
  await expect(heading(page, "Your account")).toBeVisible();

  expect((await logIn(api, impostor)).status, "the impostor's password").toBe(400);
  expect((await logIn(api, { email: guest, password })).status, "the invited's own").toBe(200);
  const token = reset.body.token ?? reset.body.session?.token;
  const woken = await api.post("/api/users/updatePassword", { password: impostor.password, code: "000000" }, { token });
  expect(woken.status, "a reset the impostor began").toBe(400);
  const theirs = await elsewhere();
  await theirs.goto(proof.link ?? "");
  await expect(button(theirs, "Confirm this address"), "the link the impostor caused").toHaveCount(0);
  expect((await accountOf(server, guest)).status).toBe(1);
  expect((await mailsTo(guest)).filter(({ subject }) => subject.includes("changed"))).toEqual([]);
});

test("of two who accept at the same time, one makes the account and the other is told", async ({
  page,
  elsewhere,
  guest,
  invited,
  server,
}) => {
  const link = (await invited(guest)).link ?? "";
  const other = await elsewhere();
  await Promise.all([page.goto(link), other.goto(link)]);
  await Promise.all([accept(page, person().password), accept(other, person().password)]);
  const won = (one: Page) => one.waitForURL(/\/account/).then(() => heading(one, "Your account").isVisible());
  const told = (one: Page) => heading(one, "Already accepted").waitFor();
  await Promise.any([Promise.all([won(page), told(other)]), Promise.all([won(other), told(page)])]);
  expect((await accountOf(server, guest)).status).toBe(1);
});

test("the preview is the very mail that goes out", async ({ page, inviter, guest, mailFor }) => {
  await openInvite(page, inviter);
  await page.getByText("See the mail they get").click();
  await expect(page.frameLocator("iframe").getByRole("heading", { name: "You are invited" })).toBeVisible();
  await expect(page.getByText(`${inviter.email} invites you to Latchkey`)).toBeVisible();
  expect(await page.locator("iframe").getAttribute("sandbox")).toBe("");
  const preview = await page.request.get("/invite/preview");
  const policy = preview.headers()["content-security-policy"] ?? "";
  for (const part of ["default-src 'none'", "sandbox;", "frame-ancestors 'self'"]) expect(policy).toContain(part);
  expect(preview.headers()["x-frame-options"]).toBe("SAMEORIGIN");

  await sendInvitation(page, guest);
  const { html } = await mailFor(guest);
  expect(withoutWhatDiffers(await preview.text())).toBe(withoutWhatDiffers(html));
});

/** Links carry a token of their own, and the time is that of sending. */
const withoutWhatDiffers = (html: string): string =>
  html.replace(/href="[^"]*"/g, 'href=""').replace(/until [^.]*\./, "until then.");

test("the preview is for whoever is logged in, and for nobody else", async ({ api }) => {
  const answer = await api.get("/invite/preview");
  expect(answer.status).toBe(307);
  expect(answer.headers.get("location")).toBe("/login?next=%2Finvite");
});

test("an invitation caused by a program says so in the list too", async ({ page, inviter, guest, invited, api }) => {
  await invited(guest);
  await openInvite(page, inviter);
  await expect(entry(page, guest)).toContainText("valid until");
  const template = await api.get("/api/template-invite-mail", bearer(inviter.accessToken));
  const preview = await (await page.request.get("/invite/preview")).text();
  expect(withoutWhatDiffers(template.body.data.template_mail)).toBe(withoutWhatDiffers(preview));
});
