import { readFileSync } from "node:fs";
import { api as apiOf } from "#e2e/fixtures/api.ts";
import { flatApi } from "#e2e/fixtures/flat.ts";
import { bearer, clientAddress, expect, logIn, person, poll, type RunningServer, test } from "#e2e/fixtures/member.ts";
import { accountOf } from "#e2e/fixtures/store.ts";
import { SECURITY_EVENTS } from "#lib/auth/security-events.ts";

/** The events of this account, oldest first. */
const eventsOf = (server: RunningServer, sub: string) =>
  server
    .log()
    .filter(({ account, event }) => account === sub && (SECURITY_EVENTS as readonly unknown[]).includes(event));

test("the table in the docs names every event there is, and no other", () => {
  const table = readFileSync("docs/security-events.md", "utf8").matchAll(/^\| `(\w+)` +\|/gm);
  expect([...table].map(([, name]) => name).sort()).toEqual([...SECURITY_EVENTS].sort());
});

test("what happens to an account stands in the log, with the id of its request and nothing that names anybody", async ({
  server,
  address,
  api,
  mailFor,
}) => {
  const who = person();
  const guest = person();
  await api.post("/auth/signup", who);
  const { sub } = await accountOf(server, who.email);
  const first = await mailFor(who.email);
  const flat = flatApi(api);
  await flat.confirm(who.email, first.code ?? "");
  await logIn(api, { ...who, password: "a wrong phrase" });
  const { accessToken, refreshToken } = (await logIn(api, who)).body;
  const invitation = { username: who.email, destination_email: guest.email };
  await api.post("/api/send-mail/reference-email", invitation, bearer(accessToken));
  await api.post("/api/auth/logout", { refreshToken });
  await api.post("/auth/password/forget", { email: who.email });
  const { code } = await mailFor(who.email, { after: first, subject: /password/i });
  await flat.setPassword(who.email, "another good phrase", code ?? "");

  const events = await poll(
    () => {
      const found = eventsOf(server, sub);
      return found.some(({ event }) => event === "reset_done") && found;
    },
    { what: "the last event" },
  );
  expect(events.map(({ event }) => event)).toEqual([
    "sign_up",
    "address_verified",
    "log_in_refused",
    "log_in",
    "invitation_sent",
    "session_ended",
    "reset_requested",
    "reset_done",
  ]);
  expect(events.find(({ event }) => event === "log_in_refused")).toMatchObject({
    reason: "wrong_password",
    door: "auth",
  });
  expect(events.find(({ event }) => event === "log_in")).toMatchObject({ door: "auth", proof: "password" });
  // A request's own line comes when it has been answered, with those of the same moment.
  const requests = () => server.log().flatMap(({ event, id }) => (event === "request" ? [id] : []));
  await expect.poll(requests).toEqual(expect.arrayContaining(events.map(({ id }) => id)));
  for (const secret of [who.email, who.password, guest.email, code ?? "", refreshToken, accessToken, address])
    expect(JSON.stringify(events)).not.toContain(secret);
});

test("guesses at one name are seen to be one name's, and whom they are shut out by is said", async ({ server }) => {
  const { email } = person();
  const guesser = apiOf(server.url, { "x-forwarded-for": clientAddress() });
  const before = server.log().length;
  for (let n = 1; n <= 11; n++) await logIn(guesser, { email, password: `guess number ${n}` });
  const events = server
    .log()
    .slice(before)
    .filter(({ event }) => event === "log_in_refused" || event === "log_in_shut_out");
  const names = new Set(events.map(({ name }) => name));
  const ours = [...names]
    .map((name) => events.filter((event) => event.name === name))
    .find((some) => some.length === 11);
  expect(ours?.map(({ event }) => event)).toEqual([...Array(10).fill("log_in_refused"), "log_in_shut_out"]);
  expect(ours?.at(-1)).toMatchObject({ limit: "password-name" });
  expect(new Set(ours?.map(({ address }) => address)).size).toBe(1);
  expect(JSON.stringify(events)).not.toContain(email);
});
