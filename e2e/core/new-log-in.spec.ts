import { api as apiOf } from "#e2e/fixtures/api.ts";
import { visitorOf } from "#e2e/fixtures/doors.ts";
import { flatApi } from "#e2e/fixtures/flat.ts";
import { clientAddress, clientNetwork, expect, logIn, person, type RunningServer, test } from "#e2e/fixtures/member.ts";
import { change, rows } from "#e2e/fixtures/store.ts";
import { Visitor } from "#e2e/fixtures/visitor.ts";

const SUBJECT = "New log-in";
const FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

const noticesTo = (server: RunningServer, email: string) =>
  rows(server, "select id from outbox where to_email = ? and template = 'new-log-in'", email);

test("a log-in from a browser and a network not seen before is told to the owner by mail, once a day", async ({
  server,
  newMember,
  mailFor,
}) => {
  const who = await newMember();
  const from = (address: string) => apiOf(server.url, { "x-forwarded-for": address, "user-agent": FIREFOX });
  const mail = async () => {
    expect((await logIn(from(clientAddress()), who)).status).toBe(200);
    return mailFor(who.email, { subject: SUBJECT });
  };
  const { text, link } = await mail();
  expect(text).toContain("Firefox on Windows");
  expect(text).toContain(`${server.url}/account`);
  expect(text).toContain(`${server.url}/forgot-password`);
  expect(link).toBeNull();
  for (let n = 0; n < 3; n++) expect((await logIn(from(clientAddress()), who)).status).toBe(200);
  expect(await noticesTo(server, who.email)).toHaveLength(1);
  await change(
    server,
    "update outbox set id = id || '-yesterday' where to_email = ? and template = 'new-log-in'",
    who.email,
  );
  expect((await logIn(from(clientAddress()), who)).status).toBe(200);
  expect(await noticesTo(server, who.email)).toHaveLength(2);
});

test("a known browser in another network, and another browser in a known network, are nothing to tell of", async ({
  server,
  mailFor,
}) => {
  const who = person();
  const network = clientNetwork();
  const browser = new Visitor(server.url, { "x-forwarded-for": network() });
  await browser.submit("/sign-up", "Create account", who);
  const { link } = await mailFor(who.email);
  await browser.submit((link ?? "").slice(server.url.length), "Confirm this address");
  const moved = browser.twin({ "x-forwarded-for": clientAddress() });
  for (const cookie of [...moved.cookies.keys()]) if (!cookie.includes("device")) moved.cookies.delete(cookie);
  expect((await moved.submit("/login", "Log in", who)).status).toBe(303);
  expect((await new Visitor(server.url, { "x-forwarded-for": network() }).submit("/login", "Log in", who)).status).toBe(
    303,
  );
  expect(await noticesTo(server, who.email)).toEqual([]);
  expect((await visitorOf(server).submit("/login", "Log in", who)).status).toBe(303);
  expect(await noticesTo(server, who.email)).toHaveLength(1);
});

test("who has just signed up and proved the address hears of no new log-in, through whatever door", async ({
  api,
  server,
  mailFor,
}) => {
  const who = person();
  const flat = flatApi(api);
  await flat.signUp(who);
  await flat.confirm(who.username, (await mailFor(who.email)).code ?? "");
  expect((await flat.logIn(who)).status).toBe(200);
  expect(await noticesTo(server, who.email)).toEqual([]);
});
