import { randomUUID } from "node:crypto";
import { expect, type Member, mainOf, newestEntry, type RunningServer, test } from "#e2e/fixtures/operator.ts";
import { accountOf, change, row, rows } from "#e2e/fixtures/store.ts";

/** Mail in the console: what waits, what was given up, and what is done about it. */

const WHY = "Their provider is back";

/** A notice that was given up, as the outbox leaves it. */
async function failedMail(server: RunningServer, who: Member, error = "550 no such mailbox"): Promise<string> {
  const id = randomUUID();
  await change(
    server,
    `insert into outbox (id, template, about, to_email, account_id, created_at, attempts, next_try_at, failed_at, last_error)
      values (?, 'factor-changed', 'recovery-codes-made', ?, ?, ?, 7, ?, ?, ?)`,
    id,
    who.email,
    (await accountOf(server, who.email)).id,
    Date.now() - 7_200_000,
    Date.now(),
    Date.now(),
    error,
  );
  return id;
}

test("a mail that was given up stands there with the server’s words, and is sent again for a reason", async ({
  server,
  newOperator,
  newMember,
  mailFor,
}) => {
  const operator = await newOperator("support");
  const who = await newMember();
  const id = await failedMail(server, who);
  const { html } = await operator.visitor.open("/admin/mail?which=failed");
  expect(mainOf(html)).toContain("The mail server said: 550 no such mailbox");
  expect(mainOf((await operator.visitor.open("/admin")).html)).toMatch(
    /mails? (was|were) given up in the last 30 days/,
  );
  const path = `/admin/mail/${id}/send-again`;
  expect(html).toContain(`href="${path}"`);
  expect(mainOf((await operator.visitor.submit(path, "Send it again", { why: "" })).html)).toContain("Say why.");
  const { headers } = await operator.visitor.submit(path, "Send it again", { why: WHY });
  expect(headers.get("location")).toBe("/admin/mail?notice=mail-sent-again");
  await mailFor(who.email, { subject: "New recovery codes" });
  expect(await newestEntry(server, "mail_sent_again")).toMatchObject({
    actor: operator.sub,
    sub: (await accountOf(server, who.email)).sub,
    details: { why: WHY, template: "factor-changed" },
  });
});

test("a mail that waits is given up for a reason; done twice, the second time is told that it was", async ({
  server,
  newOperator,
  newMember,
}) => {
  const operator = await newOperator("support");
  const who = await newMember();
  const id = await failedMail(server, who, "connection refused");
  const later = Date.now() + 3_600_000;
  await change(server, "update outbox set failed_at = null, next_try_at = ? where id = ?", later, id);
  const page = mainOf((await operator.visitor.open("/admin/mail")).html);
  expect(page).toContain("The oldest mail waits since");
  expect(page).toContain(who.email);
  const path = `/admin/mail/${id}/give-up`;
  const form = await operator.visitor.form(path, "Give it up");
  await operator.visitor.post(path, { ...form, why: "Bounces for ever" });
  expect(await row(server, "select failed_at > 0 as failed from outbox where id = ?", id)).toMatchObject({
    failed: expect.anything(),
  });
  expect(await newestEntry(server, "mail_given_up")).toMatchObject({ details: { why: "Bounces for ever" } });
  const late = await operator.visitor.post(path, { ...form, why: "again" });
  expect(mainOf(late.html)).toMatch(/nothing was done|there is nothing to do/);
  expect(
    await rows(server, "select id from trail where kind = 'mail_given_up' and details like ?", '%"again"%'),
  ).toEqual([]);
});

test("invitations of everybody are listed, with whom they are from and what became of them", async ({
  api,
  newOperator,
  newMember,
}) => {
  const { visitor } = await newOperator("support");
  const inviter = await newMember();
  const guest = `guest-${randomUUID()}@example.com`;
  await api.post(
    "/api/send-mail/reference-email",
    { username: inviter.email, destination_email: guest },
    { authorization: `Bearer ${inviter.accessToken}` },
  );
  const page = mainOf((await visitor.open("/admin/invitations")).html);
  expect(page).toContain(guest);
  expect(page).toContain(inviter.email);
});
