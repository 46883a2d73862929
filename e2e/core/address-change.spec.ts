import { decodeJwt } from "jose";
import { ask, asked, CHANGED, loggedIn, moved, pathOf } from "#e2e/fixtures/change-address.ts";
import { passConfirmation } from "#e2e/fixtures/confirmations.ts";
import { flatApi } from "#e2e/fixtures/flat.ts";
import {
  api as apiAt,
  expect,
  logIn,
  type Member,
  person,
  poll,
  type RunningServer,
  test,
  tokenIn,
} from "#e2e/fixtures/member.ts";
import { accountOf, change, row, rows } from "#e2e/fixtures/store.ts";
import { formsWith, type VisitedPage, type Visitor } from "#e2e/fixtures/visitor.ts";

/** The address of an account: what holds when somebody else acts at the same time, or has no business with it. */

test.slow();

const ROUNDS = 6;
const NEW = "nine quiet herons by dusk";

const locationOf = ({ headers }: VisitedPage) => headers.get("location");
const has = async (server: RunningServer, email: string) =>
  (await rows(server, "select id from accounts where email = ?", email)).length;
const emailOf = async (server: RunningServer, id: number) =>
  (await row<{ email: string }>(server, "select email from accounts where id = ?", id)).email;
const liveOf = (server: RunningServer, id: number) =>
  rows<{ id: string }>(server, "select id from sessions where account_id = ? and ended_at is null", id);

test("of 64 answers to one mail, by its link and by its code, one changes the address, and the old one is told once", async ({
  server,
  newMember,
  mailFor,
}) => {
  const who = await newMember();
  const visitor = await loggedIn(server, who);
  const { email, mail } = await asked(visitor, mailFor);
  const link = await visitor.form(pathOf(mail), "Confirm this address");
  const code = { ...(await visitor.form("/account/email", "Confirm")), code: mail.code ?? "" };
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, n) =>
      n % 4 === 0 ? visitor.twin().post("/account/email", code) : visitor.twin().post(pathOf(mail), link),
    ),
  );
  expect(answers.filter((answer) => locationOf(answer) === CHANGED)).toHaveLength(1);
  const { id } = await accountOf(server, email);
  expect(await rows(server, "select old_email from address_changes where account_id = ?", id)).toEqual([
    { old_email: who.email },
  ]);
  expect(
    await rows(server, "select to_email from outbox where template = 'address-changed' and account_id = ?", id),
  ).toEqual([{ to_email: who.email }]);
  expect(await liveOf(server, id), "nobody is logged out by it").toHaveLength(2);
});

test("of two accounts that shall have one address, and confirm it at once, one gets it", async ({
  server,
  newMember,
  mailFor,
}) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { email } = person();
    const both = [];
    let before: Awaited<ReturnType<typeof mailFor>> | undefined;
    for (const who of [await newMember(), await newMember()]) {
      const visitor = await loggedIn(server, who);
      await ask(visitor, email);
      const mail = await mailFor(email, before ? { after: before } : {});
      before = mail;
      both.push({ visitor, path: pathOf(mail), form: await visitor.form(pathOf(mail), "Confirm this address") });
    }
    const answers = await Promise.all(
      both.flatMap(({ visitor, path, form }) => Array.from({ length: 8 }, () => visitor.twin().post(path, form))),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(16).fill(303));
    expect(answers.filter((answer) => locationOf(answer) === CHANGED)).toHaveLength(1);
    expect(await has(server, email)).toBe(1);
    const lost = both.find((_, n) => answers.slice(n * 8, n * 8 + 8).every((answer) => locationOf(answer) !== CHANGED));
    expect((await lost?.visitor.open(lost.path))?.html).toContain("This address has an account already");
  }
});

test("of a change of the address and a reset under way one takes effect, and the other nothing", async ({
  server,
  api,
  newMember,
  mailFor,
  linkToken,
}) => {
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const who = await newMember();
    const { id } = await accountOf(server, who.email);
    const visitor = await loggedIn(server, who);
    const { email, mail } = await asked(visitor, mailFor);
    const form = await visitor.form(pathOf(mail), "Confirm this address");
    await api.post("/password/forget", { email: who.email });
    const authToken = await linkToken(who.email, /password/i);
    const reset = () => api.post("/password/reset", { authToken, password: NEW });
    const press = () => visitor.post(pathOf(mail), form);
    // The one hashes a password first, the other does not: each gets its turn to come first.
    const [done, pressed] = round % 2 === 0 ? await Promise.all([reset(), press()]) : await lateSecond(reset, press);
    const isChanged = locationOf(pressed) === CHANGED;
    expect([done.status === 200, isChanged], `round ${round}`).toEqual(isChanged ? [false, true] : [true, false]);
    expect(await emailOf(server, id)).toBe(isChanged ? email : who.email);
    const password = isChanged ? who.password : NEW;
    expect((await logIn(api, { email: await emailOf(server, id), password })).status).toBe(200);
    seen.add(isChanged ? "changed" : "reset");
  }
  expect([...seen].sort(), "both orders were tried").toEqual(["changed", "reset"]);
});

async function lateSecond<A, B>(first: () => Promise<A>, second: () => Promise<B>): Promise<[A, B]> {
  const done = await first();
  return [done, await second()];
}

test("a change that waits is void once the session that asked has ended, however it ended", async ({
  server,
  api,
  newMember,
  mailFor,
  linkToken,
}) => {
  const ends: Record<string, (who: Member, asker: Visitor) => Promise<unknown>> = {
    "log-out": (_, asker) => asker.submit("/account", "Log out"),
    "log-out everywhere": async (who) => (await loggedIn(server, who)).submit("/account", "Log out everywhere"),
    "ended elsewhere": async (who) => {
      const other = await loggedIn(server, who);
      const forms = formsWith("", (await other.open("/account/sessions")).html);
      for (const form of forms) if ("session" in form) await other.post("/account/sessions", form);
    },
    "a change of the password": async (who) =>
      (await loggedIn(server, who)).submit("/account/password", "Change password", {
        currentPassword: who.password,
        newPassword: NEW,
      }),
    "a reset": async (who) => {
      await api.post("/password/forget", { email: who.email });
      const authToken = await linkToken(who.email, /reset/i);
      expect((await api.post("/password/reset", { authToken, password: NEW })).status).toBe(200);
    },
  };
  for (const [how, end] of Object.entries(ends)) {
    const who = await newMember();
    const { id } = await accountOf(server, who.email);
    const asker = await loggedIn(server, who);
    const { email, mail } = await asked(asker, mailFor);
    const other = await loggedIn(server, who);
    const form = await other.form(pathOf(mail), "Confirm this address");
    await end(who, asker);
    const back = await loggedIn(server, how.startsWith("a ") ? { ...who, password: NEW } : who);
    expect((await back.open(pathOf(mail))).html, how).toContain("This link no longer works");
    await back.post(pathOf(mail), form);
    expect((await back.open("/account/email")).html, how).toContain("Change your address");
    expect([await emailOf(server, id), await has(server, email)], how).toEqual([who.email, 0]);
  }
});

test("who has shown who they are does so for their own session: another one's asking is asked first, and writes nothing", async ({
  server,
  newMember,
}) => {
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  const owner = await loggedIn(server, who);
  const thief = await loggedIn(server, who);
  const form = await thief.form("/account/email", "Send the mail");
  await passConfirmation(server, who);
  await owner.submit("/account/confirm", "Continue", { password: who.password });
  const { email } = person();
  const answers = await Promise.all(
    Array.from({ length: 16 }, () => thief.twin().post("/account/email", { ...form, email })),
  );
  for (const answer of answers)
    expect(locationOf(answer)).toBe(`/account/confirm?next=${encodeURIComponent("/account/email")}`);
  expect(await rows(server, "select id from challenges where account_id = ? and purpose = 'change-email'", id)).toEqual(
    [],
  );
  expect(await rows(server, "select id from outbox where to_email = ?", email)).toEqual([]);
  expect((await ask(owner, email)).headers.get("location"), "who was asked may").toBe("/account/email");
});

test("whether anybody has an address does not show to who wants it: its owner is told by mail, and that is all", async ({
  server,
  newMember,
  mailFor,
  mailsTo,
}) => {
  const [who, twin, other] = [await newMember(), await newMember(), await newMember()];
  const free = person().email;
  const seen = [];
  for (const [asker, email] of [
    [who, free],
    [twin, other.email],
  ] as const) {
    const visitor = await loggedIn(server, asker);
    const answer = await ask(visitor, email);
    const waiting = await visitor.open("/account/email");
    const typed = await visitor.submit("/account/email", "Confirm", { code: "000000" });
    const plain = (html: string) =>
      textOf(html)
        .replaceAll(email, "(address)")
        .replaceAll(asker.email, "(asker)")
        .replace(/another in .*? UTC\./, "another later.");
    seen.push([answer.status, locationOf(answer), plain(waiting.html), typed.status, plain(typed.html)]);
  }
  expect(seen[1]).toEqual(seen[0]);
  expect(String(seen[0])).toContain("This code is wrong or no longer valid.");
  const told = await mailFor(other.email, { subject: "You already have a Latchkey account" });
  expect(told.text).toContain("tried to make");
  expect(told.text).not.toContain(twin.email);
  expect([told.link, told.code]).toEqual([null, null]);
  const proof = await mailFor(free);
  expect(proof.text, "nor does a stranger learn whose account it is").not.toContain(who.email);
  expect(JSON.stringify(decodeJwt(tokenIn(proof)))).not.toContain(who.email);
  expect((await mailsTo(other.email)).filter(({ subject }) => subject.includes("Confirm your new"))).toEqual([]);
});

const textOf = (html: string): string =>
  (/<main[\s\S]*<\/main>/.exec(html)?.[0] ?? "").replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

test("a sign-up with the new address that nobody proved makes way, and one that was proved keeps it", async ({
  server,
  api,
  newMember,
  newPerson,
  mailFor,
}) => {
  for (const isProved of [false, true]) {
    const who = await newMember();
    const { id } = await accountOf(server, who.email);
    const visitor = await loggedIn(server, who);
    const { email, mail } = await asked(visitor, mailFor);
    await newPerson({ email });
    const authToken = tokenIn(await mailFor(email, { after: mail }));
    if (isProved) expect((await api.post("/auth/verify", { authToken })).status).toBe(200);
    const form = isProved ? undefined : await visitor.form(pathOf(mail), "Confirm this address");
    const pressed = form ? await visitor.post(pathOf(mail), form) : await visitor.open(pathOf(mail));
    if (isProved) expect(pressed.html).toContain("This address has an account already");
    const byCode = await visitor.submit("/account/email", isProved ? "Confirm" : "Send the mail", {
      code: mail.code ?? "",
    });
    if (isProved) expect(byCode.html).toContain("By now this address has an account of its own.");
    expect(await emailOf(server, id)).toBe(isProved ? who.email : email);
    expect(await has(server, email)).toBe(1);
    if (!isProved) expect((await api.post("/auth/verify", { authToken })).status, "the sign-up is gone").not.toBe(200);
  }
});

test("what was mailed to the old address opens nothing once it is the old one, and programs hear the new one", async ({
  server,
  api,
  newPerson,
  mailFor,
}) => {
  const who = person();
  const flat = flatApi(api);
  await flat.signUp(who);
  await flat.confirm(who.username, (await mailFor(who.email)).code ?? "");
  const opened = (await flat.logIn({ username: who.username, password: who.password })).body.data;
  await api.post("/password/forget", { email: who.email });
  const reset = await mailFor(who.email, { subject: /password/i });
  const visitor = await loggedIn(server, who);
  const { email } = await moved(visitor, mailFor, who.email);
  expect((await api.post("/password/reset", { authToken: tokenIn(reset), password: NEW })).status).not.toBe(200);
  expect((await flat.setPassword(who.username, NEW, reset.code ?? "")).status).not.toBe(200);
  const refreshed = await flat.refresh(who.username, opened.refresh_token);
  expect(refreshed.status).toBe(200);
  expect(decodeJwt(refreshed.body.data.id_token)).toMatchObject({ email, email_verified: true });
  expect((await logIn(api, who)).status).toBe(404);
  expect((await logIn(api, { ...who, email })).status).toBe(200);
  // The old address is anybody's who reads its mail.
  await newPerson({ email: who.email });
});

test("nobody but who is logged in to the account confirms with the link, whoever reads the mail", async ({
  server,
  newMember,
  mailFor,
}) => {
  const [who, stranger] = [await newMember(), await newMember()];
  const { id } = await accountOf(server, who.email);
  const owner = await loggedIn(server, who);
  const { mail } = await asked(owner, mailFor);
  const form = await owner.form(pathOf(mail), "Confirm this address");
  const visitor = await loggedIn(server, stranger);
  const page = await visitor.open(pathOf(mail));
  expect(page.html).toContain("This link is for another account");
  expect(page.html).not.toContain(who.email);
  expect(locationOf(await visitor.post(pathOf(mail), form))).not.toBe(CHANGED);
  const nobody = visitor.twin();
  nobody.cookies.clear();
  expect(locationOf(await nobody.open(pathOf(mail)))).toMatch(/^\/login\?next=/);
  expect(locationOf(await nobody.post(pathOf(mail), form))).toMatch(/^\/login\?next=/);
  expect(await emailOf(server, id)).toBe(who.email);
});

test("withdrawn, or replaced by another, a change can no longer be confirmed", async ({
  server,
  newMember,
  mailFor,
}) => {
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  const visitor = await loggedIn(server, who);
  const { mail } = await asked(visitor, mailFor);
  const form = await visitor.form(pathOf(mail), "Confirm this address");
  await visitor.submit("/account/email", "Do not change my address");
  await visitor.post(pathOf(mail), form);
  const first = await asked(visitor, mailFor);
  const firstForm = await visitor.form(pathOf(first.mail), "Confirm this address");
  await visitor.submit("/account/email", "Do not change my address");
  const second = await asked(visitor, mailFor);
  await visitor.post(pathOf(first.mail), firstForm);
  expect(await emailOf(server, id)).toBe(who.email);
  expect(locationOf(await visitor.submit("/account/email", "Confirm", { code: second.mail.code ?? "" }))).toBe(CHANGED);
});

test("ten addresses a day can be asked for, and no more are written to", async ({ server, newMember }) => {
  const who = await newMember();
  const visitor = await loggedIn(server, who);
  const form = await visitor.form("/account/email", "Send the mail");
  const answers = await Promise.all(
    Array.from({ length: 16 }, () => visitor.twin().post("/account/email", { ...form, email: person().email })),
  );
  expect(answers.filter((answer) => locationOf(answer) === "/account/email")).toHaveLength(10);
  expect(answers.filter(({ html }) => html.includes("Too many tries."))).toHaveLength(6);
});

test("of 64 presses of the link that undoes a change one puts the old address back, and all that the thief holds ends", async ({
  server,
  api,
  newMember,
  mailFor,
}) => {
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  const thief = await loggedIn(server, who);
  const { email, notice } = await moved(thief, mailFor, who.email);
  expect(notice.text).not.toContain(email);
  const owner = thief.twin();
  owner.cookies.clear();
  const form = await owner.form(pathOf(notice), "Put this address back");
  const answers = await Promise.all(Array.from({ length: 64 }, () => owner.twin().post(pathOf(notice), form)));
  const [first, ...more] = answers.filter((answer) => locationOf(answer)?.startsWith("/reset-password?"));
  expect(more).toEqual([]);
  expect(await emailOf(server, id)).toBe(who.email);
  expect(await liveOf(server, id)).toEqual([]);
  expect((await logIn(api, who)).status, "the thief knows the password").toBe(400);
  const set = await owner.submit((first && locationOf(first)) ?? "", "Set new password", { password: NEW });
  expect(locationOf(set)).toBe("/account?notice=password-changed");
  expect((await logIn(api, { ...who, password: NEW })).status).toBe(200);
  expect((await logIn(api, { email, password: NEW })).status).toBe(404);
  expect((await owner.open(pathOf(notice))).html).toContain("This link has been used");
  const told = await mailFor(email, { subject: "has its old e-mail address again" });
  expect([told.link, told.text.includes(who.email)]).toEqual([null, false]);
  const events = server.log().filter(({ account, event }) => account && /^address_change/.test(String(event)));
  const { sub } = await accountOf(server, who.email);
  const ours = events.filter(({ account }) => account === sub);
  expect(ours.map(({ event }) => event)).toEqual([
    "address_change_requested",
    "address_changed",
    "address_change_undone",
  ]);
  for (const secret of [email, who.email]) expect(JSON.stringify(ours)).not.toContain(secret);
});

test("neither a reset nor a new password of the thief's ends the way back, nor does what they asked for since", async ({
  server,
  api,
  newMember,
  mailFor,
  linkToken,
}) => {
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  const thief = await loggedIn(server, who);
  const { email, notice } = await moved(thief, mailFor, who.email);
  await thief.submit("/account/password", "Change password", { currentPassword: who.password, newPassword: NEW });
  await api.post("/password/forget", { email });
  const authToken = await linkToken(email, /reset/i);
  expect((await api.post("/password/reset", { authToken, password: `${NEW} two` })).status).toBe(200);
  await api.post("/password/forget", { email: who.email });
  const owner = thief.twin();
  owner.cookies.clear();
  await owner.submit(pathOf(notice), "Put this address back");
  expect(await emailOf(server, id)).toBe(who.email);
  expect(await liveOf(server, id)).toEqual([]);
  for (const password of [who.password, NEW, `${NEW} two`])
    expect((await logIn(apiAt(server.url), { ...who, password })).status).toBe(400);
});

test("after a second change the first can be undone too, and takes the second with it; undone one by one, each goes one back", async ({
  server,
  newMember,
  mailFor,
}) => {
  for (const oneByOne of [false, true]) {
    const who = await newMember();
    const { id } = await accountOf(server, who.email);
    const thief = await loggedIn(server, who);
    const first = await moved(thief, mailFor, who.email);
    const second = await moved(thief, mailFor, first.email);
    const owner = thief.twin();
    owner.cookies.clear();
    const back = await owner.form(pathOf(first.notice), "Put this address back");
    if (oneByOne) {
      await owner.submit(pathOf(second.notice), "Put this address back");
      expect(await emailOf(server, id)).toBe(first.email);
    }
    await owner.post(pathOf(first.notice), back);
    expect(await emailOf(server, id)).toBe(who.email);
    expect((await owner.open(pathOf(second.notice))).html).toContain(
      oneByOne ? "This link has been used" : "This link no longer works",
    );
  }
});

test("undone while the thief confirms the next address, the account ends with its old one, and nobody in it", async ({
  server,
  newMember,
  mailFor,
}) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const who = await newMember();
    const { id } = await accountOf(server, who.email);
    const thief = await loggedIn(server, who);
    const { notice } = await moved(thief, mailFor, who.email);
    const { mail } = await asked(thief, mailFor);
    const next = await thief.form(pathOf(mail), "Confirm this address");
    const owner = thief.twin();
    owner.cookies.clear();
    const back = await owner.form(pathOf(notice), "Put this address back");
    await Promise.all([
      ...Array.from({ length: 4 }, () => thief.twin().post(pathOf(mail), next)),
      owner.post(pathOf(notice), back),
    ]);
    expect(await emailOf(server, id), `round ${round}`).toBe(who.email);
    expect(await liveOf(server, id)).toEqual([]);
  }
});

test("after seven days, or while the old address has an account that somebody proved, nothing is put back", async ({
  server,
  api,
  newMember,
  newPerson,
  mailFor,
}) => {
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  const visitor = await loggedIn(server, who);
  const { email, notice } = await moved(visitor, mailFor, who.email);
  const form = await visitor.form(pathOf(notice), "Put this address back");
  const { link_expires_at: until, sent_at: since } = await row<Record<string, number>>(
    server,
    "select link_expires_at, sent_at from address_changes where account_id = ?",
    id,
  );
  expect((until ?? 0) - (since ?? 0)).toBe(7 * 24 * 3_600_000);

  await newPerson({ email: who.email });
  const proof = await mailFor(who.email, { after: notice });
  await api.post("/auth/verify", { authToken: tokenIn(proof) });
  await visitor.post(pathOf(notice), form);
  expect((await visitor.open(pathOf(notice))).html).toContain("This address has another account now");
  expect(await emailOf(server, id)).toBe(email);

  await change(server, "update accounts set email = ? where email = ?", person().email, who.email);
  await change(server, "update address_changes set link_expires_at = 1 where account_id = ?", id);
  await visitor.post(pathOf(notice), form);
  expect((await visitor.open(pathOf(notice))).html).toContain("This link has expired");
  expect(await emailOf(server, id)).toBe(email);
  expect(await liveOf(server, id)).not.toEqual([]);
});

test("a mail that was asked for before the change, and is looked at after it, is not sent to the old address", async ({
  server,
  api,
  newMember,
  mailFor,
  mailsTo,
}) => {
  const who = await newMember();
  const visitor = await loggedIn(server, who);
  const { mail } = await asked(visitor, mailFor);
  const form = await visitor.form(pathOf(mail), "Confirm this address");
  // It lies for a quarter of a second before anybody looks whom it is about.
  const [asking] = await Promise.all([
    api.post("/password/forget", { email: who.email }),
    visitor.post(pathOf(mail), form),
  ]);
  expect([200, 404]).toContain(asking.status);
  const left = () => rows(server, "select id from outbox where template = 'reset-password' and sent_at is null");
  await poll(async () => (await left()).length === 0, { what: "the request to be gone" });
  for (const reset of (await mailsTo(who.email)).filter(({ subject }) => /reset/i.test(subject)))
    expect((await api.post("/password/reset", { authToken: tokenIn(reset), password: NEW })).status).not.toBe(200);
});
