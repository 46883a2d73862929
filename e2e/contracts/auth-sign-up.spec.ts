import { expectAnswer, expectInvalid, expectRefusal } from "#e2e/fixtures/answers.ts";
import { expect, logIn, person, SITE, test } from "#e2e/fixtures/member.ts";
import { accountOf, rows } from "#e2e/fixtures/store.ts";

test("signing up answers with the documented sentence and mails a link and a code", async ({
  api,
  mailFor,
  server,
}) => {
  const { email, password } = person();
  const answer = await api.post("/auth/signup/", { email, password });
  expectAnswer(answer, 200, { message: `Account created! Mail sent for ${email}` });
  const mail = await mailFor(email);
  expect(mail.link).toMatch(new RegExp(`^${server.origin}/verify-email\\?authToken=eyJ`));
  expect(mail.code).toMatch(/^\d{6}$/);
  expect((await accountOf(server, email)).status).toBe(0);
});

test("the mailed link leads to the redirectURL, its query and fragment kept", async ({ api, mailFor }) => {
  const { email, password } = person();
  await api.post("/auth/signup", { email, password, redirectURL: `${SITE}/welcome?from=mail&x=1#top` });
  const link = new URL((await mailFor(email)).link ?? "");
  expect(link.origin + link.pathname).toBe(`${SITE}/welcome`);
  expect([link.searchParams.get("from"), link.searchParams.get("x"), link.hash]).toEqual(["mail", "1", "#top"]);
  expect(link.searchParams.get("authToken")).toMatch(/^eyJ/);
});

for (const proved of [false, true])
  test(`an address that is taken is refused, ${proved ? "proved" : "not proved yet"}, and nobody is mailed`, async ({
    api,
    newPerson,
    newMember,
    mailFor,
    mailsTo,
  }) => {
    const { email } = proved ? await newMember() : await newPerson();
    await mailFor(email);
    const answer = await api.post("/auth/signup", { email, password: "a different phrase" });
    expectRefusal(answer, 400, `Accopunt for mail ${email} already exist`);
    expect(await mailsTo(email)).toHaveLength(1);
  });

test("refused sign-ups do not use up the mails an address may get", async ({ api, newPerson, server }) => {
  const { email } = await newPerson();
  for (let n = 0; n < 6; n++) await api.post("/auth/signup", { email, password: "a different phrase" });
  expect(await rows(server, "select count from limits where key = ?", `mail-hour:${email}`)).toEqual([{ count: 1 }]);
});

test("the first password stays when somebody signs up again", async ({ api, newMember }) => {
  const who = await newMember();
  await api.post("/auth/signup", { email: who.email, password: "a different phrase" });
  expect((await logIn(api, who)).status).toBe(200);
  expect((await logIn(api, { ...who, password: "a different phrase" })).status).toBe(400);
});

for (const password of ["password", "12345678", "Password123", "QWERTYUIOP", "aaaaaaaaaa", "abababababab"])
  test(`the password ${password} is refused as too common, and no account is made`, async ({ api, server }) => {
    const { email } = person();
    expectRefusal(
      await api.post("/auth/signup", { email, password }),
      400,
      "This password is too common. Choose one that is harder to guess",
    );
    expect(await rows(server, "select id from accounts where email = ?", email)).toEqual([]);
  });

test("one's own address is too common a password", async ({ api }) => {
  const { email } = person();
  for (const password of [email, email.toUpperCase(), email.split("@")[0]])
    expect((await api.post("/auth/signup", { email, password })).status).toBe(400);
});

test("a password has 8 to 256 characters, counted as a person counts them", async ({ api }) => {
  const short = { field: "password", message: "must be at least 8 characters" };
  const long = { field: "password", message: "must be at most 256 characters" };
  // Seven people of several code units each; seven letters of two code points each, before NFC.
  for (const password of ["seven77", "👩‍🚀".slice(0, 2).repeat(7), "e\u0301".repeat(7)])
    expectInvalid(await api.post("/auth/signup", { email: person().email, password }), [short]);
  expectInvalid(await api.post("/auth/signup", { email: person().email, password: "xyz".repeat(85).concat("ab") }), [
    long,
  ]);
  for (const password of ["eight 8!", "🦊🐙🌵🎈🧭🪁🥨🧩", "xyz".repeat(85).concat("a"), "né ".repeat(85).concat("z")])
    expect((await api.post("/auth/signup", { email: person().email, password })).status).toBe(200);
});

test("a password in another Unicode form is the same password", async ({ api, newMember }) => {
  const who = await newMember({ password: "cafe\u0301 au lait" });
  expect((await logIn(api, { ...who, password: "café au lait" })).status).toBe(200);
});

for (const [what, spell] of [
  ["upper case", (email: string) => email.toUpperCase()],
  ["spaces at its ends", (email: string) => `  ${email}\n`],
  ["full-width letters", (email: string) => email.replace("someone", "ｓｏｍｅｏｎｅ")],
  ["a full-width at sign", (email: string) => email.replace("@", "＠")],
  ["an ideographic space", (email: string) => `\u3000${email}`],
] as const)
  test(`${what} in an address make no second account`, async ({ api, newPerson }) => {
    const { email } = await newPerson();
    const answer = await api.post("/auth/signup", { email: spell(email), password: "a different phrase" });
    expectRefusal(answer, 400, `Accopunt for mail ${spell(email).trim()} already exist`);
  });

for (const email of [
  "nobody",
  "nobody@",
  "@example.com",
  "no body@example.com",
  "nobody@example",
  "nobody@example..com",
  "nobody@-example.com",
  "nobody@example.com, other@example.com",
  "nobody@example.com\r\nBcc: other@example.com",
  "no\u0007body@example.com",
  "nobody@@example.com",
  "<nobody@example.com>",
  "",
  "   ",
  `${"n".repeat(65)}@example.com`,
  `nobody@${"example.".repeat(40)}com`,
])
  test(`${JSON.stringify(email).slice(0, 60)} is no address`, async ({ api }) => {
    const answer = await api.post("/auth/signup", { email, password: "a good phrase" });
    const tooLong = email.length > 320;
    expectInvalid(answer, [
      { field: "email", message: tooLong ? "must be at most 320 characters" : "must be an e-mail address" },
    ]);
  });

test("of parallel sign-ups with one address exactly one wins, and one mail goes out", async ({
  api,
  mailFor,
  mailsTo,
  server,
}) => {
  const { email } = person();
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, n) => api.post("/auth/signup", { email, password: `phrase number ${n}` })),
  );
  const won = answers.flatMap(({ status }, n) => (status === 200 ? [n] : []));
  expect(won).toHaveLength(1);
  for (const answer of answers.filter(({ status }) => status !== 200))
    expectRefusal(answer, 400, `Accopunt for mail ${email} already exist`);
  await mailFor(email);
  expect(await mailsTo(email)).toHaveLength(1);
  expect(await rows(server, "select id from accounts where email = ?", email)).toHaveLength(1);
  // The winner's password is the account's: it gets as far as the missing proof.
  expect((await logIn(api, { email, password: `phrase number ${won[0]}` })).status).toBe(403);
});
