import { hash } from "bcryptjs";
import { visitorOf } from "#e2e/fixtures/doors.ts";
import { into, mailedToken, olderStore } from "#e2e/fixtures/older-store.ts";
import { accountOf, rows } from "#e2e/fixtures/store.ts";
import { expect, person, test } from "#e2e/fixtures/test.ts";

const SECRET = "the secret of before and after, more than thirty-two bytes";
const HOUR = 60 * 60_000;

test("a sign-up beside another, made before sign-ups had a table, is taken over after with its own password", async ({
  startServer,
}) => {
  const [email, proved] = [person().email, person().email];
  const [impostors, owners] = [person().password, person().password];
  const [first, second, over] = await Promise.all([impostors, owners, person().password].map((it) => hash(it, 4)));
  const sentAt = Date.now() - HOUR;
  const expiresAt = sentAt + 48 * HOUR;
  const store = olderStore("0007_invitations", (db) => {
    const add = into(db);
    const times = { created_at: sentAt, updated_at: sentAt };
    add("accounts", {
      ...times,
      id: 7,
      sub: "seven",
      email,
      password_hash: first,
      username: "impostor",
      username_key: "impostor",
    });
    add("accounts", { ...times, id: 8, sub: "eight", email: proved, status: 1, password_hash: first });
    const challenge = {
      purpose: "verify-email",
      nonce: "n",
      tries_left: 5,
      sent_at: sentAt,
      link_expires_at: expiresAt,
    };
    add("challenges", { ...challenge, id: "own", account_id: 7, created_at: sentAt });
    add("challenges", {
      ...challenge,
      id: "older",
      account_id: 7,
      created_at: sentAt,
      password_hash: second,
      superseded_at: sentAt,
    });
    add("challenges", { ...challenge, id: "newer", account_id: 7, created_at: sentAt + 1, password_hash: second });
    add("challenges", {
      ...challenge,
      id: "over",
      account_id: 8,
      created_at: sentAt,
      password_hash: over,
      superseded_at: sentAt,
    });
  });
  const server = await startServer({ DATABASE_URL: store.url, AUTH_SECRET: SECRET });

  // One sign-up for its two challenges; what nobody can take over any more has lost its hash.
  expect(await rows(server, "select account_id, password_hash from sign_ups order by account_id")).toEqual([
    { account_id: 7, password_hash: second },
    { account_id: 8, password_hash: null },
  ]);
  const token = await mailedToken(
    { url: server.url, secret: SECRET },
    { id: "newer", purpose: "verify-email", email, sentAt, expiresAt },
  );
  const link = `/verify-email?authToken=${token}`;
  const refused = await visitorOf(server).submit(link, "Confirm this address", { password: impostors });
  expect(refused.html).toContain("This is not the password chosen at sign-up.");
  const confirmed = await visitorOf(server).submit(link, "Confirm this address", { password: owners });
  expect(confirmed.status).toBe(303);
  expect(await accountOf(server, email)).toMatchObject({ status: 1, username: null, password_hash: second });
  expect(await rows(server, "select 1 from sign_ups where password_hash is not null")).toEqual([]);
  await server.stop();
  store.remove();
});
