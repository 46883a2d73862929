import { expect, type Member, type RunningServer, test } from "#e2e/fixtures/member.ts";
import { accountOf, change, row } from "#e2e/fixtures/store.ts";
import { ACCESS, REFRESH, Visitor } from "#e2e/fixtures/visitor.ts";

type Signed = { visitor: Visitor; who: Member; server: RunningServer };

/** A browser that is logged in through the pages. */
async function signedIn(server: RunningServer, address: string, who: Member): Promise<Signed> {
  const visitor = new Visitor(server.url, { "x-forwarded-for": address });
  await visitor.submit("/login", "Log in", { email: who.email, password: who.password });
  expect(visitor.cookies.has(ACCESS) && visitor.cookies.has(REFRESH)).toBe(true);
  return { visitor, who, server };
}

/** The session behind the pages' log-in, as it lies in the store. */
const sessionOf = async ({ server, who }: Signed) =>
  row<{ id: string; generation: number; ended_at: number | null }>(
    server,
    "select id, generation, ended_at from sessions where account_id = ? and kind = 'pages'",
    (await accountOf(server, who.email)).id,
  );

/** Which cookies an answer sets. */
const setBy = (headers: Headers): string[] => headers.getSetCookie().map((line) => line.split("=", 1)[0] ?? "");

/** The value an answer gives to a cookie. */
const valueSet = (headers: Headers, name: string): string | undefined =>
  headers
    .getSetCookie()
    .find((line) => line.startsWith(`${name}=`))
    ?.split(";", 1)[0];

for (const [name, spoil] of [
  ["missing", (visitor: Visitor) => visitor.cookies.delete(ACCESS)],
  ["no longer good", (visitor: Visitor) => visitor.cookies.set(ACCESS, "eyJhbGciOiJFUzI1NiJ9.e30.x")],
] as const)
  test(`an access cookie that is ${name} is renewed by one rotation, and the page is that of its person`, async ({
    server,
    address,
    newMember,
  }) => {
    const signed = await signedIn(server, address, await newMember());
    spoil(signed.visitor);
    const before = signed.visitor.cookies.get(REFRESH);
    const page = await signed.visitor.open("/account");
    expect([page.status, page.html.includes(signed.who.email)]).toEqual([200, true]);
    expect(setBy(page.headers)).toEqual(expect.arrayContaining([ACCESS, REFRESH]));
    for (const line of page.headers.getSetCookie()) expect(line).toMatch(/httponly/i);
    expect(signed.visitor.cookies.get(REFRESH)).not.toBe(before);
    expect(await sessionOf(signed)).toMatchObject({ generation: 1, ended_at: null });
    // With the new pair there is nothing to renew.
    expect(setBy((await signed.visitor.open("/account")).headers)).toEqual([]);
    expect((await sessionOf(signed)).generation).toBe(1);
  });

test("fifty pages at once with an expired access cookie: all signed in, one rotation, nobody logged out", async ({
  server,
  address,
  newMember,
}) => {
  const signed = await signedIn(server, address, await newMember());
  signed.visitor.cookies.delete(ACCESS);
  const pages = await Promise.all(Array.from({ length: 50 }, () => signed.visitor.look("/account")));
  for (const page of pages) expect([page.status, page.html.includes(signed.who.email)]).toEqual([200, true]);
  const successors = pages.map(({ headers }) => valueSet(headers, REFRESH));
  expect(new Set(successors).size).toBe(1);
  expect(await sessionOf(signed)).toMatchObject({ generation: 1, ended_at: null });
  signed.visitor.keep(pages[0]?.headers ?? new Headers());
  expect((await signed.visitor.open("/account")).status).toBe(200);
});

test("a browser that never saw its new cookies is not logged out, however late it comes back", async ({
  server,
  address,
  newMember,
}) => {
  const signed = await signedIn(server, address, await newMember());
  signed.visitor.cookies.delete(ACCESS);
  // Aborted half-way, or a prefetch whose answer was thrown away.
  const gone = AbortSignal.timeout(1);
  await signed.visitor.look("/account", { signal: gone }).catch(() => undefined);
  await signed.visitor.look("/account", { headers: { rsc: "1", "next-router-prefetch": "1" } });
  await signed.visitor.look("/account");
  // Twice over: the answer that was to make good the lost one is lost too.
  for (const keeps of ["look", "open"] as const) {
    await change(
      server,
      "update sessions set rotated_at = rotated_at - 3600000 where id = ?",
      (await sessionOf(signed)).id,
    );
    const page = await signed.visitor[keeps]("/account");
    expect([page.status, page.html.includes(signed.who.email)]).toEqual([200, true]);
  }
  expect(await sessionOf(signed)).toMatchObject({ generation: 3, ended_at: null });
  signed.visitor.cookies.delete(ACCESS);
  expect((await signed.visitor.open("/account")).status).toBe(200);
});

test("fifty pages at once with a token that comes late: one rotation, one successor, nobody logged out", async ({
  server,
  address,
  newMember,
}) => {
  const signed = await signedIn(server, address, await newMember());
  signed.visitor.cookies.delete(ACCESS);
  await signed.visitor.look("/account");
  await change(
    server,
    "update sessions set rotated_at = rotated_at - 11000 where id = ?",
    (await sessionOf(signed)).id,
  );
  const pages = await Promise.all(Array.from({ length: 50 }, () => signed.visitor.look("/account")));
  for (const page of pages) expect(page.status).toBe(200);
  expect(new Set(pages.map(({ headers }) => valueSet(headers, REFRESH))).size).toBe(1);
  expect(await sessionOf(signed)).toMatchObject({ generation: 2, ended_at: null });
});

for (const first of ["thief", "owner"] as const)
  test(`somebody with a copy of the refresh cookie alone is found out at the next renewal, the ${first} renewing first`, async ({
    server,
    address,
    newMember,
  }) => {
    const signed = await signedIn(server, address, await newMember());
    signed.visitor.cookies.delete(ACCESS);
    const thief = signed.visitor.twin();
    const [one, other] = first === "thief" ? [thief, signed.visitor] : [signed.visitor, thief];
    const renew = async (who: Visitor) => {
      await change(
        server,
        "update sessions set rotated_at = rotated_at - 11000 where id = ?",
        (await sessionOf(signed)).id,
      );
      // Nobody shows the access token, which would tell sooner.
      who.cookies.delete(ACCESS);
      return (await who.open("/account")).status;
    };
    expect(await renew(one)).toBe(200);
    expect(await renew(other), "its cookies may have been lost on the way").toBe(200);
    expect(await renew(one), "the generation it was given was left out").toBe(307);
    expect((await sessionOf(signed)).ended_at).not.toBeNull();
    expect(await renew(other)).toBe(307);
  });

test("once the new cookies were shown, the old ones are a copy, and the session ends", async ({
  server,
  address,
  newMember,
}) => {
  const signed = await signedIn(server, address, await newMember());
  const thief = signed.visitor.twin();
  signed.visitor.cookies.delete(ACCESS);
  await signed.visitor.open("/account");
  await signed.visitor.open("/account");
  await change(
    server,
    "update sessions set rotated_at = rotated_at - 11000 where id = ?",
    (await sessionOf(signed)).id,
  );
  thief.cookies.delete(ACCESS);
  const page = await thief.open("/account");
  expect([page.status, page.headers.get("location")]).toEqual([307, "/login?next=%2Faccount"]);
  expect(thief.cookies.has(REFRESH)).toBe(false);
  expect((await sessionOf(signed)).ended_at).not.toBeNull();
  expect((await signed.visitor.open("/account")).status).toBe(307);
});

test("after log-out no request that was under way brings the session back", async ({ server, address, newMember }) => {
  const signed = await signedIn(server, address, await newMember());
  const form = await signed.visitor.form("/account", "Log out");
  const tab = signed.visitor.twin();
  tab.cookies.delete(ACCESS);
  // Its answer brings a fresh pair, which reaches the browser after log-out has removed the old one.
  const late = await tab.look("/account");
  await signed.visitor.post("/account", form);
  expect(signed.visitor.cookies.has(REFRESH)).toBe(false);
  signed.visitor.keep(late.headers);
  expect((await signed.visitor.open("/account")).status).toBe(307);
  signed.visitor.cookies.delete(ACCESS);
  expect((await signed.visitor.open("/account")).status).toBe(307);
  expect(signed.visitor.cookies.has(REFRESH)).toBe(false);
});

test("cookies nobody issued are removed, and a page for everyone is shown all the same", async ({
  server,
  address,
}) => {
  const visitor = new Visitor(server.url, { "x-forwarded-for": address });
  visitor.cookies.set(ACCESS, "made-up").set(REFRESH, "made-up");
  expect((await visitor.open("/login")).status).toBe(200);
  expect([visitor.cookies.has(ACCESS), visitor.cookies.has(REFRESH)]).toEqual([false, false]);
});

test("the programs' doors see no cookies, and renew none", async ({ server, address, newMember }) => {
  const signed = await signedIn(server, address, await newMember());
  signed.visitor.cookies.delete(ACCESS);
  for (const path of ["/api/auth/me", "/auth/me", "/.well-known/jwks.json", "/health/live"]) {
    const answer = await signed.visitor.look(path);
    expect([path, setBy(answer.headers)]).toEqual([path, []]);
  }
  expect((await signed.visitor.look("/api/auth/me")).status).toBe(401);
  expect((await sessionOf(signed)).generation).toBe(0);
});

test("the device cookie stays after log-out, and lets nobody in", async ({ server, address, newMember }) => {
  const signed = await signedIn(server, address, await newMember());
  await signed.visitor.submit("/account", "Log out");
  expect([...signed.visitor.cookies.keys()]).toEqual(["latchkey_device"]);
  expect((await signed.visitor.open("/account")).status).toBe(307);
});
