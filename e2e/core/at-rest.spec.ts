import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hashSync } from "bcryptjs";
import { api } from "#e2e/fixtures/api.ts";
import { bearer, expect, logIn, person, poll, type RunningServer, test } from "#e2e/fixtures/member.ts";
import { freePort, spawnServer } from "#e2e/fixtures/server.ts";
import { accountOf, allowSecondServer, change, rows } from "#e2e/fixtures/store.ts";
import { Visitor } from "#e2e/fixtures/visitor.ts";

const folderOf = (server: RunningServer) => dirname((server.env.DATABASE_URL ?? "").replace("file:", ""));

test("no password, token or code ever lies in the database's files or the log", async ({
  api,
  server,
  address,
  newMember,
  mailFor,
}) => {
  const who = await newMember({ password: `canary-of-a-password-${Date.now()}` });
  const secrets: Record<string, string> = {
    password: who.password,
    "access token": who.accessToken,
    "refresh token": who.refreshToken,
  };
  const verifyMail = await mailFor(who.email);
  await api.post("/password/forget", { email: who.email });
  const resetMail = await mailFor(who.email, { after: verifyMail });
  for (const [name, mail] of Object.entries({ verify: verifyMail, reset: resetMail }))
    secrets[`token of the ${name} mail`] = new URL(mail.link ?? "").searchParams.get("authToken") ?? "";
  const wrong = `canary-of-a-wrong-password-${Date.now()}`;
  secrets["wrong password"] = wrong;
  await logIn(api, { ...who, password: wrong });
  secrets["name that was a password"] = `canary-of-a-misplaced-password-${Date.now()}`;
  await api.post("/api/user_login", { username: secrets["name that was a password"], password: "x" });
  await api.post("/api/forgot_password", { username: secrets["name that was a password"] });
  const users = await api.post("/api/users/login", { email: who.email, password: who.password });
  secrets["session token of the users contract"] = users.body.session.token;
  const code = await api.post("/api/users/resetPassword", { email: who.email });
  secrets["code token of the users contract"] = code.body.session.token;
  const flat = await api.post("/api/user_login", { username: who.email, password: who.password });
  secrets["refresh token of the flat contract"] = flat.body.data.refresh_token;
  secrets["identity token"] = flat.body.data.id_token;
  const visitor = new Visitor(server.url, { "x-forwarded-for": address });
  await visitor.submit("/login", "Log in", { email: who.email, password: who.password });
  for (const [name, value] of visitor.cookies) secrets[`cookie ${name}`] = value;
  await visitor.open(`/reset-password?authToken=${secrets["token of the reset mail"]}`);
  await api.get("/auth/me", bearer(who.accessToken));
  await api.post(`/verify?authToken=${secrets["token of the verify mail"]}`);
  const fresh = `canary-of-a-new-password-${Date.now()}`;
  secrets["new password"] = fresh;
  const reset = { authToken: secrets["token of the reset mail"] ?? "", password: fresh };
  expect((await api.post(`/password/reset?${new URLSearchParams(reset)}`)).status).toBe(200);

  const files = readdirSync(folderOf(server)).filter((name) => name.startsWith("latchkey.db"));
  expect(files).toContain("latchkey.db-wal");
  const places: Record<string, string> = { "the log": server.output() };
  for (const file of files) places[file] = readFileSync(join(folderOf(server), file), "latin1");
  for (const [what, secret] of Object.entries(secrets)) {
    expect([what, secret.length > 20]).toEqual([what, true]);
    // The signature alone would do for a thief who can guess the rest.
    const parts = [secret, ...secret.split(".").slice(2)].filter((part) => part.length > 20);
    for (const [place, content] of Object.entries(places))
      for (const part of parts) expect([what, place, content.includes(part)]).toEqual([what, place, false]);
  }
  // The codes are six digits, which may stand anywhere by chance: no column is one.
  const codes = [verifyMail.code, resetMail.code];
  for (const table of ["challenges", "invitations", "outbox", "code_tokens", "limits"])
    for (const found of await rows(server, `select * from ${table}`))
      for (const value of Object.values(found)) expect(codes).not.toContain(String(value));
});

test("what a stolen table of challenges holds is neither the link nor the code", async ({
  api,
  newPerson,
  mailFor,
  server,
}) => {
  const who = await newPerson();
  const mail = await mailFor(who.email);
  const [challenge] = await rows<Record<string, string>>(
    server,
    "select * from challenges where account_id = ?",
    (await accountOf(server, who.email)).id,
  );
  for (const value of Object.values(challenge ?? {})) {
    expect(mail.link).not.toBe(value);
    expect((await api.post("/verify", { authToken: String(value) })).status).toBe(403);
  }
  expect((await accountOf(server, who.email)).status).toBe(0);
});

test("private keys are encrypted at rest, and open with no other secret", async ({ server }) => {
  const [key] = await rows<{ private_key: string; kid: string }>(
    server,
    "select * from signing_keys where retired_at is null",
  );
  const bytes = Buffer.from(key?.private_key ?? "", "base64url");
  expect(bytes.toString("latin1")).not.toContain("PRIVATE KEY");
  expect(bytes.length).toBeGreaterThan(100);
  // An unencrypted key is ASN.1 or JSON, and compresses; what is encrypted looks like noise.
  expect(new Set(bytes).size).toBeGreaterThan(90);
});

test("a server with another secret than its database's says so and does not start", async ({ startServer }) => {
  const first = await startServer({ AUTH_SECRET: "the first secret, which is long enough for anyone" });
  await first.stop();
  const second = spawnServer(await freePort(), {
    DATABASE_URL: first.env.DATABASE_URL,
    AUTH_SECRET: "the second secret, which is long enough for anyone",
  });
  expect((await second.ended).code).toBe(1);
  expect(second.output()).toContain("AUTH_SECRET is not the one this database was made with");
  expect(second.output()).not.toContain("second secret");
});

test("a server whose secret file was cut short says so and does not start", async ({ startServer }) => {
  const first = await startServer({ AUTH_SECRET: undefined });
  await first.stop();
  for (const left of ["", "a canary of 30 bytes, no more."]) {
    writeFileSync(join(folderOf(first), "auth-secret"), `${left}\n`);
    const second = spawnServer(await freePort(), { DATABASE_URL: first.env.DATABASE_URL, AUTH_SECRET: undefined });
    expect((await second.ended).code).toBe(1);
    expect(second.output()).toContain("auth-secret is shorter than 32 bytes");
    expect(second.output()).not.toContain("canary");
    expect(second.output()).not.toContain("    at ");
  }
});

test("the database and the secret beside it are for their owner's eyes only", async ({
  server,
  newPerson,
  mailFor,
}) => {
  await mailFor((await newPerson()).email);
  const folder = folderOf(server);
  for (const name of ["latchkey.db", "latchkey.db-wal", "auth-secret"])
    expect([name, (statSync(join(folder, name)).mode & 0o777).toString(8)]).toEqual([name, "600"]);
  expect((statSync(join(folder, "mailbox")).mode & 0o777).toString(8)).toBe("700");
});

test("the number of an account that is gone is never given again", async ({ newPerson, server }) => {
  const first = (await accountOf(server, (await newPerson()).email)).id;
  await change(server, "delete from accounts where id >= ?", first);
  expect((await accountOf(server, (await newPerson()).email)).id).toBeGreaterThan(first);
});

test("byte 73 of a password counts, and every one after it", async ({ api, newMember }) => {
  const base = "0123456789ab".repeat(6);
  const who = await newMember({ password: `${base}x` });
  for (const password of [`${base}y`, base, `${base}xx`, `${base}\u0000`])
    expect((await logIn(api, { ...who, password })).status).toBe(400);
  expect((await logIn(api, who)).status).toBe(200);
});

test("a NUL in a password, where bcrypt would stop reading, is refused", async ({ api }) => {
  const answer = await api.post("/auth/signup", { ...person(), password: "before\u0000after it" });
  expect(answer.status).toBe(400);
  expect(answer.body.errors).toEqual([{ field: "password", message: "must not contain a NUL character" }]);
  // As any other text is: an address, a token.
  expect((await api.post("/auth/signup", { ...person(), email: "no\u0000body@example.com" })).body.errors).toEqual([
    { field: "email", message: "must not contain a NUL character" },
  ]);
  expect((await api.post("/auth/verify", { authToken: "a\u0000b" })).body.errors).toEqual([
    { field: "authToken", message: "must not contain a NUL character" },
  ]);
});

for (const prefix of ["$2a$", "$2b$"])
  test(`a ${prefix} hash from elsewhere verifies, and is made anew at the next log-in`, async ({
    api,
    newMember,
    server,
  }) => {
    const who = await newMember();
    const brought = hashSync("brought from elsewhere", 4).replace(/^\$2[aby]\$/, prefix);
    await change(server, "update accounts set password_hash = ? where email = ?", brought, who.email);
    const { email } = who;
    expect((await logIn(api, { email, password: "not brought" })).status).toBe(400);
    expect((await accountOf(server, email)).password_hash).toBe(brought);
    expect((await logIn(api, { email, password: "brought from elsewhere" })).status).toBe(200);
    expect((await accountOf(server, email)).password_hash).toMatch(/^\{hmac-sha384\}\$2[ab]\$04\$/);
    expect((await logIn(api, { email, password: "brought from elsewhere" })).status).toBe(200);
    expect((await logIn(api, { email, password: "not brought" })).status).toBe(400);
  });

test("a raised cost reaches each account at its next log-in", async ({ startServer }) => {
  const first = await startServer();
  const who = person();
  await api(first.url).post("/auth/signup", who);
  await change(first, "update accounts set status = 1");
  await first.stop();
  const second = await startServer({ DATABASE_URL: first.env.DATABASE_URL, BCRYPT_COST: "5" });
  expect((await logIn(api(second.url), who)).status).toBe(200);
  expect((await accountOf(second, who.email)).password_hash).toContain("$05$");
  expect((await logIn(api(second.url), who)).status).toBe(200);
});

test("an account without a password lets no password in", async ({ api, newMember, server }) => {
  const who = await newMember();
  for (const nothing of [null, ""]) {
    await change(server, "update accounts set password_hash = ? where email = ?", nothing, who.email);
    for (const password of [who.password, "null", "x"])
      expect((await logIn(api, { ...who, password })).status).toBe(400);
  }
});

test("rotating the keys keeps old tokens good and publishes both keys", async ({ startServer }) => {
  const server = await startServer();
  const who = person();
  const before = api(server.url);
  await before.post("/auth/signup", who);
  await change(server, "update accounts set status = 1");
  const old = (await logIn(before, who)).body.accessToken;
  const [first] = (await before.get("/.well-known/jwks.json")).body.keys;

  const rotation = rotateKeys(server);
  expect(rotation.status).toBe(0);
  const said = /Key (\S+) signs from now on[\s\S]*Key (\S+) signs nothing more/.exec(rotation.stdout);
  expect(said?.[2]).toBe(first.kid);
  // A server that knew the old key only, while another already signs with the new one.
  allowSecondServer(server);
  const other = await startServer({ DATABASE_URL: server.env.DATABASE_URL, APP_URL: server.env.APP_URL });
  const after = api(other.url);
  const published = (await after.get("/.well-known/jwks.json")).body.keys.map(({ kid }: { kid: string }) => kid);
  expect(published).toEqual([said?.[1], first.kid]);
  const fresh = (await logIn(after, who)).body.accessToken;
  expect(kidOf(fresh)).toBe(said?.[1]);
  for (const token of [old, fresh])
    for (const caller of [before, after]) expect((await caller.get("/auth/me", bearer(token))).status).toBe(200);

  // Once its last token has expired, the old key is believed no more. An unknown one makes a server look again.
  await change(server, "update signing_keys set expires_at = ? where kid = ?", Date.now() - 1, first.kid);
  const header = Buffer.from(JSON.stringify({ alg: "ES256", typ: "at+jwt", kid: "unknown" })).toString("base64url");
  await poll(
    async () => {
      await after.get("/auth/me", bearer(`${header}.e30.x`));
      return (await after.get("/auth/me", bearer(old))).status === 401;
    },
    { what: "the old key to be forgotten" },
  );
  expect((await after.get("/auth/me", bearer(fresh))).status).toBe(200);
});

test("rotating the keys of a database that is not there makes none", () => {
  const { status, stderr } = rotateKeys({
    env: { PATH: process.env.PATH ?? "", DATABASE_URL: "file:/tmp/no/such.db" },
  });
  expect(status).toBe(1);
  expect(stderr).toContain("There is no database at");
});

function rotateKeys({ env }: Pick<RunningServer, "env">) {
  return spawnSync(process.execPath, ["scripts/with-node.mjs", "scripts/rotate-keys.ts"], {
    env: env as NodeJS.ProcessEnv,
    encoding: "utf8",
  });
}

const kidOf = (token: string): string => JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()).kid;
