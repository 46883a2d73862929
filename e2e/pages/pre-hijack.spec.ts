import { decodeJwt } from "jose";
import { visitorOf } from "#e2e/fixtures/doors.ts";
import { flatApi } from "#e2e/fixtures/flat.ts";
import {
  type Api,
  expect,
  logIn,
  type Mail,
  type Person,
  person,
  type RunningServer,
  test,
  tokenIn,
} from "#e2e/fixtures/invite.ts";
import { accountOf, change, passCooldowns, row, rows } from "#e2e/fixtures/store.ts";
import { profile, usersApi } from "#e2e/fixtures/users.ts";
import { ACCESS, PENDING_MAIL, type Visitor } from "#e2e/fixtures/visitor.ts";

/**
 * "Pre-hijack": an impostor signs up with a stranger's address and waits until its owner proves it. The visitors here have
 * no JavaScript: what the server itself holds to is what counts.
 */

test("the code of an impostor's mail does not fit where the owner signed up, and the owner's own leaves the impostor nothing", async ({
  server,
  api,
  mailFor,
}) => {
  const { impostor, owner, email } = people();
  const theirs = await signUp(server, impostor);
  const first = await mailFor(email);
  const mine = await signUp(server, owner);
  const second = await mailFor(email, { after: first });

  expect((await giveCode(mine, first.code)).html).toContain("This code is wrong or no longer valid.");
  expect(isIn(mine)).toBe(false);
  expect((await giveCode(theirs, second.code)).html).toContain("This code is wrong or no longer valid.");
  expect(isIn(theirs)).toBe(false);
  await giveCode(mine, second.code);
  expect(isIn(mine)).toBe(true);

  expect((await logIn(api, impostor)).status, "the impostor's password").toBe(400);
  expect((await logIn(api, owner)).status, "the owner's").toBe(200);
  await giveCode(theirs, first.code);
  expect(isIn(theirs), "the impostor's browser, with the code of its own mail").toBe(false);
  expect((await api.post("/verify", { authToken: tokenIn(first) })).status, "the impostor's link").toBe(403);
});

test("an impostor's link opened by the owner confirms nothing by itself: it asks for the password, or for a new one", async ({
  server,
  api,
  mailFor,
}) => {
  const { impostor, owner, email } = people();
  await signUpWithNames(api, impostor);
  const mail = await mailFor(email);
  const visitor = visitorOf(server);

  const guessed = await visitor.submit(pathOf(mail), "Confirm this address", { password: owner.password });
  expect(guessed.html).toContain("This is not the password chosen at sign-up.");
  const common = await visitor.submit(`${pathOf(mail)}&new`, "Confirm with this password", { password: "password" });
  expect(common.html).toContain("This password is too common");
  expect(isIn(visitor)).toBe(false);
  expect((await accountOf(server, email)).status).toBe(0);
  await visitor.submit(`${pathOf(mail)}&new`, "Confirm with this password", { password: owner.password });
  expect(isIn(visitor)).toBe(true);

  await expectOwners({ server, api }, { impostor, owner, email });
});

test("the one button of the browser that signed up is not taken from any other", async ({ server, mailFor }) => {
  const { impostor, email } = people();
  const theirs = await signUp(server, impostor);
  const mail = await mailFor(email);
  const form = await theirs.form(pathOf(mail), "Confirm this address");
  expect(Object.keys(form)).not.toContain("password");
  const visitor = visitorOf(server);
  await visitor.post("/verify-email", form);
  expect(isIn(visitor)).toBe(false);
  expect((await accountOf(server, email)).status).toBe(0);
  await theirs.post("/verify-email", form);
  expect(isIn(theirs)).toBe(true);
});

test("whoever knows the password of the sign-up confirms it from any browser, and keeps the names given with it", async ({
  server,
  api,
  mailFor,
}) => {
  const { owner, email } = people();
  await signUpWithNames(api, owner);
  const visitor = visitorOf(server);
  await visitor.submit(pathOf(await mailFor(email)), "Confirm this address", { password: owner.password });
  expect(isIn(visitor)).toBe(true);
  expect(await saidAbout(server, email)).not.toEqual(NOTHING);
});

test("a mail asked for by address alone takes a new password with its code", async ({ server, api, mailFor }) => {
  const { impostor, owner, email } = people();
  await signUpWithNames(api, impostor);
  const { code } = await mailFor(email);
  const visitor = visitorOf(server);
  await visitor.submit("/verify-email", "Send the mail", { email });
  await giveCode(visitor, code);
  expect(isIn(visitor), "without a password").toBe(false);
  await giveCode(visitor, code, { password: owner.password });
  expect(isIn(visitor)).toBe(true);
  await expectOwners({ server, api }, { impostor, owner, email });
});

test("a reset of an account that was never proved leaves nothing of whoever made it", async ({
  server,
  api,
  mailFor,
}) => {
  const { impostor, owner, email } = people();
  await signUpWithNames(api, impostor);
  const first = await mailFor(email);
  const again = await signUp(server, { ...impostor, password: `${impostor.password}-too` });
  const second = await mailFor(email, { after: first });
  await api.post("/password/forget", { email });
  const authToken = tokenIn(await mailFor(email, { subject: /reset/i }));
  expect((await api.post("/password/reset", { authToken, password: owner.password })).status).toBe(200);
  await giveCode(again, second.code);
  expect(isIn(again), "a second sign-up of theirs").toBe(false);
  await expectOwners({ server, api }, { impostor, owner, email });
});

test("an accepted invitation leaves nothing of whoever made the account before", async ({
  server,
  api,
  guest,
  invited,
}) => {
  const impostor = { ...person(), email: guest };
  await signUpWithNames(api, impostor);
  await visitorOf(server).submit(pathOf(await invited(guest)), "Create account", { password: person().password });
  expect((await accountOf(server, guest)).status).toBe(1);
  expect((await logIn(api, impostor)).status).toBe(400);
  expect(await saidAbout(server, guest)).toEqual(NOTHING);
});

test("the username of an impostor stands neither in the owner's mail nor on its page", async ({
  server,
  api,
  mailFor,
}) => {
  const { impostor, owner, email } = people();
  expect((await flatApi(api).signUp(impostor)).status).toBe(200);
  const first = await mailFor(email);
  expect(first.text).toContain(impostor.username);
  const mine = await signUp(server, owner);
  const second = await mailFor(email, { after: first });
  expect(second.text).not.toContain(impostor.username);
  expect((await mine.open(pathOf(second))).html).not.toContain(impostor.username);
  await mine.submit(pathOf(second), "Confirm this address");
  expect(isIn(mine)).toBe(true);
  expect(await saidAbout(server, email)).toEqual(NOTHING);
  expect((await logIn(api, owner)).status).toBe(200);
});

test("another mail for a sign-up keeps its password and ends no other sign-up's", async ({ server, api, mailFor }) => {
  const { impostor, owner, email } = people();
  await signUp(server, impostor);
  const first = await mailFor(email);
  const mine = await signUp(server, owner);
  const second = await mailFor(email, { after: first });
  await change(server, "update challenges set link_expires_at = 1 where id = ?", idOf(second));
  await passCooldowns(server, email);
  await mine.submit(pathOf(second), "Send a new mail");
  const third = await mailFor(email, { after: second });
  expect(
    await row(server, "select superseded_at as ended from challenges where id = ?", idOf(first)),
    "the other sign-up's",
  ).toEqual({ ended: null });
  expect((await giveCode(mine, second.code)).html).toContain("This code is wrong or no longer valid.");
  await giveCode(mine, third.code);
  expect(isIn(mine)).toBe(true);
  expect((await logIn(api, owner)).status).toBe(200);
});

test("of two sign-ups with one address that are proved at the same time exactly one holds, with its own password", async ({
  server,
  api,
  mailFor,
}) => {
  test.slow();
  for (let round = 1; round <= 20; round++) {
    const { impostor, owner, email } = people();
    await signUp(server, impostor);
    const first = await mailFor(email);
    await signUp(server, owner);
    const second = await mailFor(email, { after: first });
    const proofs = [first, second].map((mail) => api.post("/verify", { authToken: tokenIn(mail) }));
    const proved = (await Promise.all(proofs)).map(({ status }) => status === 200);
    const opens = (await Promise.all([logIn(api, impostor), logIn(api, owner)])).map(({ status }) => status === 200);
    expect(proved.filter(Boolean), `round ${round}`).toHaveLength(1);
    expect(opens, `round ${round}`).toEqual(proved);
  }
});

test("“this wasn’t me” ends the sign-up of its mail, and leaves one that waits for its own", async ({
  server,
  api,
  mailFor,
}) => {
  const { impostor, owner, email } = people();
  await signUpWithNames(api, impostor);
  const first = await mailFor(email);
  const mine = await signUp(server, owner);
  const second = await mailFor(email, { after: first });
  const { headers } = await visitorOf(server).submit(`${pathOf(first)}&disown`, "Delete this account");
  expect(headers.get("location")).toBe("/?notice=disowned-one");
  expect((await api.post("/verify", { authToken: tokenIn(first) })).status).toBe(403);
  expect((await logIn(api, impostor)).status, "the password of the sign-up that was disowned").toBe(400);
  expect(await saidAbout(server, email)).toEqual(NOTHING);
  await giveCode(mine, second.code);
  expect(isIn(mine)).toBe(true);
  expect((await logIn(api, owner)).status).toBe(200);

  const alone = person();
  await signUp(server, alone);
  await visitorOf(server).submit(`${pathOf(await mailFor(alone.email))}&disown`, "Delete this account");
  expect(await rows(server, "select id from accounts where email = ?", alone.email)).toEqual([]);
});

test("signing up again and again answers alike for an address somebody has proved and one nobody has", async ({
  server,
  newMember,
  newPerson,
}) => {
  const seen: (string | null)[][] = [];
  for (const { email } of [await newMember(), await newPerson()]) {
    const answers: (string | null)[] = [];
    for (let n = 1; n <= 6; n++) {
      const { headers, html } = await visitorOf(server).submit("/sign-up", "Create account", {
        email,
        password: person().password,
      });
      answers.push(headers.get("location") ?? /Too many tries\./.exec(html)?.[0] ?? null);
    }
    seen.push(answers);
  }
  expect(seen[0]).toEqual([...Array(4).fill("/verify-email"), "Too many tries.", "Too many tries."]);
  expect(seen[1]).toEqual(seen[0]);
});

test("what a browser remembers of a mail it asked for does not show whether anybody has the address", async ({
  server,
  newPerson,
}) => {
  for (const { email } of [await newPerson(), person()]) {
    const names: unknown[] = [];
    for (let n = 1; n <= 2; n++) {
      const visitor = visitorOf(server);
      await visitor.submit("/verify-email", "Send the mail", { email });
      names.push(decodeJwt(visitor.cookies.get(PENDING_MAIL) ?? "").signUp);
    }
    expect(names).toEqual([expect.any(String), expect.any(String)]);
    expect(names[0], "the same challenge, named twice").not.toBe(names[1]);
    expect(String(names[0])).toHaveLength(String(names[1]).length);
  }
});

/** Two people with one address. */
function people(): { impostor: Person; owner: Person; email: string } {
  const owner = person();
  return { owner, impostor: { ...person(), email: owner.email }, email: owner.email };
}

/** Signs up on the page, in a browser of one's own. */
async function signUp(server: RunningServer, { email, password }: Person): Promise<Visitor> {
  const visitor = visitorOf(server);
  const { headers } = await visitor.submit("/sign-up", "Create account", { email, password });
  expect(headers.get("location")).toBe("/verify-email");
  return visitor;
}

/** Signs up through the contract that takes names and a phone number. */
async function signUpWithNames(api: Api, { email, password }: Person): Promise<void> {
  expect((await usersApi(api).signUp({ ...profile(), email, password })).status).toBe(200);
}

const giveCode = (visitor: Visitor, code: string | null, more: Record<string, string> = {}) =>
  visitor.submit("/verify-email", "Confirm", { code: code ?? "", ...more });

const isIn = (visitor: Visitor): boolean => visitor.cookies.has(ACCESS);

/** The mail's link as the server's own pages know it. */
function pathOf(mail: Mail): string {
  const { pathname, search } = new URL(mail.link ?? "");
  return pathname + search;
}

function idOf(mail: Mail): string {
  return JSON.parse(Buffer.from(tokenIn(mail).split(".")[1] ?? "", "base64url").toString()).jti;
}

/** Only the owner gets in, and nothing that the impostor said is left. */
async function expectOwners(
  { server, api }: { server: RunningServer; api: Api },
  { impostor, owner, email }: { impostor: Person; owner: Person; email: string },
): Promise<void> {
  expect((await logIn(api, impostor)).status).toBe(400);
  expect((await logIn(api, owner)).status).toBe(200);
  expect(await saidAbout(server, email)).toEqual(NOTHING);
}

const NOTHING = { username: null, username_key: null, first_name: "", last_name: "", phone_number: "" };

const saidAbout = (server: RunningServer, email: string) =>
  row(
    server,
    "select username, username_key, first_name, last_name, phone_number from accounts where email = ?",
    email,
  );
