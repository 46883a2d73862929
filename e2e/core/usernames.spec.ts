import { loggedIn } from "#e2e/fixtures/change-address.ts";
import { flatApi } from "#e2e/fixtures/flat.ts";
import { expect, from, type Member, person, type RunningServer, test } from "#e2e/fixtures/member.ts";
import { accountOf, change, rows } from "#e2e/fixtures/store.ts";
import type { Visitor } from "#e2e/fixtures/visitor.ts";

/** Usernames: once in thirty days a new one, and the old one is kept for its owner so long, whichever door others try. */

test.slow();

const SAVED = "/account?notice=profile-saved";

const choose = (visitor: Visitor, chosenUsername: string) =>
  visitor.submit("/account/profile", "Save", { chosenUsername });

const nameOf = async (server: RunningServer, email: string) => (await accountOf(server, email)).username;

/** Signs up through the flat contract, the one whose sign-up takes a name. */
const signUpAs = (server: RunningServer, username: string) => flatApi(from(server)).signUp({ ...person(), username });

async function named(server: RunningServer, who: Member): Promise<Visitor> {
  const visitor = await loggedIn(server, who);
  expect((await choose(visitor, who.username)).headers.get("location")).toBe(SAVED);
  return visitor;
}

test("a name given up is kept for its owner: nobody signs up with it or changes to it, and its owner takes it back", async ({
  server,
  newMember,
}) => {
  const [who, other] = [await newMember(), await newMember()];
  const visitor = await named(server, who);
  const next = person().username;
  expect((await choose(visitor, next)).headers.get("location")).toBe(SAVED);
  expect((await signUpAs(server, who.username.toUpperCase())).status).toBe(409);
  const stranger = await loggedIn(server, other);
  expect((await choose(stranger, who.username)).html).toContain("This name is taken. Choose another.");
  expect((await choose(visitor, person().username)).html).toMatch(
    /You can choose another new username on \d+ \w+ \d{4}\./,
  );
  expect((await choose(visitor, who.username)).headers.get("location"), "back").toBe(SAVED);
  expect(await nameOf(server, who.email)).toBe(who.username);
  expect((await signUpAs(server, next)).status, "and the other is kept now").toBe(409);

  const { id } = await accountOf(server, who.email);
  await change(server, "update reserved_usernames set expires_at = 1 where account_id = ?", id);
  await change(server, "delete from limits where key = ?", `username-change:${id}`);
  expect((await choose(stranger, next)).headers.get("location"), "after thirty days").toBe(SAVED);
});

test("taken away and chosen anew, a name is no way round the thirty days; another way of writing it is no other name", async ({
  server,
  newMember,
}) => {
  const who = await newMember();
  const visitor = await named(server, who);
  expect((await choose(visitor, "")).headers.get("location")).toBe(SAVED);
  expect(await nameOf(server, who.email)).toBeNull();
  expect((await choose(visitor, person().username)).headers.get("location"), "the one new name").toBe(SAVED);
  expect((await choose(visitor, "")).headers.get("location")).toBe(SAVED);
  expect((await choose(visitor, person().username)).html).toContain("You can choose another new username on");
  expect((await choose(visitor, who.username)).headers.get("location")).toBe(SAVED);
  expect((await choose(visitor, who.username.toUpperCase())).headers.get("location")).toBe(SAVED);
  expect(await nameOf(server, who.email)).toBe(who.username.toUpperCase());
});

test("of sixteen who want one name at once one gets it", async ({ server, newMember }) => {
  const { username } = person();
  const visitors = await Promise.all(Array.from({ length: 4 }, async () => loggedIn(server, await newMember())));
  const forms = await Promise.all(visitors.map((visitor) => visitor.form("/account/profile", "Save")));
  const answers = await Promise.all([
    ...visitors.flatMap((visitor, n) =>
      Array.from({ length: 2 }, () =>
        visitor.twin().post("/account/profile", { ...forms[n], chosenUsername: username }),
      ),
    ),
    ...Array.from({ length: 8 }, () => signUpAs(server, username)),
  ]);
  for (const { status } of answers) expect([200, 303, 409]).toContain(status);
  expect(await rows(server, "select id from accounts where username_key = ?", username)).toHaveLength(1);
});

test("in the moment in which a name is given up nobody else gets it", async ({ server, newMember }) => {
  for (let round = 0; round < 8; round += 1) {
    const [who, other] = [await newMember(), await newMember()];
    const owner = await named(server, who);
    const stranger = await loggedIn(server, other);
    const [leaving, wanting] = [
      await owner.form("/account/profile", "Save"),
      await stranger.form("/account/profile", "Save"),
    ];
    await Promise.all([
      owner.post("/account/profile", { ...leaving, chosenUsername: person().username }),
      ...Array.from({ length: 4 }, () =>
        stranger.twin().post("/account/profile", { ...wanting, chosenUsername: who.username }),
      ),
      ...Array.from({ length: 4 }, () => signUpAs(server, who.username)),
    ]);
    expect(
      await rows(server, "select id from accounts where username_key = ?", who.username),
      `round ${round}`,
    ).toEqual([]);
  }
});

test("of sixteen new names at once one is taken", async ({ server, newMember }) => {
  const who = await newMember();
  const visitor = await named(server, who);
  const form = await visitor.form("/account/profile", "Save");
  const answers = await Promise.all(
    Array.from({ length: 16 }, () =>
      visitor.twin().post("/account/profile", { ...form, chosenUsername: person().username }),
    ),
  );
  expect(answers.filter(({ headers }) => headers.get("location") === SAVED)).toHaveLength(1);
  const { id } = await accountOf(server, who.email);
  expect(await rows(server, "select username from reserved_usernames where account_id = ?", id)).toEqual([
    { username: who.username },
  ]);
});

test("a session that has ended changes no profile", async ({ server, newMember }) => {
  const who = await newMember();
  const visitor = await loggedIn(server, who);
  const form = await visitor.form("/account/profile", "Save");
  const { id } = await accountOf(server, who.email);
  await change(server, "update sessions set ended_at = 1 where account_id = ?", id);
  const answer = await visitor.post("/account/profile", { ...form, chosenUsername: who.username });
  expect(answer.headers.get("location")).toMatch(/^\/login/);
  expect(await nameOf(server, who.email)).toBeNull();
});

test("where accounts are hidden a name used in a sign-up is taken, whatever became of the sign-up", async ({
  startServer,
}) => {
  const server = await startServer({ HIDE_ACCOUNTS: "true" });
  const flat = flatApi(from(server));
  const [who, taken] = [person(), person()];
  expect((await flat.signUp(who)).status).toBe(200);
  await change(server, "update accounts set status = 1 where email = ?", who.email);
  // Its address is taken, so no account is made of it.
  expect((await flat.signUp({ ...who, username: taken.username })).status).toBe(200);
  const visitor = await loggedIn(server, who);
  expect((await choose(visitor, taken.username)).html).toContain("This name is taken.");
  expect((await choose(visitor, person().username)).headers.get("location")).toBe(SAVED);
  // Kept for its owner, it is taken at a sign-up too, and their own way back is open.
  expect((await signUpAs(server, who.username)).status).toBe(409);
  expect((await choose(visitor, who.username)).headers.get("location")).toBe(SAVED);
});
