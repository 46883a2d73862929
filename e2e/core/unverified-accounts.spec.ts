import { change, rows } from "#e2e/fixtures/store.ts";
import { api, expect, mailboxOf, person, poll, test } from "#e2e/fixtures/test.ts";

const DAY = 24 * 60 * 60_000;

test("an account whose address nobody proves goes after UNVERIFIED_TTL, unless a mail was asked for since", async ({
  startServer,
}) => {
  test.slow();
  const server = await startServer({ UNVERIFIED_TTL: "2d" });
  const [left, awaited, recent, proved] = [person(), person(), person(), person()];
  for (const { email, password } of [left, awaited, recent, proved])
    expect((await api(server.url).post("/auth/signup", { email, password })).status).toBe(200);
  const { code } = await mailboxOf(server.url)(proved.email);
  const { status } = await api(server.url).post("/api/auth_confirm", { username: proved.email, confirm_code: code });
  expect(status).toBe(200);
  const old = Date.now() - 3 * DAY;
  for (const { email } of [left, awaited, proved])
    await change(server, "update accounts set created_at = ? where email = ?", old, email);
  await change(
    server,
    "update challenges set created_at = ? where account_id in (select id from accounts where email in (?, ?))",
    old,
    left.email,
    proved.email,
  );
  await server.stop();

  const again = await startServer({ UNVERIFIED_TTL: "2d", DATABASE_URL: server.env.DATABASE_URL });
  const known = async () =>
    (await rows<{ email: string }>(again, "select email from accounts order by id")).map(({ email }) => email);
  await poll(async () => !(await known()).includes(left.email), { what: "the tidying" });
  expect(await known()).toEqual([awaited.email, recent.email, proved.email]);
});
