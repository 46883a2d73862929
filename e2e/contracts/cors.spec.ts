import { expect, person, SITE, test } from "#e2e/fixtures/member.ts";

/** Of every contract, in several spellings. */
const PATHS = [
  "/auth/login/",
  "/auth/signup",
  "/verify",
  "/password/forget/",
  "/api/auth/password/reset",
  "/api/users/login",
  "/api/users/verifyAccessToken",
  "/api/users/updatePassword",
  "/api/user_login",
  "/staging/auth/user_signup",
  "/dev/send-mail/reference-email",
];

const preflight = (origin: string) => ({
  origin,
  "access-control-request-method": "POST",
  "access-control-request-headers": "content-type, authorization, token",
});

for (const path of PATHS)
  test(`a page of an allowed origin may call ${path}`, async ({ api }) => {
    const asked = await api.call("OPTIONS", path, undefined, preflight(SITE));
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-origin")).toBe(SITE);
    expect(asked.headers.get("access-control-allow-methods")).toContain("POST");
    for (const name of ["content-type", "authorization", "token"])
      expect(asked.headers.get("access-control-allow-headers")).toContain(name);
    expect(Number(asked.headers.get("access-control-max-age"))).toBeGreaterThan(0);
    expect(asked.headers.get("access-control-allow-credentials")).toBeNull();

    const answer = await api.post(path, {}, { origin: SITE });
    expect(answer.headers.get("access-control-allow-origin")).toBe(SITE);
    expect(answer.headers.get("access-control-expose-headers")).toMatch(/x-amzn-remapped-authorization.*retry-after/);
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
  });

for (const origin of [
  "https://evil.example.com",
  "https://app.example.com.evil.example.com",
  "http://app.example.com",
  "https://app.example.com:8443",
  "https://APP.example.com",
  "null",
  "*",
  `${SITE}, https://evil.example.com`,
])
  test(`a page of ${origin} is allowed nothing`, async ({ api }) => {
    for (const path of PATHS)
      for (const answer of [
        await api.call("OPTIONS", path, undefined, preflight(origin)),
        await api.post(path, {}, { origin }),
      ]) {
        const names = [...answer.headers.keys()].filter((name) => name.startsWith("access-control-"));
        expect([path, names, answer.headers.get("vary")?.toLowerCase()]).toEqual([
          path,
          [],
          expect.stringContaining("origin"),
        ]);
      }
  });

test("what an allowed page may read of a refusal is the whole of it", async ({ api }) => {
  const answer = await api.post("/auth/login", person(), { origin: SITE });
  expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([404, SITE]);
  const large = await api.post("/auth/login", "x".repeat(17 * 1024), { origin: SITE });
  expect([large.status, large.headers.get("access-control-allow-origin")]).toEqual([413, SITE]);
  const unknown = await api.post("/auth/nothing", {}, { origin: SITE });
  expect([unknown.status, unknown.headers.get("access-control-allow-origin")]).toEqual([404, SITE]);
});

test("a page of the server's own origin needs no leave, and the pages give none to others", async ({ api }) => {
  for (const path of ["/login", "/account", "/"]) {
    const { headers } = await api.get(path, { origin: SITE });
    expect([...headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
  }
});
