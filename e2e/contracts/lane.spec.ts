import { clientAddress, person } from "#e2e/fixtures/person.ts";
import { type RawRequest, rawRequest } from "#e2e/fixtures/raw-request.ts";
import { change, rows } from "#e2e/fixtures/store.ts";
import { expect, poll, type RunningServer, test } from "#e2e/fixtures/test.ts";

/**
 * In production the contracts are answered before Next sees them. Whoever calls must not be able to tell, but that Next packs
 * even the shortest answer for callers who take gzip: what holds tokens is better not packed (see RFC 7457, 2.6).
 */

const ORIGIN = "https://app.example.com";
const settings = { CORS_ORIGINS: ORIGIN };

test("the contracts answer the same, header for header, by the lane and by way of Next", async ({ startServer }) => {
  test.setTimeout(120_000);
  const [lane, next] = await Promise.all([
    startServer({ ...settings, CONTRACTS_THROUGH_NEXT: undefined }),
    startServer({ ...settings, CONTRACTS_THROUGH_NEXT: "true" }),
  ]);
  const who = person();
  const [here, there] = await Promise.all([told(lane, who), told(next, who)]);
  expect(here.length).toBeGreaterThan(300);
  // Only those that differ, or the report would be ten thousand lines.
  const differ = here.flatMap((answer, n) =>
    JSON.stringify(answer) === JSON.stringify(there[n]) ? [] : [[answer, there[n]]],
  );
  expect(differ.map(([lane, next]) => ({ lane, next }))).toEqual([]);
  expect(here.length).toBe(there.length);
});

test("no header of a caller's takes the place of what the server knows of it", async ({ startServer }) => {
  const server = await startServer({ TRUST_PROXY: "0" });
  const { email, password } = person();
  const json = { "content-type": "application/json" };
  // A body in chunks is read in another way, which makes the headers anew of what the caller sent.
  for (const body of ["{", `{"email":"${email}","password":"${password}"}`])
    for (const chunks of [[body], [body.slice(0, 1), body.slice(1)]])
      await rawRequest(server.url, {
        path: "/auth/login",
        headers: { ...json, "x-forwarded-for": "203.0.113.9", "x-request-id": "mine" },
        chunks,
      });
  const lines = () => server.log().filter(({ path }) => path === "/auth/login");
  await poll(() => lines().length === 4, { what: "a line for each call" });
  for (const { address, id } of lines()) expect([address, id]).not.toContain("mine");
  const counted = (await rows<{ key: string }>(server, "select key from limits")).map(({ key }) => key);
  expect(counted.filter((key) => key.includes("127.0.0.1"))).not.toEqual([]);
  expect(counted.join() + server.output()).not.toContain("203.0.113.9");
});

type Told = { call: string; status: number; headers: Record<string, unknown>; text: string };

/** Asks everything there is, rightly and wrongly, and says what came back. */
async function told(server: RunningServer, { email, password }: { email: string; password: string }): Promise<Told[]> {
  const answers: Told[] = [];
  const headers = { "x-forwarded-for": clientAddress() };
  const ask = async (asked: RawRequest) => {
    const {
      status,
      headers: got,
      text,
    } = await rawRequest(server.url, { ...asked, headers: { ...headers, ...asked.headers } });
    answers.push({
      call: steady(JSON.stringify(asked)),
      status,
      headers: lasting(got),
      text: steady(text),
    });
    return text;
  };
  const description = JSON.parse((await rawRequest(server.url, { method: "GET", path: "/api/openapi.json" })).text);
  const paths = Object.entries<{ "x-spellings"?: string[] }>(description.paths).flatMap(([path, item]) =>
    item["x-spellings"] === undefined ? [] : [path, ...item["x-spellings"]],
  );
  const json = { "content-type": "application/json" };
  for (const path of [...paths, "/api/nothing", "/auth/nothing", "/karely/nothing"]) {
    // A browser is sent on to the provider, with a state of its own.
    for (const method of ["GET", "HEAD", "PUT", "DELETE"])
      if (!(path.includes("login_google") && method !== "PUT")) await ask({ method, path });
    await ask({ method: "OPTIONS", path, headers: { origin: ORIGIN, "access-control-request-method": "POST" } });
    await ask({ method: "OPTIONS", path, headers: { origin: "https://elsewhere.example.com" } });
    await ask({ path: `${path}/?a=b`, headers: { ...json, origin: ORIGIN }, chunks: ["{}"] });
    await ask({ path, headers: json, chunks: ["{"] });
  }
  for (const chunks of [
    ["[]"],
    ["{", "}"],
    ["\xff".repeat(9)],
    [Buffer.from([0x22, 0xff, 0x22])],
    ["x".repeat(20_000)],
    ["x".repeat(9_000), "x".repeat(9_000)],
  ])
    await ask({ path: "/auth/login", headers: json, chunks });
  await ask({ path: "/auth/login", headers: { "content-type": "text/plain" }, chunks: ["{}"] });
  await ask({ path: "/auth/login", chunks: [`{"email":"${email}","password":"${password}"}`] });
  for (const path of ["/auth//login", "/auth/./login", "/auth/%6cogin", "/AUTH/login", "/auth/login//", "/auth/login?"])
    await ask({ path, headers: json, chunks: ["{}"] });
  for (const host of ["accounts.example.com:8080", "[::1]:3000", "127.0.0.1", "a_b"])
    await ask({ path: "/auth/login", headers: { ...json, host }, chunks: ["{}"] });
  // And once the whole way.
  const signedUp = { path: "/auth/signup", headers: json, chunks: [JSON.stringify({ email, password })] };
  await ask(signedUp);
  await ask(signedUp);
  await ask({
    path: "/auth/login",
    headers: json,
    chunks: [JSON.stringify({ email, password: "wrong horse battery" })],
  });
  await change(server, "update accounts set status = 1 where email = ?", email);
  const { accessToken, refreshToken } = JSON.parse(
    await ask({ path: "/auth/login", headers: json, chunks: [JSON.stringify({ email, password })] }),
  );
  for (const authorization of [
    `Bearer ${accessToken}`,
    `bearer  ${accessToken}`,
    "Bearer none",
    accessToken,
    `Bearer ${refreshToken}`,
  ])
    for (const method of ["GET", "HEAD"]) await ask({ method, path: "/auth/me", headers: { authorization } });
  await ask({ path: "/auth/refresh", headers: json, chunks: [JSON.stringify({ refreshToken })] });
  await ask({ path: "/staging/user_login", headers: json, chunks: [JSON.stringify({ username: email, password })] });
  await ask({ path: "/auth/logout", headers: json, chunks: [JSON.stringify({ refreshToken })] });
  return answers;
}

/** What says how the answer was cut for the wire, or names this one call, is no part of the contract. */
const PASSING = new Set(["date", "connection", "keep-alive", "transfer-encoding", "content-length", "x-request-id"]);
/** Next adds to each answer what its pages vary by; none of the contracts' does. */
const NEXTS_OWN = /rsc, next-router-[\w-, ]+?prefetch, (?=origin)|, Accept-Encoding/g;

const lasting = (headers: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !PASSING.has(name))
      .map(([name, value]) => [name, steady(String(value)).replaceAll(NEXTS_OWN, "")])
      .sort(),
  );

/** Tokens, ids and times differ from account to account. */
const steady = (text: string): string =>
  text
    .replaceAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, "<token>")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<uuid>")
    .replaceAll(/"[\w-]{40,}"/g, '"<opaque>"')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>");
