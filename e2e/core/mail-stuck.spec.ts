import { api as apiOf } from "#e2e/fixtures/api.ts";
import { visitorOf } from "#e2e/fixtures/doors.ts";
import { nextDayFor } from "#e2e/fixtures/invite.ts";
import { bearer, expect, person, poll, test } from "#e2e/fixtures/member.ts";
import { linksTo, startSmtpListener } from "#e2e/fixtures/smtp-listener.ts";
import { passCooldowns, row, rows } from "#e2e/fixtures/store.ts";

test("whoever asks for a mail while mail is down does not take the link from the owner who has one", async ({
  startServer,
}) => {
  const smtp = await startSmtpListener();
  const server = await startServer({ SMTP_URL: smtp.url, MAIL_FROM: "Latchkey <hello@example.com>" });
  const api = apiOf(server.url, { "x-forwarded-for": "10.1.1.1" });
  const { email, password } = person();
  const links = () => linksTo(smtp, email);
  await api.post("/auth/signup", { email, password });
  await poll(() => links().length === 1, { what: "the first mail" });
  expect((await api.post("/auth/verify", { authToken: links()[0] })).status).toBe(200);
  await api.post("/auth/password/forget", { email });
  await poll(() => links().length === 2, { what: "the mail to reset" });
  smtp.refuseRecipients = 451;
  await passCooldowns(server, email);
  await apiOf(server.url, { "x-forwarded-for": "10.2.2.2" }).post("/auth/password/forget", { email });
  await poll(async () => (await rows(server, "select id from outbox where last_error is not null")).length === 1, {
    what: "the second mail to be put off",
  });
  const reset = { authToken: links()[1], password: "another good phrase" };
  expect((await api.post("/auth/password/reset", reset)).status).toBe(200);
  await smtp.close();
});

for (const how of ["by its sender", "in its sender's name"])
  test(`an invitation sent again ${how} while mail is down does not end the one that was mailed, and does when it goes out`, async ({
    startServer,
  }) => {
    const smtp = await startSmtpListener();
    const server = await startServer({ SMTP_URL: smtp.url, MAIL_FROM: "Latchkey <hello@example.com>" });
    const api = apiOf(server.url, { "x-forwarded-for": "10.1.1.1" });
    const { email, password } = person();
    await api.post("/auth/signup", { email, password });
    await poll(() => linksTo(smtp, email).length === 1, { what: "the inviter's own mail" });
    const { body } = await api.post("/auth/verify", { authToken: linksTo(smtp, email)[0] });
    const headers = how === "by its sender" ? bearer(body.accessToken) : {};
    const invite = (to: string) =>
      api.post("/api/send-mail/reference-email", { username: email, destination_email: to }, headers);
    const guests = [person().email, person().email, person().email];
    for (const guest of guests) {
      await invite(guest);
      await poll(() => linksTo(smtp, guest).length === 1, { what: "the invitation" });
      await nextDayFor(server, guest);
    }
    const [first, second, third] = guests.map((guest) => `/invitation?authToken=${linksTo(smtp, guest)[0]}`);

    smtp.refuseRecipients = 451;
    for (const guest of guests) await invite(guest);
    await poll(async () => (await rows(server, "select id from outbox where last_error is not null")).length === 3, {
      what: "the second mails to be put off",
    });
    const accepted = await visitorOf(server).submit(first ?? "", "Create account", { password: person().password });
    expect(accepted.headers.get("location")).toBe("/account?notice=joined");
    const inviter = visitorOf(server);
    await inviter.submit("/login", "Log in", { email, password });
    const newest = "select id from invitations where email = ? order by created_at desc limit 1";
    const { id } = await row<{ id: string }>(server, newest, guests[2]);
    await inviter.submit("/invite", "Withdraw", { invitation: id });
    expect((await visitorOf(server).open(third ?? "")).html).toContain("This invitation was withdrawn");
    const list = (await inviter.open("/invite")).html;
    for (const state of ["Accepted", "Sent", "Withdrawn"])
      expect(list.match(new RegExp(`<b[^>]*>${state}</b>`, "g")), state).toHaveLength(1);

    smtp.refuseRecipients = undefined;
    await poll(async () => (await rows(server, "select id from outbox where last_error is not null")).length === 0, {
      what: "the second mails to go out, or to be dropped",
      within: 30_000,
    });
    expect(guests.map((guest) => linksTo(smtp, guest).length)).toEqual([1, 2, 1]);
    expect((await visitorOf(server).open(second ?? "")).html).toContain("There is a newer invitation");
    await smtp.close();
  });
