import { expectAnswer, expectRefusal, expectTooMany, inEnvelope } from "#e2e/fixtures/answers.ts";
import {
  api as apiAt,
  bearer,
  clientAddress,
  expect,
  flatApi,
  logIn,
  person,
  poll,
  said,
  test,
} from "#e2e/fixtures/flat.ts";
import { accountOf, change, rows } from "#e2e/fixtures/store.ts";

const SENT = said("The mail has been sent");
const TOKEN = "The token is not valid or has expired";

test("anyone may have a mail sent in the name of a proved account, as documented", async ({
  api,
  flatMember,
  mailFor,
  server,
}) => {
  const who = await flatMember();
  const to = person().email;
  expectAnswer(await flatApi(api).invite(who.username, to), 200, SENT);
  const mail = await mailFor(to);
  expect(mail.subject).toBe(`${who.username} invites you to Latchkey`);
  expect(mail.link?.startsWith(`${server.origin}/invitation?authToken=eyJ`)).toBe(true);
});

test("a username does not give away its address, in the mail or behind its link", async ({
  api,
  flatMember,
  mailFor,
}) => {
  const who = await flatMember();
  const [stranger, friend, pen] = [person().email, person().email, person().email];
  await flatApi(api).invite(who.username.toUpperCase(), stranger);
  const mail = await mailFor(stranger);
  const page = await (await fetch(mail.link ?? "")).text();
  for (const text of [mail.subject, mail.html, mail.text, page]) {
    expect(text).toContain(who.username);
    expect(text).not.toContain(who.email);
  }
  expect(page).toContain("You are invited");
  // Whoever knows the address, or proves to be the sender, has it named.
  await flatApi(api).invite(who.email, friend);
  expect((await mailFor(friend)).subject).toBe(`${who.email} invites you to Latchkey`);
  await flatApi(api).invite(who.username, pen, bearer(who.token));
  expect((await mailFor(pen)).subject).toBe(`${who.email} invites you to Latchkey`);
});

test("the template is the very HTML that is mailed, but for its links and its date", async ({
  api,
  flatMember,
  mailFor,
}) => {
  const who = await flatMember();
  const answer = await flatApi(api).template(bearer(who.token));
  expectAnswer(answer, 200, {
    message: "Invitation mail",
    data: { template_mail: expect.stringContaining(who.email) },
    error: false,
  });
  const to = person().email;
  await flatApi(api).invite(who.username, to, bearer(who.token));
  const { html } = await mailFor(to);
  const timeless = (text: string) =>
    text
      .replace(/\/invitation(\/stop)?\?authToken=[\w.-]+/g, "/invitation")
      .replace(/\d{1,2} \w+ \d{4} at \d\d:\d\d UTC/g, "some day");
  expect(timeless(answer.body.data.template_mail)).toBe(timeless(html));
  expect(html).not.toContain("undefined");
});

test("the template is for whoever has an access token, and no token of anything else", async ({ api, flatMember }) => {
  const who = await flatMember();
  const auth = (await logIn(api, who)).body;
  expect((await flatApi(api).template(bearer(auth.accessToken))).status).toBe(200);
  for (const headers of [
    {},
    bearer(who.refreshToken),
    bearer(auth.refreshToken),
    { cookie: `latchkey_access=${who.token}` },
    { token: who.token },
    { "x-amzn-remapped-authorization": `Bearer ${who.token}` },
  ] as Record<string, string>[])
    expectRefusal(await flatApi(api).template(headers), 401, TOKEN, inEnvelope);
  const head = await api.call("HEAD", "/api/template-invite-mail", undefined, bearer(who.token));
  expect([head.status, head.text]).toEqual([200, ""]);
});

test("only an account whose address is proved may send", async ({ api, newName, mailsTo, server }) => {
  const who = await newName();
  const to = person().email;
  expectRefusal(await flatApi(api).invite(who.username, to), 403, "This account is not confirmed yet", inEnvelope);
  const unknown = "There is no account with this username";
  expectRefusal(await flatApi(api).invite(person().username, to), 404, unknown, inEnvelope);
  expect(await rows(server, "select 1 from outbox where to_email = ?", to)).toEqual([]);
  expect(await mailsTo(to)).toEqual([]);
});

test("a blocked account may send nothing", async ({ api, flatMember, server }) => {
  const who = await flatMember();
  await change(server, "update accounts set status = 2 where email = ?", who.email);
  expect((await flatApi(api).invite(who.username, person().email)).status).toBe(403);
});

test("one mail a day is all that a destination gets, whoever sends and however the address is written", async ({
  api,
  flatMember,
  mailsTo,
  mailFor,
}) => {
  const [who, other] = [await flatMember(), await flatMember()];
  const to = person().email;
  const answers = await Promise.all(
    [to, to.toUpperCase(), ` ${to}`, to.replace("@", "＠")].map((one, n) =>
      flatApi(api).invite(n % 2 ? who.username : other.email, one),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 429, 429, 429]);
  await mailFor(to);
  const wait = expectTooMany(await flatApi(api).invite(who.username, to), inEnvelope);
  expect(wait).toBeGreaterThan(23 * 60 * 60);
  expect(await mailsTo(to)).toHaveLength(1);
});

test("twenty a day are all that one account sends, whichever address asks", async ({ flatMember, server }) => {
  const who = await flatMember();
  const from = () => flatApi(apiAt(server.url, { "x-forwarded-for": clientAddress() }));
  const answers = await Promise.all(Array.from({ length: 25 }, () => from().invite(who.username, person().email)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
  const { id } = await accountOf(server, who.email);
  const sent = async () => (await rows(server, "select 1 from invitations where account_id = ?", id)).length;
  await poll(async () => (await sent()) === 20, { what: "twenty invitations" });
  expectTooMany(await from().invite(who.email, person().email, bearer(who.token)), inEnvelope);
  expect(await sent()).toBe(20);
});

test("thirty an hour are all that one address sends, whichever account", async ({ api, flatMember }) => {
  const senders = [await flatMember(), await flatMember()];
  const statuses: number[] = [];
  // Two of the thirty went out when the senders signed up.
  for (let n = 0; n < 29; n++)
    statuses.push((await flatApi(api).invite(senders[n % 2]?.username ?? "", person().email)).status);
  expect(statuses).toEqual([...Array(28).fill(200), 429]);
});

test("an address that wants no more mail is never mailed again, and no answer tells that it does", async ({
  api,
  flatMember,
  mailsTo,
  server,
}) => {
  const who = await flatMember();
  const refusing = person().email;
  await change(server, "insert into mail_refusals (email, created_at) values (?, ?)", refusing, Date.now());
  const willing = person().email;
  for (const to of [refusing, willing]) {
    expectAnswer(await flatApi(api).invite(who.username, to.toUpperCase()), 200, SENT);
    expectTooMany(await flatApi(api).invite(who.username, to), inEnvelope);
  }
  await poll(async () => (await rows(server, "select 1 from outbox where to_email = ?", refusing)).length === 0, {
    what: "nothing to be left for who wants no mail",
  });
  expect(await mailsTo(refusing)).toEqual([]);
});

test("a bearer token, where there is one, must be the sender's", async ({ api, flatMember }) => {
  const [who, other] = [await flatMember(), await flatMember()];
  for (const headers of [
    bearer(other.token),
    bearer(who.refreshToken),
    bearer("x"),
    { authorization: "" },
    { authorization: "Bearer" },
    { authorization: who.token },
  ])
    expectRefusal(await flatApi(api).invite(who.username, person().email, headers), 401, TOKEN, inEnvelope);
  expectRefusal(
    await flatApi(api).invite(person().username, person().email, bearer(who.token)),
    401,
    TOKEN,
    inEnvelope,
  );
  for (const name of [who.username, who.email.toUpperCase()])
    expectAnswer(await flatApi(api).invite(name, person().email, bearer(who.token)), 200, SENT);
});

test("an invitation to somebody who has an account is answered alike", async ({ api, flatMember, mailFor }) => {
  const [who, other] = [await flatMember(), await flatMember()];
  const before = await mailFor(other.email);
  expectAnswer(await flatApi(api).invite(who.username, other.email), 200, SENT);
  expect((await mailFor(other.email, { after: before })).subject).toContain("invites you");
});
