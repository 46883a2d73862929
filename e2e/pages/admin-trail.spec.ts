import { passConfirmation } from "#e2e/fixtures/confirmations.ts";
import {
  expect,
  from,
  giveRole,
  logIn,
  mainOf,
  memberOf,
  newestEntry,
  operatorAt,
  poll,
  test,
} from "#e2e/fixtures/operator.ts";
import { accountOf, change, row } from "#e2e/fixtures/store.ts";
import { csvLine } from "#lib/auth/operators/csv.ts";

/** The audit trail and the overview in the console, and what can be taken out of it as a file. */

test("the trail is filtered by account, kind, actor and day, and goes on by key", async ({
  server,
  newOperator,
  newMember,
}) => {
  const { visitor, email } = await newOperator("support");
  const who = await newMember();
  const { id, sub } = await accountOf(server, who.email);
  const form = await visitor.form(`/admin/people/${id}/end-sessions`, "Log them out");
  await visitor.post(`/admin/people/${id}/end-sessions`, { ...form, why: "lost their phone" });
  const shown = async (query: string) => mainOf((await visitor.open(`/admin/trail?${query}`)).html);
  const account = `account=%23${id}`;
  for (const query of [account, `account=${sub}`, `account=${who.email}`, `${account}&kind=session_ended`])
    expect(await shown(query), query).toContain("lost their phone");
  expect(await shown(`${account}&actor=${email}`)).toContain("lost their phone");
  for (const query of [`${account}&kind=log_in_refused`, `${account}&actor=command`, "account=nobody-like-that"])
    expect(await shown(query), query).toContain("Nothing like that.");
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const [today, tomorrow] = [day(Date.now()), day(Date.now() + 86_400_000)];
  expect(await shown(`${account}&from=${today}&to=${today}`)).toContain("lost their phone");
  expect(await shown(`${account}&from=${tomorrow}`)).toContain("Nothing like that.");

  await change(
    server,
    `insert into trail (at, kind, account_id, sub)
      with recursive n (i) as (select 1 union all select i + 1 from n where i < 120)
      select ${Date.now() - 1_000_000} + i / 3, 'username_changed', ${id}, '${sub}' from n`,
  );
  let path: string | undefined = `/admin/trail?${account}&kind=username_changed`;
  const counts: number[] = [];
  while (path !== undefined && counts.length < 9) {
    const { html } = await visitor.open(path);
    counts.push(html.match(/<th scope="row">Username changed/g)?.length ?? 0);
    path = /href="([^"]*)"[^>]*>Older</.exec(html)?.[1]?.replaceAll("&amp;", "&");
  }
  expect(counts).toEqual([50, 50, 20]);
});

test("an admin takes what the trail’s page shows as CSV and JSON, which is itself in the trail; no hash is in it", async ({
  server,
  api,
  newOperator,
  newMember,
}) => {
  const operator = await newOperator("admin");
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  for (let n = 0; n < 3; n++) await logIn(api, { ...who, password: "wrong one, surely" });
  await poll(async () => (await row(server, "select count(*) n from trail where seq is null")).n === 0 || undefined, {
    what: "the sealer",
  });
  const query = `account=%23${id}&kind=log_in_refused`;
  const csv = await operator.visitor.open(`/admin/trail/export?format=csv&${query}`);
  expect([csv.status, csv.headers.get("content-type"), csv.headers.get("cache-control")]).toEqual([
    200,
    "text/csv; charset=utf-8",
    "no-store",
  ]);
  expect(csv.headers.get("content-disposition")).toMatch(/^attachment; filename="latchkey-trail-[\d-]+\.csv"$/);
  expect(csv.html.trim().split("\r\n")).toHaveLength(4);
  const json = JSON.parse((await operator.visitor.open(`/admin/trail/export?format=json&${query}`)).html);
  expect(json.map((one: { kind: string; address: string }) => [one.kind, one.address])).toEqual(
    Array(3).fill(["log_in_refused", who.email]),
  );
  const { hash, address_mark } = await row<{ hash: string; address_mark: string }>(
    server,
    "select hash, address_mark from trail where account_id = ? and hash is not null and address_mark is not null limit 1",
    id,
  );
  const all = await operator.visitor.open("/admin/trail/export?format=json");
  for (const secret of [hash, address_mark, "addressMark"]) expect(all.html).not.toContain(secret);
  expect(await newestEntry(server, "trail_exported")).toMatchObject({ actor: operator.sub });
  await passConfirmation(server, operator);
  const later = await operator.visitor.open(`/admin/trail/export?format=csv&${query}`);
  expect(later.headers.get("location")).toMatch(/^\/account\/confirm\?next=/);
});

test("no cell of a file begins a formula, whoever chose what stands in it", async ({
  server,
  newOperator,
  newMember,
}) => {
  const operator = await newOperator("admin");
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  const names = ['=HYPERLINK("http://evil.example")', "+1+1", "-1", "@SUM(A1)", " =1", "\t=1", "＝1+1", "\u200b=1"];
  for (const name of names) {
    await change(server, "update accounts set first_name = ?, last_name = ? where id = ?", name, 'a"b\nc', id);
    const { html } = await operator.visitor.open(`/admin/people/export?format=csv&q=%23${id}`);
    const line = html.slice(html.indexOf("\r\n") + 2);
    expect(line, JSON.stringify(name)).toContain(`"'${name.replaceAll('"', '""')}","a""b\nc"`);
  }
  const { html } = await operator.visitor.open(`/admin/people/export?format=json&q=%23${id}`);
  expect(JSON.parse(html)).toMatchObject([{ number: Number(id), address: who.email, status: "active" }]);
  expect(html).not.toMatch(/hash|\$2/i);
  expect(await newestEntry(server, "people_exported")).toMatchObject({
    actor: operator.sub,
    details: { filter: '{"text":"(some words)"}' },
  });
  expect(csvLine(["plain", "a-b", 1, null, ""])).toBe('"plain","a-b",1,,""\r\n');
});

test("a link on another site exports nothing", async ({ newOperator, server }) => {
  const { visitor } = await newOperator("admin");
  for (const [page, path] of [
    ["/admin/people", "/admin/people/export?format=csv"],
    ["/admin/trail", "/admin/trail/export?format=csv"],
  ] as const) {
    const { headers } = await visitor.open(path, { headers: { "sec-fetch-site": "cross-site" } });
    expect(new URL(headers.get("location") ?? "", server.url).pathname).toBe(page);
  }
});

test("the overview counts each day’s sign-ups, log-ins, refusals, resets and mails, a second later, and once", async ({
  startServer,
}) => {
  const server = await startServer();
  const { visitor, ...operator } = await operatorAt(server, "admin");
  for (let n = 0; n < 3; n++) await logIn(from(server), { ...operator, password: "not this one at all" });
  const today = async () =>
    Object.fromEntries(
      [
        ...mainOf((await visitor.open("/admin")).html).matchAll(
          /(Sign-ups|Log-ins|Refusals|Resets|Mails sent) (\d+) today/g,
        ),
      ].map(([, name, count]) => [name, Number(count)]),
    );
  await poll(async () => (await today()).Refusals === 3, { what: "the figures" });
  expect(await today()).toMatchObject({ "Sign-ups": 1, Resets: 0 });
  const { sent } = await row<{ sent: number }>(server, "select count(*) sent from outbox where sent_at is not null");
  expect((await today())["Mails sent"]).toBe(Number(sent));
  const counted = await row<{ n: number }>(server, "select sum(count) n from daily_counts where kind <> 'mail_sent'");
  const written = await row<{ n: number }>(server, "select count(*) n from trail where seq is not null");
  expect(Number(counted.n)).toBe(Number(written.n));
});

test("the overview says what needs a look", async ({ startServer }) => {
  const server = await startServer();
  const { visitor } = await operatorAt(server, "admin");
  const without = await memberOf(server);
  await giveRole(server, (await accountOf(server, without.email)).id, "support");
  const long = Date.now() - 3_600_000;
  await change(
    server,
    "insert into outbox (id, template, to_email, created_at, next_try_at) values ('waits', 'invite', 'a@example.com', ?, ?)",
    long,
    Date.now() + 3_600_000,
  );
  await change(
    server,
    "insert into daily_counts (day, kind, count) values (?, 'log_in_shut_out', 400)",
    Math.floor(Date.now() / 86_400_000) * 86_400_000,
  );
  const page = mainOf((await visitor.open("/admin")).html);
  for (const said of [
    "Mail waits since",
    "log-ins or codes were refused today",
    `${without.email} has a role and no app for codes`,
    "There is one admin.",
  ])
    expect(page).toContain(said);
});
