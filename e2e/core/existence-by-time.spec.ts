import { api as apiOf } from "#e2e/fixtures/api.ts";
import { howWellTimeTells, SHUT_DOORS } from "#e2e/fixtures/existence.ts";
import { clientAddress, expect, person, poll, test } from "#e2e/fixtures/member.ts";
import { rows } from "#e2e/fixtures/store.ts";

/** Who has an account must not show in how long an answer takes: what differs happens after it. */

test.use({ serverSettings: { HIDE_ACCOUNTS: "true" } });

/** Of each kind, beside other tests that load the machine unevenly; what was wrong once stood at 0.35 and more. `npm run torture existence` takes five hundred. */
const CALLS = 100;
const MARK = 0.2;

for (const door of SHUT_DOORS)
  test(`the time of ${door.name} does not tell an address that has an account from one that has none`, async ({
    server,
  }) => {
    expect(Math.abs((await howWellTimeTells(server, door, CALLS)) - 0.5)).toBeLessThan(MARK);
  });

test("a mail that was asked for with an address nobody has leaves nothing behind", async ({ server, mailsTo }) => {
  const { email } = person();
  const left = async () => (await rows(server, "select id from outbox where to_email = ?", email)).length;
  const asked = apiOf(server.url, { "x-forwarded-for": clientAddress() }).post("/auth/password/forget", { email });
  // It is there for a quarter of a second, in which a busy machine may not have heard the answer yet.
  await poll(async () => (await left()) === 1, { what: "the request to be written down" });
  expect((await asked).status).toBe(200);
  await poll(async () => (await left()) === 0, { what: "the request to be gone" });
  expect(await mailsTo(email)).toEqual([]);
});
