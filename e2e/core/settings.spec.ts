import { freePort, spawnServer } from "#e2e/fixtures/server.ts";
import { expect, test } from "#e2e/fixtures/test.ts";

const CANARY = "canary-value-that-must-not-be-shown";

/** Each of these alone keeps the server from starting. */
const BAD = {
  APP_URL: `https://accounts.example.com/${CANARY}`,
  DATABASE_URL: `mysql://${CANARY}`,
  AUTH_SECRET: CANARY.slice(0, 31),
  SMTP_URL: `http://${CANARY}`,
  REDIRECT_URLS: `http://${CANARY}.example.com/`,
  CORS_ORIGINS: `https://${CANARY}.example.com/path`,
  WEBHOOK_PRIVATE_HOSTS: `${CANARY}.example.com:443`,
  HIDE_ACCOUNTS: CANARY,
  INVITES_NEED_LOGIN: CANARY,
  SKIP_WARM_UP: CANARY,
  CONTRACTS_THROUGH_NEXT: CANARY,
  TRUST_PROXY: CANARY,
  BCRYPT_COST: CANARY,
  ACCESS_TOKEN_TTL: CANARY,
  REFRESH_TOKEN_TTL: CANARY,
  SESSION_MAX_TTL: CANARY,
  VERIFY_LINK_TTL: CANARY,
  RESET_LINK_TTL: CANARY,
  CODE_TTL: CANARY,
};

test("every wrong setting is told at once, by name and never by value, and nothing listens", async () => {
  const port = await freePort();
  const server = spawnServer(port, BAD);
  expect((await server.ended).code).toBe(1);
  const said = server.output();
  for (const name of Object.keys(BAD)) expect(said).toMatch(new RegExp(`^ *${name} `, "m"));
  expect(said).not.toContain("canary");
  expect(said).not.toMatch(/^\s+at /m);
  await expect(fetch(`http://localhost:${port}/health/live`)).rejects.toThrow();
});

for (const [what, settings, said] of [
  ["a public server without a way to send mail", { APP_URL: "https://accounts.example.com" }, /RESEND_API_KEY/],
  [
    "a public server with a sender of nobody's",
    { APP_URL: "https://accounts.example.com", RESEND_API_KEY: "re_x", MAIL_FROM: "x@example.com" },
    /MAIL_FROM/,
  ],
  [
    "a public server with cheap hashes",
    { APP_URL: "https://accounts.example.com", RESEND_API_KEY: "re_x", MAIL_FROM: "x@accounts.example.org" },
    /BCRYPT_COST/,
  ],
  ["a sender that is no address", { MAIL_FROM: "Latchkey no-reply at example.com" }, /MAIL_FROM/],
  ["a sender of two lines", { MAIL_FROM: "Latchkey\nBcc: x <no-reply@example.com>" }, /MAIL_FROM/],
  ["an issuer to trust that is no URL", { TRUSTED_ISSUERS: "accounts.example.com" }, /TRUSTED_ISSUERS/],
  ["two ways to send mail", { RESEND_API_KEY: "re_x", SMTP_URL: "smtp://localhost" }, /SMTP_URL/],
  ["a redirect that allows any path by its query", { REDIRECT_URLS: "https://app.example.com/?x" }, /REDIRECT_URLS/],
  ["a wildcard origin", { CORS_ORIGINS: "*" }, /CORS_ORIGINS/],
  ["a port that is none", { PORT: "70000" }, /PORT/],
  ["a short secret", { AUTH_SECRET: "x".repeat(31) }, /AUTH_SECRET/],
] as const)
  test(`${what} does not start`, async () => {
    const server = spawnServer(await freePort(), settings);
    expect((await server.ended).code).toBe(1);
    expect(server.output()).toMatch(said);
  });
