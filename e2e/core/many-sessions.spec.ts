import { expectTooMany, inEnvelope, sentenceOnly } from "#e2e/fixtures/answers.ts";
import { api as callerAt } from "#e2e/fixtures/api.ts";
import { DOORS, doorsOf } from "#e2e/fixtures/doors.ts";
import { bearer, expect, logIn, test } from "#e2e/fixtures/member.ts";
import { liveOnes, openMany } from "#e2e/fixtures/sessions.ts";
import { accountOf, row, rows } from "#e2e/fixtures/store.ts";
import { Visitor } from "#e2e/fixtures/visitor.ts";

for (const name of DOORS)
  test(`an account has a hundred sessions at most: at ${name} the next ends the oldest`, async ({
    api,
    server,
    mailFor,
    newMember,
  }) => {
    const who = await newMember();
    const { id } = await accountOf(server, who.email);
    const other = await newMember();
    await openMany(server, id, 150);
    const session = await doorsOf({ api, server, mailFor })[name].logIn(who);
    expect(await liveOnes(server, id)).toBe(100);
    expect(session && (await session.isLive())).toBe(true);
    // The one of the verification is younger than those, and stays; nobody else's are touched.
    for (const { accessToken } of [who, other])
      expect((await api.get("/auth/me", bearer(accessToken))).status).toBe(200);
    const oldest = await row<{ ended: number }>(
      server,
      "select ended_at is not null ended from sessions where account_id = ? order by created_at limit 1",
      id,
    );
    expect(oldest.ended).toBe(1);
  });

test("an account is logged in to 120 times an hour from one network, and from another all the same", async ({
  server,
  newMember,
}) => {
  const who = await newMember();
  const from = (address: string) => callerAt(server.url, { "x-forwarded-for": address });
  const site = [3, 4, 5, 6].map((last) => from(`198.51.100.${last}`));
  for (let n = 0; n < 120; n++) {
    const caller = site[n % site.length] ?? from("198.51.100.3");
    expect((await logIn(caller, who)).status).toBe(200);
  }
  const another = from("198.51.100.99");
  const wait = expectTooMany(await logIn(another, who));
  expect([wait > 3_000, wait <= 3_600]).toEqual([true, true]);
  expectTooMany(await another.post("/api/users/login", { email: who.email, password: who.password }), sentenceOnly);
  expectTooMany(await another.post("/api/user_login", { username: who.email, password: who.password }), inEnvelope);
  // Refused log-ins were right ones: they are no guesses, and shut nobody out.
  for (let n = 0; n < 12; n++) expectTooMany(await logIn(another, who));
  expect((await logIn(from("198.51.101.3"), who)).status).toBe(200);
  // What one site is given of IPv6 counts as one network.
  for (const address of ["2001:db8:1:2::3", "2001:0DB8:0001:ffff::9"])
    expect((await logIn(from(address), who)).status).toBe(200);
  const { id, login_failed_count } = await accountOf(server, who.email);
  const counters = await rows<{ key: string }>(
    server,
    "select key from limits where key like ? order by key",
    `log-in-account:${id}:%`,
  );
  expect(counters.map(({ key }) => key)).toEqual(
    ["198.51.100.0/24", "198.51.101.0/24", "2001:db8:1::/48"].map((network) => `log-in-account:${id}:${network}`),
  );
  expect(login_failed_count).toBe(0);
});

test("the devices are listed twenty a page, this one first", async ({ server, address, newMember }) => {
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  const visitor = new Visitor(server.url, { "x-forwarded-for": address });
  await visitor.submit("/login", "Log in", { email: who.email, password: who.password });
  await openMany(server, id, 43);
  const devices = async (path: string) => {
    const { status, html } = await visitor.open(path);
    expect(status).toBe(200);
    return {
      count: (html.match(/<li[ >]/g) ?? []).length,
      hasThis: html.includes("This device"),
      links: [...html.matchAll(/href="(\/account\/sessions(?:\?page=\d+)?)">(Devices [^<]*)/g)].map(
        ([, to, says]) => `${says}: ${to}`,
      ),
    };
  };
  const [older, newer] = ["Devices used less recently: ", "Devices used more recently: "];
  expect(await devices("/account/sessions")).toEqual({
    count: 20,
    hasThis: true,
    links: [`${older}/account/sessions?page=2`],
  });
  expect(await devices("/account/sessions?page=2")).toEqual({
    count: 20,
    hasThis: false,
    links: [`${newer}/account/sessions`, `${older}/account/sessions?page=3`],
  });
  expect(await devices("/account/sessions?page=3")).toEqual({
    count: 5,
    hasThis: false,
    links: [`${newer}/account/sessions?page=2`],
  });
  for (const nonsense of ["0", "-1", "1e9", "x", "99999999999999999999", "2&page=3"])
    expect((await visitor.open(`/account/sessions?page=${nonsense}`)).status).toBe(200);
  // Where they were listed once.
  const old = await visitor.open("/account?page=2");
  expect([old.status, old.headers.get("location")]).toEqual([307, "/account/sessions?page=2"]);
});
