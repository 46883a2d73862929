import { expect, mainOf, test } from "#e2e/fixtures/operator.ts";
import { accountOf, change } from "#e2e/fixtures/store.ts";

/** Finding people in the console, and what of them is shown. */

test("people are found by the beginning of an address, a username or a name, by number and by sub", async ({
  server,
  newOperator,
  newMember,
}) => {
  const { visitor } = await newOperator("support");
  const who = await newMember();
  const { id, sub } = await accountOf(server, who.email);
  const tag = who.email.slice("someone-".length, -"@example.com".length);
  await change(
    server,
    "update accounts set first_name = ?, last_name = ?, username = ?, username_key = ? where id = ?",
    `Élodie${tag}`,
    `van der Berg${tag}`,
    `Nick-${tag}`,
    `nick-${tag}`,
    id,
  );
  for (const asked of [
    who.email,
    who.email.toUpperCase(),
    who.email.slice(0, 16),
    `Élodie${tag}`,
    `élodie${tag.toUpperCase()}`,
    `Van Der Berg${tag}`,
    `Élodie${tag} van der`,
    `NICK-${tag}`,
    `#${id}`,
    sub,
  ]) {
    const { status, html } = await visitor.open(`/admin/people?q=${encodeURIComponent(asked)}`);
    expect([asked, status]).toEqual([asked, 200]);
    expect(mainOf(html), asked).toContain(who.email);
  }
  for (const asked of [
    `x${who.email}`,
    `berg${tag}`,
    "#0",
    "#999999999",
    sub.replace(/.$/, sub.endsWith("0") ? "1" : "0"),
  ]) {
    const { html } = await visitor.open(`/admin/people?q=${encodeURIComponent(asked)}`);
    expect(mainOf(html), asked).toContain("Nobody like that.");
  }
});

test("people are found by status, role, when they signed up and when they were seen", async ({
  server,
  newOperator,
  newPerson,
  newMember,
}) => {
  const operator = await newOperator("admin");
  const [unproved, member] = [await newPerson(), await newMember()];
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const [today, tomorrow] = [day(Date.now()), day(Date.now() + 86_400_000)];
  const found = async (query: string, email: string) =>
    mainOf((await operator.visitor.open(`/admin/people?q=${encodeURIComponent(email)}&${query}`)).html).includes(
      email.slice(0, 20),
    );
  const of = (email: string) => (query: string) => found(query, email);
  const [theirs, members, own] = [of(unproved.email), of(member.email), of(operator.email)];
  expect([await theirs("status=unverified"), await theirs("status=active"), await theirs("status=")]).toEqual([
    true,
    false,
    true,
  ]);
  expect([await members("status=active"), await members("status=blocked")]).toEqual([true, false]);
  await change(server, "update accounts set status = 2 where email = ?", member.email);
  expect([await members("status=active"), await members("status=blocked")]).toEqual([false, true]);
  expect([await own("role=admin"), await own("role=support"), await members("role=admin")]).toEqual([
    true,
    false,
    false,
  ]);
  expect([await members(`since=${today}`), await members(`since=${tomorrow}`)]).toEqual([true, false]);
  expect([await members(`seen=${today}`), await members(`seen=${tomorrow}`)]).toEqual([true, false]);
  expect(await theirs(`seen=${today}`), "who never logged in was never seen").toBe(false);
});

test("a list goes on by key, fifty at a time, and nobody is left out or comes twice", async ({
  newOperator,
  server,
}) => {
  const { visitor } = await newOperator("support");
  const tag = Math.random().toString(36).slice(2, 10);
  const then = Date.now() - 1_000_000;
  await change(
    server,
    `insert into accounts (sub, email, status, created_at, updated_at)
      with recursive n (i) as (select 1 union all select i + 1 from n where i < 120)
      select '${tag}-' || i, '${tag}-' || i || '@example.com', 1, ${then} + i / 3, ${then} from n`,
  );
  const seen: string[] = [];
  let path: string | undefined = `/admin/people?q=${tag}`;
  let pages = 0;
  while (path !== undefined && pages < 9) {
    const { html } = await visitor.open(path);
    seen.push(
      ...[...html.matchAll(new RegExp(`<bdi class="written">(${tag}-\\d+)@`, "g"))].map(([, name]) => name ?? ""),
    );
    path = /href="([^"]*)"[^>]*>Older</.exec(html)?.[1]?.replaceAll("&amp;", "&");
    pages += 1;
  }
  expect([pages, seen.length, new Set(seen).size]).toEqual([3, 120, 120]);
  expect(seen[0], "the newest first").toBe(`${tag}-120`);
});

test("whatever people call themselves stands in the console as text, and turns nothing else round", async ({
  server,
  newOperator,
  newMember,
}) => {
  const { visitor } = await newOperator("admin");
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  const [script, turned, long] = ["<script>alert(1)</script>", "\u202egnikcart\u2066", "W".repeat(300)];
  await change(
    server,
    "update accounts set first_name = ?, last_name = ?, phone_number = ?, biography = ? where id = ?",
    script,
    turned,
    long,
    `${script}${turned}${long}`,
    id,
  );
  await change(server, "update sessions set user_agent = ? where account_id = ?", `${script} ${turned}`, id);
  await change(
    server,
    "insert into outbox (id, template, to_email, account_id, created_at, next_try_at, failed_at, last_error) values (?, 'invite', ?, ?, 1, 1, ?, ?)",
    `mail-${id}`,
    `${script}@example.com`,
    id,
    Date.now(),
    `${script}${turned}`,
  );
  await change(
    server,
    "insert into invitations (id, account_id, email, inviter_name, created_at) values (?, ?, ?, ?, ?)",
    `invitation-${id}`,
    id,
    `${turned}@example.com`,
    `${script}${long}`,
    Date.now(),
  );
  for (const path of [
    `/admin/people?q=%23${id}`,
    `/admin/people/${id}`,
    "/admin/mail?which=failed",
    `/admin/mail/mail-${id}/send-again`,
    "/admin/invitations",
    `/admin/people/${id}/block`,
  ]) {
    const { status, html } = await visitor.open(path);
    expect([path, status]).toEqual([path, 200]);
    const page = /<main[\s\S]*<\/main>/.exec(html)?.[0] ?? "";
    expect(page, path).not.toContain("<script>alert");
    // Each stands in an element of its own, at whose end what it turned is turned back.
    for (const { index } of page.matchAll(/[^>]*\u202e/g))
      expect(page.slice(0, index), path).toMatch(/<bdi class="written">$/);
  }
});
