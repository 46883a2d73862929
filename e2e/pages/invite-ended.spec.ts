import { accept, button, entry, expect, heading, nextDayFor, openInvite, person, test } from "#e2e/fixtures/invite.ts";
import { tokenIn } from "#e2e/fixtures/member.ts";
import { change } from "#e2e/fixtures/store.ts";

/** Invitations nobody can accept any more, or not here and now: each said plainly, with a way on. */

test("withdrawn: the list says so, and so does the link", async ({ page, elsewhere, inviter, guest, invited }) => {
  const { link } = await invited(guest);
  await openInvite(page, inviter);
  await button(entry(page, guest), "Withdraw").click();
  await expect(page.getByRole("status")).toContainText("The invitation is withdrawn.");
  await expect(entry(page, guest)).toContainText("Withdrawn");
  await expect(button(entry(page, guest), "Withdraw")).toHaveCount(0);

  const theirs = await elsewhere();
  await theirs.goto(link ?? "");
  await expect(heading(theirs, "This invitation was withdrawn")).toBeVisible();
  await expect(theirs.getByRole("main")).toContainText(inviter.email);
  await theirs.getByRole("link", { name: "Create an account" }).click();
  await expect(heading(theirs, "Create your account")).toBeVisible();
});

test("withdrawn while its page was open: the page says so instead of making an account", async ({
  page,
  elsewhere,
  inviter,
  guest,
  invited,
}) => {
  const { link } = await invited(guest);
  const theirs = await elsewhere();
  await theirs.goto(link ?? "");
  await openInvite(page, inviter);
  await button(entry(page, guest), "Withdraw").click();
  await expect(entry(page, guest)).toContainText("Withdrawn");
  await accept(theirs, person().password);
  await expect(heading(theirs, "This invitation was withdrawn")).toBeVisible();
});

test("nobody withdraws or sends again what somebody else sent", async ({
  page,
  elsewhere,
  guest,
  invited,
  newMember,
  mailsTo,
  server,
}) => {
  const { link } = await invited(guest);
  await nextDayFor(server, guest);
  const id = JSON.parse(atob(new URL(link ?? "").searchParams.get("authToken")?.split(".")[1] ?? "")).jti;
  const stranger = await newMember();
  const own = person().email;
  await invited(own, stranger);
  await nextDayFor(server, own);
  await openInvite(page, stranger);
  for (const name of ["Withdraw", "Send again"]) {
    await page.goto("/invite");
    const form = entry(page, own)
      .locator("form")
      .filter({ has: button(page, name) });
    await form.locator("[name=invitation]").evaluate((input: HTMLInputElement, id) => {
      input.value = id;
    }, id);
    await button(form, name).click();
    if (name === "Withdraw") await expect(page.getByRole("status")).toHaveText("That invitation had already ended.");
    else await expect(page).toHaveURL("/invite");
  }
  expect(await mailsTo(guest)).toHaveLength(1);
  const theirs = await elsewhere();
  await theirs.goto(link ?? "");
  await expect(heading(theirs, "You are invited")).toBeVisible();
});

test("expired: the list and the link say so, and it can be sent again", async ({
  page,
  elsewhere,
  inviter,
  guest,
  invited,
  mailFor,
  server,
}) => {
  const first = await invited(guest);
  await change(server, "update invitations set link_expires_at = ? where email = ?", Date.now() - 1_000, guest);
  const theirs = await elsewhere();
  await theirs.goto(first.link ?? "");
  await expect(heading(theirs, "This invitation has expired")).toBeVisible();
  await expect(theirs.getByRole("main")).toContainText(`${inviter.email} can send you another`);

  await nextDayFor(server, guest);
  await openInvite(page, inviter);
  await expect(entry(page, guest)).toContainText("Expired");
  await button(entry(page, guest), "Send again").click();
  await expect(page.getByRole("status")).toHaveText("The invitation is on its way.");
  await expect(entry(page, guest)).toContainText("Sent");
  await theirs.goto((await mailFor(guest, { after: first })).link ?? "");
  await expect(heading(theirs, "You are invited")).toBeVisible();
});

test("sent again: the older link names the newer mail, and only the newer one works", async ({
  page,
  inviter,
  elsewhere,
  guest,
  invited,
  mailFor,
  server,
}) => {
  const first = await invited(guest);
  await nextDayFor(server, guest);
  await openInvite(page, inviter);
  await button(entry(page, guest), "Send again").click();
  const second = await mailFor(guest, { after: first });
  await expect(entry(page, guest)).toHaveCount(1);

  const theirs = await elsewhere();
  await theirs.goto(first.link ?? "");
  await expect(heading(theirs, "There is a newer invitation")).toBeVisible();
  await theirs.goto(second.link ?? "");
  await accept(theirs, person().password);
  await expect(heading(theirs, "Your account")).toBeVisible();
  await theirs.goto(first.link ?? "");
  await expect(heading(theirs, "You already have an account")).toBeVisible();
});

test("sent again and then withdrawn: the older link says withdrawn as well", async ({
  page,
  elsewhere,
  inviter,
  guest,
  invited,
  mailFor,
  server,
}) => {
  const first = await invited(guest);
  await nextDayFor(server, guest);
  const second = await invited(guest, inviter, first);
  await openInvite(page, inviter);
  await button(entry(page, guest), "Withdraw").click();
  await expect(entry(page, guest)).toContainText("Withdrawn");
  const theirs = await elsewhere();
  for (const { link } of [first, second]) {
    await theirs.goto(link ?? "");
    await expect(heading(theirs, "This invitation was withdrawn")).toBeVisible();
  }
  expect(await mailFor(guest)).toMatchObject({ id: second.id });
});

test("used: the link says that it was accepted, and leads to the account or to the log-in", async ({
  page,
  elsewhere,
  guest,
  invited,
}) => {
  const { link } = await invited(guest);
  await page.goto(link ?? "");
  await accept(page, person().password);
  await expect(heading(page, "Your account")).toBeVisible();
  await page.goto(link ?? "");
  await expect(heading(page, "Already accepted")).toBeVisible();
  await page.getByRole("link", { name: "Go to your account" }).click();
  await expect(heading(page, "Your account")).toBeVisible();
  const stranger = await elsewhere();
  await stranger.goto(link ?? "");
  await expect(heading(stranger, "Already accepted")).toBeVisible();
  await stranger.getByRole("link", { name: "Log in" }).click();
  await expect(heading(stranger, "Log in")).toBeVisible();
});

test("already a member: nothing to accept, and a way to log in", async ({
  page,
  invited,
  newMember,
  inviter,
  elsewhere,
}) => {
  const member = await newMember();
  const { link } = await invited(member.email);
  await page.goto(link ?? "");
  await expect(heading(page, "You already have an account")).toBeVisible();
  await expect(page.getByRole("main")).toContainText(member.email);
  await page.getByRole("link", { name: "Log in" }).click();
  await expect(heading(page, "Log in")).toBeVisible();
  // Whoever invites learns nothing of it.
  const theirs = await elsewhere();
  await openInvite(theirs, inviter);
  await expect(entry(theirs, member.email)).toContainText("Sent");
});

test("became a member while the page was open: the page says so", async ({
  page,
  guest,
  invited,
  newPerson,
  linkToken,
  api,
}) => {
  const { link } = await invited(guest);
  await page.goto(link ?? "");
  const { email } = await newPerson({ email: guest });
  const proof = await api.post("/auth/verify", { authToken: await linkToken(email, "Confirm") });
  expect(proof.status).toBe(200);
  await accept(page, person().password);
  await expect(heading(page, "You already have an account")).toBeVisible();
});

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("logged in as somebody else: said plainly, and one may log out and accept", async ({
      page,
      guest,
      invited,
      newMember,
    }) => {
      const member = await newMember();
      const { link } = await invited(guest);
      await openInvite(page, member);
      await page.goto(link ?? "");
      await expect(heading(page, "This invitation is for another address")).toBeVisible();
      await expect(page.getByRole("main")).toContainText(`You are logged in as ${member.email}.`);
      await expect(page.getByRole("main")).toContainText(guest);
      await expect(page.getByLabel("Password", { exact: true })).toHaveCount(0);
      await button(page, "Log out and accept").click();
      await accept(page, person().password);
      await expect(page.getByRole("main")).toContainText(guest);
      await expect(heading(page, "Your account")).toBeVisible();
    });
  });

test("logged in as somebody else, and the invited is a member: one may log out to log in there", async ({
  page,
  invited,
  newMember,
}) => {
  const [here, there] = [await newMember(), await newMember()];
  const { link } = await invited(there.email);
  await openInvite(page, here);
  await page.goto(link ?? "");
  await expect(heading(page, "You already have an account")).toBeVisible();
  await button(page, "Log out and switch account").click();
  await page.getByRole("link", { name: "Log in" }).click();
  await expect(heading(page, "Log in")).toBeVisible();
});

test("not a link of ours: said plainly, and no other kind of token opens it", async ({
  page,
  guest,
  invited,
  newPerson,
  linkToken,
}) => {
  const token = tokenIn(await invited(guest));
  const { email } = await newPerson();
  for (const wrong of ["", "nonsense", `${token}x`, token.slice(0, -9), await linkToken(email)]) {
    await page.goto(`/invitation?authToken=${wrong}`);
    await expect(heading(page, "This link does not work")).toBeVisible();
    await page.goto(`/invitation/stop?authToken=${wrong}`);
    await expect(heading(page, "This link does not work")).toBeVisible();
  }
  await page.goto(`/verify-email?authToken=${token}`);
  await expect(heading(page, "This link does not work")).toBeVisible();
  await page.goto("/invitation");
  await expect(page.getByRole("link", { name: "Create an account" })).toBeVisible();
});
