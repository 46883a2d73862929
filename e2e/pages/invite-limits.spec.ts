import {
  bearer,
  button,
  entry,
  expect,
  nextDayFor,
  openInvite,
  person,
  sendInvitation,
  summary,
  test,
} from "#e2e/fixtures/invite.ts";
import { accountOf, change } from "#e2e/fixtures/store.ts";

test("one invitation a day to an address: through the page, through the API, from anyone", async ({
  page,
  elsewhere,
  inviter,
  guest,
  newMember,
  mailFor,
  mailsTo,
  api,
}) => {
  await openInvite(page, inviter);
  await sendInvitation(page, guest);
  await mailFor(guest);
  await expect(entry(page, guest)).toContainText("You can send again from");
  await expect(button(entry(page, guest), "Send again")).toHaveCount(0);

  await sendInvitation(page, guest);
  await expect(summary(page)).toBeFocused();
  await expect(summary(page)).toContainText(
    "This address has already been invited today. Wait 24 hours, then try again.",
  );
  await expect(page.getByLabel("Their e-mail address")).toHaveValue(guest);
  const other = await newMember();
  const theirs = await elsewhere();
  await openInvite(theirs, other);
  await sendInvitation(theirs, guest);
  await expect(summary(theirs)).toContainText("This address has already been invited today.");
  const asked = { username: other.email, destination_email: guest };
  const answer = await api.post("/dev/send-mail/reference-email", asked, bearer(other.accessToken));
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(23 * 3600);
  expect(await mailsTo(guest)).toHaveLength(1);
});

test("twenty a day from one sender: the twenty-first is refused by the page and by the API", async ({
  page,
  inviter,
  guest,
  invited,
  api,
  server,
  mailsTo,
}) => {
  await invited(guest);
  const key = `invite-sender:${(await accountOf(server, inviter.email)).id}`;
  await change(server, "update limits set count = 20, blocked_until = resets_at where key = ?", key);
  await nextDayFor(server, guest);
  await openInvite(page, inviter);
  await expect(entry(page, guest), "the list knows of this limit too").toContainText("You can send again from");
  await sendInvitation(page, person().email);
  await expect(summary(page)).toContainText("You have sent 20 invitations today. That is the most for one day.");
  const asked = { username: inviter.email, destination_email: person().email };
  expect((await api.post("/api/send-mail/reference-email", asked, bearer(inviter.accessToken))).status).toBe(429);
  // Whoever proves to be nobody is not told how many the sender has sent; but nothing is mailed.
  expect((await api.post("/api/send-mail/reference-email", asked)).status).toBe(200);
  expect(await mailsTo(asked.destination_email)).toEqual([]);
});

test("asked again from a page that was open for long, it says that it is too soon", async ({
  page,
  inviter,
  guest,
  invited,
  server,
  mailsTo,
  mailFor,
}) => {
  const first = await invited(guest);
  await nextDayFor(server, guest);
  await openInvite(page, inviter);
  await expect(button(entry(page, guest), "Send again")).toBeVisible();
  await invited(guest, inviter, first);
  await button(entry(page, guest), "Send again").click();
  // Its entry is another one by now; the old one still names the address.
  await expect(page.getByRole("status")).toHaveText(
    "It is too soon to send this one again. The list says when you can.",
  );
  await expect(entry(page, guest)).toContainText("You can send again from");
  expect(await mailFor(guest)).toBeDefined();
  expect(await mailsTo(guest)).toHaveLength(2);
});

test("one's own address and one that is none are refused, and what was typed stays", async ({ page, inviter }) => {
  await openInvite(page, inviter);
  await sendInvitation(page, ` ${inviter.email.toUpperCase()} `);
  await expect(summary(page)).toContainText("This is your own address.");
  await sendInvitation(page, "nobody");
  await expect(summary(page)).toContainText("Enter an e-mail address like name@example.com.");
  await expect(page).toHaveTitle("Error: Invite someone · Latchkey");
  await expect(page.getByLabel("Their e-mail address")).toHaveValue("nobody");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a refused invitation comes back with its error and what was typed", async ({
    page,
    inviter,
    guest,
    invited,
  }) => {
    await invited(guest);
    await openInvite(page, inviter);
    await sendInvitation(page, guest);
    await expect(summary(page)).toContainText("This address has already been invited today.");
    await expect(page).toHaveTitle("Error: Invite someone · Latchkey");
    await expect(page.getByLabel("Their e-mail address")).toHaveValue(guest);
    await expect(entry(page, guest)).toContainText("UTC");
  });
});
