import { visitorOf } from "#e2e/fixtures/doors.ts";
import { expect, flatApi, from, person, poll, test } from "#e2e/fixtures/flat.ts";
import { agedPendingMail } from "#e2e/fixtures/pending-mail.ts";
import { change, passCooldowns, rows } from "#e2e/fixtures/store.ts";
import { PENDING_MAIL } from "#e2e/fixtures/visitor.ts";

/** What is counted, and which name is free, must not tell whose a name or an address is. */

test.use({ serverSettings: { HIDE_ACCOUNTS: "true" } });

test("with accounts hidden, a taken username is refused with a taken address as with a free one", async ({
  flatMember,
  server,
}) => {
  const [mine, theirs] = [await flatMember(), await flatMember()];
  for (const email of [theirs.email, person().email])
    expect((await flatApi(from(server)).signUp({ ...person(), email, username: mine.username })).status).toBe(409);
});

test("with accounts hidden, a username given at a sign-up is taken afterwards, whoever has the address", async ({
  flatMember,
  server,
}) => {
  const theirs = await flatMember();
  for (const email of [theirs.email, person().email]) {
    const { username } = person();
    expect((await flatApi(from(server)).signUp({ ...person(), email, username })).status).toBe(200);
    expect((await flatApi(from(server)).signUp({ ...person(), username: username.toUpperCase() })).status).toBe(409);
  }
});

test("a sign-up refused for something else keeps no name from anybody", async ({ server }) => {
  const { username } = person();
  expect((await flatApi(from(server)).signUp({ ...person(), username, password: "password1" })).status).toBe(400);
  expect((await flatApi(from(server)).signUp({ ...person(), username })).status).toBe(200);
});

test("asking by a username and then by an address costs the caller the same whether they are one person or two", async ({
  flatMember,
  server,
}) => {
  const [one, other] = [await flatMember(), await flatMember()];
  const costOf = async (email: string) => {
    await passCooldowns(server, one.email);
    const caller = flatApi(from(server));
    for (const name of [one.username, email, email]) await caller.forgot(name);
    const answers = [];
    for (let n = 0; n < 30; n++) answers.push((await caller.forgot(person().email)).status);
    return answers.filter((status) => status === 200).length;
  };
  expect(await costOf(one.email)).toBe(await costOf(other.email));
});

test("mails asked for by a username do not show by the address, and both together are five an hour", async ({
  flatMember,
  server,
}) => {
  const who = await flatMember();
  const ask = async (name: string) => {
    const { status } = await flatApi(from(server)).forgot(name);
    await poll(
      async () =>
        (await rows(server, "select id from outbox where challenge_id is null and template = 'reset-password'"))
          .length === 0,
      {
        what: "the outbox to look at the request",
      },
    );
    await passCooldowns(server, who.email);
    return status;
  };
  const told = [];
  for (const name of [who.username, who.username, who.username, who.email, who.email, who.email])
    told.push(await ask(name));
  // The fifth by the address, its sign-up among them, is the first to be refused.
  expect(told).toEqual([200, 200, 200, 200, 200, 200]);
  expect(await rows(server, "select id from outbox where to_email = ?", who.email)).toHaveLength(5);
});

test("on the page, sending again for a typed address counts alike whether anybody has it", async ({
  flatMember,
  server,
}) => {
  const countFor = async (email: string) => {
    const visitors = [visitorOf(server), visitorOf(server)];
    const forget = () => change(server, "delete from limits where key like 'cooldown:%'");
    for (const visitor of visitors) {
      await visitor.submit("/verify-email", "Send the mail", { email });
      await forget();
    }
    for (const { cookies } of visitors)
      cookies.set(PENDING_MAIL, await agedPendingMail(server, cookies.get(PENDING_MAIL) ?? "", 61_000));
    for (const visitor of visitors) await visitor.submit("/verify-email", "Send another mail");
    return (await rows<{ count: number }>(server, "select count from limits where key = ?", `mail-hour:${email}`))[0]
      ?.count;
  };
  const known = (await flatMember()).email;
  await change(server, "delete from limits where key like ? or key like 'cooldown:%'", `mail-%:${known}`);
  expect(await countFor(known)).toBe(await countFor(person().email));
});

test("with accounts hidden, signing up and logging in with one password is answered alike at every door", async ({
  flatMember,
  server,
}) => {
  const answersFor = async (email: string) => {
    const who = { ...person(), email };
    const api = from(server);
    const profile = { first_name: "A", last_name: "B", phone_number: "", email, password: who.password };
    const told = [];
    told.push(await api.post("/auth/signup", { email, password: who.password }));
    told.push(await api.post("/auth/login", { email, password: who.password }));
    told.push(await api.post("/api/users/signUp", profile));
    told.push(await api.post("/api/users/login", { email, password: who.password }));
    told.push(await flatApi(api).logIn({ username: email, password: who.password }));
    for (let n = 0; n < 8; n++) told.push(await api.post("/auth/login", { email, password: `guess number ${n}` }));
    told.push(await api.post("/auth/login", { email, password: who.password }));
    for (let n = 0; n < 5; n++) told.push(await api.post("/password/forget", { email }));
    return told.map(({ status, body }) => [status, body.message?.replace(email, "x")]);
  };
  const taken = (await flatMember()).email;
  await change(server, "delete from limits where key like ? or key like ?", `%:${taken}`, "cooldown:%");
  expect(await answersFor(taken)).toEqual(await answersFor(person().email));
});

test("on the pages, signing up and logging in with one password shows the same whether the address was free", async ({
  flatMember,
  server,
}) => {
  const shownFor = async (email: string) => {
    const who = { email, password: person().password };
    const here = visitorOf(server);
    await here.submit("/sign-up", "Create account", who);
    const elsewhere = await visitorOf(server).submit("/login", "Log in", who);
    const again = await here.submit("/login", "Log in", who);
    return [elsewhere, again].map(({ status, headers, html }) => [
      status,
      headers.get("location"),
      html.includes("confirm your address first"),
    ]);
  };
  const taken = (await flatMember()).email;
  const shown = await shownFor(taken);
  expect(shown).toEqual(await shownFor(person().email));
  expect(shown).toEqual([
    [200, null, true],
    [303, "/verify-email", false],
  ]);
});

test("invitations in somebody's name do not tell which names are one person's, and are twenty a day all the same", async ({
  flatMember,
  server,
}) => {
  const who = await flatMember();
  const statuses = [];
  for (let n = 0; n < 24; n++) {
    const answer = await from(server).post("/api/send-mail/reference-email", {
      username: n % 2 ? who.email : who.username,
      destination_email: person().email,
    });
    statuses.push(answer.status);
  }
  expect(statuses).toEqual(Array(24).fill(200));
  await poll(
    async () =>
      (await rows(server, "select id from outbox where template = 'invite' and invitation_id is null")).length === 0,
    { what: "the outbox to look at each" },
  );
  expect(
    await rows(
      server,
      "select invitations.id from invitations join accounts on accounts.id = account_id where accounts.email = ?",
      who.email,
    ),
  ).toHaveLength(20);
});
