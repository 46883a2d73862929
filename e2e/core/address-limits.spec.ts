import { expectTooMany } from "#e2e/fixtures/answers.ts";
import { type Answer, type Api, api } from "#e2e/fixtures/api.ts";
import { clientAddress, expect, logIn, person, test } from "#e2e/fixtures/member.ts";
import { rawRequest } from "#e2e/fixtures/raw-request.ts";
import { rows } from "#e2e/fixtures/store.ts";

const count = (answers: Answer[], status: number): number =>
  answers.filter((answer) => answer.status === status).length;

/** A failed log-in at an address nobody has; each counts against the caller's network only. */
const fail = (caller: Api): Promise<Answer> => logIn(caller, person());

/** So many, thirty at a time: more places at once no address has (hash-places.spec.ts). */
async function inBursts(howMany: number, ask: (n: number) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < howMany) {
    const size = Math.min(30, howMany - answers.length);
    answers.push(...(await Promise.all(Array.from({ length: size }, (_, n) => ask(answers.length + n)))));
  }
  return answers;
}

test("of a hundred parallel failed log-ins from one address exactly fifty are compared", async ({ api }) => {
  const answers = await inBursts(100, () => fail(api));
  expect([count(answers, 404), count(answers, 429)]).toEqual([50, 50]);
  const wait = expectTooMany(await fail(api));
  expect(wait).toBeGreaterThan(14 * 60);
  expect(wait).toBeLessThanOrEqual(15 * 60);
});

test("log-ins that succeed do not count against an address", async ({ api, newMember, address, server }) => {
  const who = await newMember();
  for (let n = 0; n < 12; n++) expect((await logIn(api, who)).status).toBe(200);
  expect(await rows(server, "select count from limits where key = ?", `login-address:${address}`)).toEqual([
    { count: 0 },
  ]);
});

test("an IPv6 /64 counts as one address, and its neighbour as another", async ({ server }) => {
  const tag = () => Math.floor(Math.random() * 0xffff).toString(16);
  const network = `2001:db8:${tag()}:${tag()}`;
  const from = (address: string) => api(server.url, { "x-forwarded-for": address });
  const answers = await inBursts(60, (n) => fail(from(`${network}:${n.toString(16)}::${tag()}`)));
  expect([count(answers, 404), count(answers, 429)]).toEqual([50, 10]);
  for (const spelt of [`${network.toUpperCase()}:0:0:0:1`, `${network}::`, `${network}:ffff:ffff:ffff:ffff`])
    expectTooMany(await fail(from(spelt)));
  expect((await fail(from(`2001:db8:${tag()}:${tag()}::1`))).status).toBe(404);
});

test("an IPv4 address counts as one however it is spelt", async ({ server }) => {
  const address = clientAddress();
  const from = (spelt: string) => api(server.url, { "x-forwarded-for": spelt });
  const parts = address.split(".").map(Number);
  const hex = parts.map((part) => part.toString(16).padStart(2, "0")).join("");
  const spellings = [
    address,
    `::FFFF:${address}`,
    ` ${address} `,
    `${address}:5678`,
    `[::ffff:${address}]:5678`,
    `::ffff:${hex.slice(0, 4)}:${hex.slice(4)}`,
    parts.map((part) => String(part).padStart(3, "0")).join("."),
  ];
  const answers = await inBursts(60, (n) => fail(from(spellings[n % spellings.length] ?? "")));
  expect([count(answers, 404), count(answers, 429)]).toEqual([50, 10]);
});

test("an IPv6 address with a port counts as without, and what is no address as the proxy itself", async ({
  startServer,
}) => {
  const server = await startServer();
  const from = (written: string) => fail(api(server.url, { "x-forwarded-for": written }));
  await from("2001:db8:7:7::1");
  await from("[2001:DB8:0007:7::2]:443");
  for (const nothing of ["unknown", "1.2.3.400", "one.example.com", "[::1"]) await from(nothing);
  const counters = await rows<{ key: string; count: number }>(
    server,
    "select key, count from limits where key like 'login-address:%' order by count",
  );
  expect(counters).toEqual([
    { key: "login-address:2001:db8:7:7::/64", count: 2 },
    { key: expect.stringMatching(/^login-address:(127\.0\.0\.1|0:0:0:0::\/64)$/), count: 4 },
  ]);
});

test("with no proxy in front, X-Forwarded-For is ignored", async ({ startServer }) => {
  const server = await startServer({ TRUST_PROXY: "0" });
  const answers = await inBursts(60, () => {
    const claimed = clientAddress();
    return fail(api(server.url, { "x-forwarded-for": claimed, "x-real-ip": claimed, forwarded: `for=${claimed}` }));
  });
  expect([count(answers, 404), count(answers, 429)]).toEqual([50, 10]);
  const logged = server.log().filter(({ event }) => event === "request");
  for (const { address } of logged) expect(address).toMatch(/^(::ffff:)?127\.0\.0\.1$|^::1$/);
});

test("behind two proxies the address is the one that the outer of them saw", async ({ startServer }) => {
  const server = await startServer({ TRUST_PROXY: "2" });
  // What the caller claims stands first and changes with every call; what our proxies saw stands last.
  const seen = clientAddress();
  const answers = await inBursts(60, () =>
    fail(api(server.url, { "x-forwarded-for": `${clientAddress()}, ${seen}, 192.0.2.1` })),
  );
  expect([count(answers, 404), count(answers, 429)]).toEqual([50, 10]);
  expect((await fail(api(server.url, { "x-forwarded-for": `${seen}, ${clientAddress()}, 192.0.2.1` }))).status).toBe(
    404,
  );
});

test("several X-Forwarded-For headers are read as one", async ({ server }) => {
  const seen = clientAddress();
  const body = JSON.stringify(person());
  const call = () =>
    rawRequest(server.url, {
      path: "/auth/login",
      headers: { "content-type": "application/json", "x-forwarded-for": [clientAddress(), seen] },
      chunks: [body],
    });
  await call();
  expect(await rows(server, "select count from limits where key = ?", `login-address:${seen}`)).toEqual([{ count: 1 }]);
});

test("of parallel sign-ups from one address exactly twenty are let through", async ({ api, server }) => {
  const people = Array.from({ length: 30 }, person);
  const answers = await Promise.all(people.map(({ email, password }) => api.post("/auth/signup", { email, password })));
  expect([count(answers, 200), count(answers, 429)]).toEqual([20, 10]);
  const wait = expectTooMany(await api.post("/auth/signup", person()));
  expect(wait).toBeGreaterThan(59 * 60);
  expect(wait).toBeLessThanOrEqual(60 * 60);
  const addresses = new Set(people.map(({ email }) => email));
  const kept = await rows<{ email: string }>(server, "select email from accounts");
  const made = kept.filter(({ email }) => addresses.has(email));
  expect(made).toHaveLength(20);
});
