import {
  bearer,
  button,
  entry,
  expect,
  heading,
  nextDayFor,
  openInvite,
  poll,
  sendInvitation,
  summary,
  test,
} from "#e2e/fixtures/invite.ts";
import type { Mail } from "#e2e/fixtures/mailbox.ts";
import { tokenIn } from "#e2e/fixtures/member.ts";
import { change, rows } from "#e2e/fixtures/store.ts";

const REFUSED = "The owner of this address has asked for no more invitations, so we send none there.";

/** What the mail's header tells a mail program (RFC 8058). */
function oneClick(mail: Mail & { headers?: Record<string, string> }): string {
  expect(mail.headers?.["List-Unsubscribe-Post"]).toBe("List-Unsubscribe=One-Click");
  return /^<(.+)>$/.exec(mail.headers?.["List-Unsubscribe"] ?? "")?.[1] ?? "";
}

const stopLink = (mail: Mail): string => `/invitation/stop?authToken=${tokenIn(mail)}`;

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("one press and no account: no invitation comes again, whoever sends it and by whatever door", async ({
      page,
      elsewhere,
      inviter,
      guest,
      invited,
      newMember,
      mailsTo,
      api,
      server,
    }) => {
      const mail = await invited(guest);
      const theirs = await elsewhere();
      const inMail = mail.html.match(/href="([^"]*\/invitation\/stop[^"]*)"/)?.[1] ?? "";
      await theirs.goto(inMail.replaceAll("&amp;", "&"));
      await expect(heading(theirs, /^No more invitations\?$/)).toBeVisible();
      await expect(theirs.getByRole("main")).toContainText(guest);
      await button(theirs, "Do not mail me again").click();
      await expect(heading(theirs, /^No more invitations$/)).toBeVisible();
      await theirs.reload();
      await expect(heading(theirs, /^No more invitations$/)).toBeVisible();

      // The first sender again, another one, and a program.
      await nextDayFor(server, guest);
      await openInvite(page, inviter);
      await expect(entry(page, guest)).toContainText("They asked for no more invitations.");
      await expect(button(entry(page, guest), "Send again")).toHaveCount(0);
      await sendInvitation(page, guest);
      await expect(summary(page)).toContainText(REFUSED);
      const other = await newMember();
      const second = await elsewhere();
      await openInvite(second, other);
      await sendInvitation(second, guest);
      await expect(summary(second)).toContainText(REFUSED);
      const asked = { username: other.email, destination_email: guest };
      expect((await api.post("/staging/send-mail/reference-email", asked)).status).toBe(200);
      const unsent = async () =>
        (await rows(server, "select id from outbox where to_email = ? and sent_at is null", guest)).length;
      await poll(async () => (await unsent()) === 0, { what: "nothing to be left to send" });
      expect(await mailsTo(guest)).toHaveLength(1);
    });
  });

test("a program is not told who refuses: it runs into the same limit as with anybody", async ({
  guest,
  invited,
  newMember,
  mailsTo,
  api,
  server,
}) => {
  const url = oneClick(await invited(guest));
  await api.post(url, new URLSearchParams({ "List-Unsubscribe": "One-Click" }));
  await nextDayFor(server, guest);
  const { email } = await newMember();
  const ask = () => api.post("/staging/send-mail/reference-email", { username: email, destination_email: guest });
  expect((await ask()).status).toBe(200);
  expect((await ask()).status).toBe(429);
  expect(await mailsTo(guest)).toHaveLength(1);
});

test("a mail program's own button does it at once, in either form, without a cookie", async ({
  page,
  newMember,
  invited,
  api,
  server,
}) => {
  const addresses = [(await newMember()).email, (await newMember()).email];
  for (const [n, address] of addresses.entries()) {
    const url = oneClick(await invited(address));
    expect(url).toMatch(`${server.url}/invitation/stop/one-click?authToken=`);
    const form = new FormData();
    form.set("List-Unsubscribe", "One-Click");
    const urlencoded = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
    const answer = await fetch(url, { method: "POST", redirect: "manual", body: n === 0 ? urlencoded : form });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(`No more invitations will go to ${address}.\n`);
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(await rows(server, "select * from mail_refusals where email = ?", address)).toHaveLength(1);
    // Pressed again it is still done.
    expect((await api.post(url, urlencoded)).status).toBe(200);
    await page.goto(url);
    await expect(heading(page, /^No more invitations$/)).toBeVisible();
  }
});

test("opened by scanners it does nothing, and neither does a POST that is not the mail program's", async ({
  page,
  guest,
  invited,
  api,
  server,
}) => {
  const mail = await invited(guest);
  const url = oneClick(mail);
  for (const path of [url, stopLink(mail)])
    for (const method of ["HEAD", "GET", "HEAD"]) expect((await api.call(method, path)).status).toBeLessThan(400);
  expect((await api.get(url)).headers.get("location")).toBe(stopLink(mail));
  for (const body of [undefined, "{}", new URLSearchParams({ "List-Unsubscribe": "no" }), "x".repeat(20_000)])
    expect((await api.post(url, body)).status).toBe(400);
  const right = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
  expect((await api.post(`${url}x`, right)).status).toBe(400);
  expect(await rows(server, "select * from mail_refusals where email = ?", guest)).toEqual([]);
  await page.goto(url);
  await expect(button(page, "Do not mail me again")).toBeVisible();
});

test("an invitation long expired, and forgotten here, still says no for its address", async ({
  page,
  guest,
  invited,
  server,
}) => {
  const mail = await invited(guest);
  await change(server, "delete from invitations where email = ?", guest);
  await page.goto(stopLink(mail));
  await button(page, "Do not mail me again").click();
  await expect(heading(page, /^No more invitations$/)).toBeVisible();
  expect(await rows(server, "select * from mail_refusals where email = ?", guest)).toHaveLength(1);
});

test("whoever refused can still accept the invitation they have", async ({ page, guest, invited }) => {
  const mail = await invited(guest);
  await page.goto(mail.link ?? "");
  await page.getByRole("link", { name: "Do not mail me again" }).click();
  await button(page, "Do not mail me again").click();
  await expect(heading(page, /^No more invitations$/)).toBeVisible();
  await page.goto(mail.link ?? "");
  await expect(heading(page, "You are invited")).toBeVisible();
});

test("refused while the list was open: sending again is refused there too", async ({
  page,
  inviter,
  guest,
  invited,
  api,
  server,
  mailsTo,
}) => {
  const url = oneClick(await invited(guest));
  await nextDayFor(server, guest);
  await openInvite(page, inviter);
  await api.post(url, new URLSearchParams({ "List-Unsubscribe": "One-Click" }));
  await button(entry(page, guest), "Send again").click();
  await expect(page.getByRole("status")).toHaveText(REFUSED);
  expect(await mailsTo(guest)).toHaveLength(1);
  const answer = await api.get("/api/template-invite-mail", bearer(inviter.accessToken));
  expect(answer.status).toBe(200);
});
