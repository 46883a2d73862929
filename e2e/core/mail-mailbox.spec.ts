import { randomUUID } from "node:crypto";
import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "playwright/test";
import { mailboxFolder } from "#e2e/fixtures/own-store.ts";
import { person } from "#e2e/fixtures/person.ts";
import type { Mail } from "#lib/mail/mail.ts";
import { findMail, keepMail, listMail } from "#lib/mail/mailbox.ts";

/** The local mailbox as files; what it shows in a browser is in e2e/pages/mailbox.spec.ts. */

const noon = Date.UTC(2027, 2, 1, 12);

const mailTo = (to: string, stamp = noon): Mail => ({
  id: randomUUID(),
  stamp,
  to,
  subject: "A mail",
  html: "<p>Hello</p>",
  text: "Hello\n",
  link: "http://localhost:3000/verify-email?authToken=x",
  code: "123456",
});

test.beforeEach(() => rmSync(mailboxFolder, { recursive: true, force: true }));

test("a mailbox nobody has written to is empty", async () => {
  expect(await listMail()).toEqual([]);
  expect(await findMail("1740000000000-0123456789ab-x")).toBeNull();
});

test("mail is listed newest first, and only one person's where asked for, however the address is typed", async () => {
  const [ada, bob] = [person().email, person().email];
  await keepMail(mailTo(ada, noon));
  await keepMail(mailTo(bob, noon + 1));
  await keepMail(mailTo(ada, noon + 2));
  expect((await listMail()).map(({ to }) => to)).toEqual([ada, bob, ada]);
  const adas = await listMail({ to: ` ${ada.toUpperCase()} ` });
  expect(adas.map(({ sentAt }) => sentAt)).toEqual(["2027-03-01T12:00:00.002Z", "2027-03-01T12:00:00.000Z"]);
  expect(await findMail(adas[0]?.id ?? "")).toEqual(adas[0]);
});

test("kept mail is for the eyes of this user alone", async () => {
  await keepMail(mailTo(person().email));
  expect(statSync(mailboxFolder).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(mailboxFolder)) expect(statSync(join(mailboxFolder, name)).mode & 0o777).toBe(0o600);
});

test("a mail that is kept twice is there once", async () => {
  const mail = mailTo(person().email);
  await keepMail(mail);
  await keepMail(mail);
  expect(await listMail()).toHaveLength(1);
});

test("the newest 500 mails are kept", async () => {
  const { email } = person();
  for (let i = 0; i < 503; i++) await keepMail(mailTo(email, noon + i));
  const kept = await listMail();
  expect(kept).toHaveLength(500);
  expect(kept.at(-1)?.sentAt).toBe(new Date(noon + 3).toISOString());
});

test("an id that is a path opens nothing", async () => {
  await keepMail(mailTo(person().email));
  writeFileSync(join(mailboxFolder, "..", "secret.json"), "{}");
  for (const id of ["../secret", "..%2fsecret", "/etc/passwd", "", "."]) expect(await findMail(id)).toBeNull();
});
