import { change, rows, runScript } from "#e2e/fixtures/store.ts";
import { api as apiOf, expect, person, test } from "#e2e/fixtures/test.ts";

const tagged = (domain: string) => `${person().username}@${domain}`;

test("a domain in any script and its A-label are one address, kept as DNS writes it", async ({ api, server }) => {
  const { password, username } = person();
  expect((await api.post("/auth/signup", { email: `${username}@Bücher.test`, password })).status).toBe(200);
  expect((await api.post("/auth/signup", { email: `${username}@xn--bcher-kva.test`, password })).status).not.toBe(200);
  expect(await rows(server, "select email from accounts where email like ?", `${username}@%`)).toEqual([
    { email: `${username}@xn--bcher-kva.test` },
  ]);
  for (const domain of ["bücher.test", "xn--bcher-kva.test", "bu\u0308cher\u3002test"])
    expect((await api.post("/auth/login", { email: `${username}@${domain}`, password })).status).toBe(403);
});

test("no more mail: it holds, and invitations are counted, for both spellings of an address", async ({
  api,
  server,
  mailFor,
}) => {
  const { email, password, username } = person();
  await api.post("/auth/signup", { email, password });
  await api.post("/api/auth_confirm", { username: email, confirm_code: (await mailFor(email)).code });
  await change(server, "insert into mail_refusals (email, created_at) values (?, 1)", `${username}@xn--bcher-kva.test`);
  const inviteTo = (domain: string) =>
    api.post("/api/send-mail/reference-email", { username: email, destination_email: `${username}@${domain}` });
  expect((await inviteTo("bücher.test")).status).toBe(200);
  // Counted as one destination too.
  expect((await inviteTo("xn--bcher-kva.test")).status).toBe(429);
  expect(await rows(server, "select id from invitations where email like ?", `${username}@%`)).toEqual([]);
});

test("a domain that does not come back the same, or that a resolver reads as another, is no address", async ({
  api,
}) => {
  const domains = ["xn--a.test", "xn--test-.com", "1.2", "192.168.0.1", "ex%61mple.com", "ex\u00adample.com"];
  for (const domain of domains) {
    const answer = await api.post("/auth/signup", { email: tagged(domain), password: person().password });
    expect([answer.status, answer.body.errors?.[0]?.field], domain).toEqual([400, "email"]);
  }
});

test("no control, format or ignorable character, nor half of one, gets into an address or a name", async ({ api }) => {
  const { email, password } = person();
  const signUp = { first_name: "Ada", last_name: "Byron", phone_number: "", email, password };
  const hidden = [0x00, 0x85, 0xad, 0x200b, 0x200d, 0x202e, 0x2066, 0x3164, 0xfe0f, 0xe0041, 0xd800, 0xdfff];
  for (const point of hidden) {
    const one = String.fromCodePoint(point);
    const withAddress = await api.post("/api/users/signUp", { ...signUp, email: `a${one}b${email}` });
    expect([withAddress.status, withAddress.body.errors?.[0]?.field], `U+${point.toString(16)}`).toEqual([
      400,
      "email",
    ]);
    const withName = await api.post("/api/users/signUp", { ...signUp, first_name: `A${one}da` });
    expect([withName.status, withName.body.errors?.[0]?.field], `U+${point.toString(16)}`).toEqual([400, "first_name"]);
  }
});

test("an address that an older version stored in Unicode is found after the next start, which looks for such ones once", async ({
  startServer,
}) => {
  const { password, username } = person();
  const [before, after] = [`${username}@bücher.test`, `${username}@xn--bcher-kva.test`];
  const old = await startServer();
  await apiOf(old.url).post("/auth/signup", { email: before, password });
  await old.stop();
  await change(old, "update accounts set email = ? where email = ?", before, after);
  const since = await startServer({ DATABASE_URL: old.env.DATABASE_URL });
  expect(await rows(since, "select email from accounts"), "with ten million it would take seconds each time").toEqual([
    { email: before },
  ]);
  await since.stop();
  // Older versions left no mark.
  await runScript(old, "pragma application_id = 0");
  const next = await startServer({ DATABASE_URL: old.env.DATABASE_URL });
  expect((await apiOf(next.url).post("/auth/login", { email: before, password })).status).toBe(403);
  expect(await rows(next, "select email from accounts")).toEqual([{ email: after }]);
});
