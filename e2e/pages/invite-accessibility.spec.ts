import type { Page } from "playwright/test";
import { expectForEveryone } from "#e2e/fixtures/for-everyone.ts";
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
import { tokenIn } from "#e2e/fixtures/member.ts";
import { change } from "#e2e/fixtures/store.ts";

test.use({ viewport: { width: 320, height: 640 } });

test("the page to invite from is for everyone: empty, in error, and with a list", async ({
  page,
  inviter,
  guest,
  invited,
  server,
}) => {
  await openInvite(page, inviter);
  await page.getByText("See the mail they get").click();
  await page.frameLocator("iframe").getByRole("heading").waitFor();
  await expectForEveryone(page);
  await sendInvitation(page, "nobody");
  await expect(summary(page)).toBeFocused();
  await expectForEveryone(page);

  const [expired, withdrawn] = [person().email, person().email];
  for (const address of [expired, withdrawn, guest]) await invited(address);
  await change(server, "update invitations set link_expires_at = 1 where email = ?", expired);
  await change(server, "delete from limits where key = ?", `invite-destination:${expired}`);
  await change(server, "update invitations set withdrawn_at = created_at where email = ?", withdrawn);
  await page.goto("/invite?notice=invited");
  await expect(entry(page, expired)).toContainText("Expired");
  await expectForEveryone(page);
});

test("the pages of an invitation are for everyone", async ({ page, guest, invited, server }) => {
  const mail = await invited(guest);
  await page.goto(mail.link ?? "");
  await expect(button(page, "Show password")).toBeVisible();
  await expectForEveryone(page);
  await accept(page, "short");
  await expect(summary(page)).toBeFocused();
  await expectForEveryone(page);

  await page.goto(`/invitation/stop?authToken=${tokenIn(mail)}`);
  await expectForEveryone(page);
  await change(server, "update invitations set link_expires_at = 1 where email = ?", guest);
  await page.goto(mail.link ?? "");
  await expect(heading(page, "This invitation has expired")).toBeVisible();
  await expectForEveryone(page);
});

test("an invitation for another address and one of a member are for everyone", async ({
  page,
  inviter,
  guest,
  invited,
  newMember,
}) => {
  const [mail, toMember] = [await invited(guest), await invited((await newMember()).email)];
  await openInvite(page, inviter);
  await page.goto(mail.link ?? "");
  await expect(heading(page, "This invitation is for another address")).toBeVisible();
  await expectForEveryone(page);
  await page.goto(toMember.link ?? "");
  await expect(heading(page, "You already have an account")).toBeVisible();
  await expectForEveryone(page);
});

test("inviting, sending again and withdrawing go by keyboard alone", async ({
  page,
  inviter,
  guest,
  mailFor,
  server,
}) => {
  await openInvite(page, inviter);
  await page.getByLabel("Their e-mail address").focus();
  await page.keyboard.type(guest);
  await page.keyboard.press("Enter");
  const first = await mailFor(guest);
  await expect(entry(page, guest)).toBeVisible();
  await change(server, "delete from limits where key = ?", `invite-destination:${guest}`);
  await page.reload();
  for (const name of ["Send again", "Withdraw"]) {
    await tabTo(page, name);
    await page.keyboard.press("Enter");
    if (name === "Send again") await mailFor(guest, { after: first });
  }
  await expect(entry(page, guest)).toContainText("Withdrawn");
});

async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 30; i++) {
    if (await button(page, name).evaluateAll(([one]) => one !== undefined && one === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`The keyboard does not get to ${name}`);
}
