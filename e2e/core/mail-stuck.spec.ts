import { api as apiOf } from "#e2e/fixtures/api.ts";
import { expect, person, poll, test } from "#e2e/fixtures/member.ts";
import { type SmtpListener, startSmtpListener } from "#e2e/fixtures/smtp-listener.ts";
import { passCooldowns, rows } from "#e2e/fixtures/store.ts";

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
  passCooldowns(server, email);
  await apiOf(server.url, { "x-forwarded-for": "10.2.2.2" }).post("/auth/password/forget", { email });
  await poll(() => rows(server, "select id from outbox where last_error is not null").length === 1, {
    what: "the second mail to be put off",
  });
  const reset = { authToken: links()[1], password: "another good phrase" };
  expect((await api.post("/auth/password/reset", reset)).status).toBe(200);
  await smtp.close();
});

const linksTo = (smtp: SmtpListener, email: string): string[] =>
  smtp.messages
    .filter(({ parsed }) => [parsed.to].flat().some((to) => to?.text.includes(email)))
    .flatMap(({ parsed }) => /authToken=(\S+)/.exec(parsed.text ?? "")?.[1] ?? []);
