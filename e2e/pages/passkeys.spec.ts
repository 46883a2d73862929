import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { Page } from "playwright/test";
import { attestation } from "#e2e/fixtures/attestation.ts";
import { addApp } from "#e2e/fixtures/authenticator.ts";
import { passConfirmation } from "#e2e/fixtures/confirmations.ts";
import { type Device, type KeptPasskey, plugIn, type Signing, signedBy } from "#e2e/fixtures/device.ts";
import { visitorOf } from "#e2e/fixtures/doors.ts";
import { expectForEveryone } from "#e2e/fixtures/for-everyone.ts";
import { listen, scriptOf } from "#e2e/fixtures/page-script.ts";
import {
  expect,
  fill,
  heading,
  logInOn,
  type Member,
  person,
  press,
  type RunningServer,
  summary,
  test,
} from "#e2e/fixtures/pages.ts";
import { ADDED, addPasskey, pressUnlessIn } from "#e2e/fixtures/passkeys.ts";
import { accountOf, change, passCooldowns, rows } from "#e2e/fixtures/store.ts";
import { formsWith } from "#e2e/fixtures/visitor.ts";

/** Passkeys, with Chromium's own authenticator; and with what no honest browser would send. */

test.slow();

const ADD = "/account/security/passkeys/add";

async function logOut(page: Page): Promise<void> {
  await page.goto("/account");
  await press(page, "Log out");
  await page.waitForURL(/\/login/);
}

async function passkeysOf(server: RunningServer, { email }: Pick<Member, "email">) {
  const { id } = await accountOf(server, email);
  return rows<{ id: string; ended_at: number | null }>(
    server,
    "select id, ended_at from passkeys where account_id = ?",
    id,
  );
}

async function sessionsOf(server: RunningServer, { email }: Pick<Member, "email">) {
  const { id } = await accountOf(server, email);
  return rows<{ amr: string; ended_at: number | null }>(
    server,
    "select amr, ended_at from sessions where account_id = ? order by created_at",
    id,
  );
}

test("a passkey is added, offered where the address is filled in, and opens the account as both factors", async ({
  page,
  server,
  newMember,
  mailFor,
}) => {
  const device = await plugIn(page);
  const who = await newMember();
  await addPasskey(page, who);
  await mailFor(who.email, { subject: "A passkey was added" });
  await expect(page.getByText(/Added .*, not used yet/)).toBeVisible();
  await logOut(page);
  await page.goto("/login?next=/invite");
  await expect(heading(page, "Invite someone"), "where one was going, without anything typed").toBeVisible();
  expect((await sessionsOf(server, who)).at(-1)).toEqual({ amr: "swk mfa", ended_at: null });
  await page.goto("/account/security");
  await expect(page.getByText(/last used/)).toBeVisible();
  expect(await device.passkeys()).toHaveLength(1);
});

test("the button opens the browser's dialogue; cancelled, it says so and can be pressed again", async ({
  page,
  newMember,
}) => {
  const device = await plugIn(page);
  const who = await newMember();
  await addPasskey(page, who);
  await logOut(page);
  await device.isTouched(false);
  await page.goto("/login");
  await device.knowsItsPerson(false);
  await device.isTouched(true);
  await press(page, "Log in with a passkey");
  await expect(page.getByRole("status")).toContainText("No passkey was used");
  await device.knowsItsPerson(true);
  await pressUnlessIn(page);
  await expect(heading(page, "Your account")).toBeVisible();
});

test("signing up with a passkey: no password, the address is proved all the same, and the last way in stays", async ({
  page,
  server,
  mailFor,
  browser,
}) => {
  await plugIn(page);
  const { email } = person();
  await page.goto("/sign-up");
  await page.getByRole("link", { name: "Use a passkey instead of a password" }).click();
  await expect(heading(page, "Create your account with a passkey")).toBeVisible();
  await fill(page, { "E-mail address": "not an address" });
  await press(page, "Create a passkey");
  await expect(summary(page)).toBeVisible();
  await fill(page, { "E-mail address": email });
  await press(page, "Create a passkey");
  await expect(heading(page, "Check your mail")).toBeVisible();
  const { link, code } = await mailFor(email);

  await page.goto("/login");
  await expect(page.getByRole("status"), "offered, and not good yet").toContainText(
    "Confirm your e-mail address first",
  );

  const elsewhere = await (await browser.newContext({ baseURL: server.url })).newPage();
  await elsewhere.goto(link ?? "");
  await expect(elsewhere.getByText("and a passkey, in another browser")).toBeVisible();
  await elsewhere.context().close();

  await page.goto("/verify-email");
  await fill(page, { Code: code ?? "" });
  await press(page, "Confirm");
  await expect(heading(page, "Your account")).toBeVisible();
  expect(await accountOf(server, email)).toMatchObject({ status: 1, password_hash: null });
  await logOut(page);
  await page.goto("/login");
  await expect(heading(page, "Your account")).toBeVisible();

  await page.goto("/account/security");
  await press(page, "Remove Passkey");
  await expect(page.getByRole("status")).toHaveText("This is your only way to log in. Set a password first.");
});

test("of the last two ways in, removed at once, one is left", async ({ page, server, mailFor }) => {
  const device = await plugIn(page);
  const { email } = person();
  await page.goto("/sign-up/passkey");
  await fill(page, { "E-mail address": email });
  await press(page, "Create a passkey");
  await expect(heading(page, "Check your mail")).toBeVisible();
  await fill(page, { Code: (await mailFor(email)).code ?? "" });
  await press(page, "Confirm");
  await expect(heading(page, "Your account")).toBeVisible();
  // A device makes no second one beside one that it keeps.
  for (const { credentialId } of await device.passkeys()) await device.forget(credentialId);
  await page.goto(ADD);
  await press(page, "Create a passkey");
  await expect(page.getByRole("status")).toHaveText(ADDED);

  const visitor = visitorOf(server);
  for (const { name, value } of await page.context().cookies()) visitor.cookies.set(name, value);
  const [one, other] = formsWith("Passkey", (await visitor.open("/account/security")).html);
  if (!one || !other) throw new Error("There are no two passkeys to remove");
  const answers = await Promise.all(
    Array.from({ length: 16 }, (_, n) => visitor.twin().post("/account/security", n % 2 === 0 ? one : other)),
  );
  expect(await passkeysOf(server, { email })).toHaveLength(1);
  expect(new Set(answers.map(({ headers }) => headers.get("location")))).toEqual(
    new Set(["/account/security?notice=passkey-removed", "/account/security?problem=last_way_in"]),
  );
});

test("whoever confirms a stranger's sign-up by a program gives the stranger's passkey nothing", async ({
  page,
  server,
  api,
  mailFor,
}) => {
  await plugIn(page);
  const { email } = person();
  await page.goto("/sign-up/passkey");
  await fill(page, { "E-mail address": email });
  await press(page, "Create a passkey");
  await expect(heading(page, "Check your mail")).toBeVisible();
  const { link } = await mailFor(email);
  const authToken = new URL(link ?? "").searchParams.get("authToken");
  expect((await api.post("/auth/verify", { authToken })).status).toBe(200);
  expect(await accountOf(server, email)).toMatchObject({ status: 1 });
  await page.goto("/login");
  await expect(page.getByRole("status")).toContainText("This passkey is not known here.");
});

test("a passkey is renamed and removed, the device hears of it, and what it still keeps opens nothing", async ({
  page,
  server,
  newMember,
  mailFor,
}) => {
  const told: unknown[] = [];
  await page.exposeFunction("tell", (what: unknown) => told.push(what));
  await page.addInitScript(() => {
    const { tell } = window as unknown as { tell(what: unknown): void };
    for (const name of ["signalAllAcceptedCredentials", "signalUnknownCredential"])
      Object.assign(PublicKeyCredential, { [name]: async (what: object) => tell({ name, ...what }) });
  });
  await plugIn(page);
  const who = await newMember();
  await addPasskey(page, who);
  await page.getByRole("link", { name: "Rename Passkey" }).click();
  await fill(page, { Name: "" });
  await press(page, "Rename");
  await expect(summary(page)).toContainText("Enter a name.");
  await fill(page, { Name: "my <phone>" });
  await press(page, "Rename");
  await expect(page.getByText("my <phone>").first()).toBeVisible();

  await passConfirmation(server, who);
  await press(page, "Remove my <phone>");
  await expect(heading(page, "Confirm that it is you")).toBeVisible();
  await press(page, "Use a passkey");
  await expect(heading(page, "How you log in")).toBeVisible();
  await press(page, "Remove my <phone>");
  await expect(page.getByRole("status")).toHaveText("The passkey is removed. It no longer opens your account.");
  await mailFor(who.email, { subject: "A passkey was removed" });
  const all = { name: "signalAllAcceptedCredentials", rpId: "localhost" };
  await expect.poll(() => told).toContainEqual(expect.objectContaining({ ...all, allAcceptedCredentialIds: [] }));

  await logOut(page);
  await page.goto("/login");
  await expect(page.getByRole("status")).toContainText("This passkey is not known here.");
  expect(told.at(-1)).toMatchObject({ name: "signalUnknownCredential", rpId: "localhost" });
});

test("removed on the device, the passkey is not offered, and the password still works", async ({ page, newMember }) => {
  const device = await plugIn(page);
  const who = await newMember();
  await addPasskey(page, who);
  await logOut(page);
  const [kept] = await device.passkeys();
  await device.forget(kept?.credentialId ?? "");
  await page.goto("/login");
  await press(page, "Log in with a passkey");
  await expect(page.getByRole("status")).toContainText("there is none on this device");
  await logInOn(page, who);
  await expect(heading(page, "Your account")).toBeVisible();
});

test("two tabs at once: each has a challenge of its own", async ({ page, context, newMember }) => {
  const device = await plugIn(page);
  const who = await newMember();
  await addPasskey(page, who);
  await logOut(page);
  await device.isTouched(false);
  await page.goto("/login");
  const other = await context.newPage();
  await other.goto("/login");
  await expect(other.getByRole("button", { name: "Log in with a passkey" })).toBeVisible();
  await other.close();
  await page.bringToFront();
  await device.isTouched(true);
  await pressUnlessIn(page);
  await expect(heading(page, "Your account")).toBeVisible();
});

test("with an app for codes too, the passkey alone is enough", async ({ page, server, newMember }) => {
  await plugIn(page);
  const who = await newMember();
  await addPasskey(page, who);
  await logOut(page);
  await page.goto("/account");
  await expect(heading(page, "Your account")).toBeVisible();
  await addApp(server, who);
  await page.goto("about:blank");
  await page.context().clearCookies();
  await page.goto("/login");
  await expect(heading(page, "Your account")).toBeVisible();
});

test("a reset shuts passkeys out until their owner allows them again", async ({ page, server, newMember, mailFor }) => {
  await plugIn(page);
  const who = await newMember();
  await addPasskey(page, who);
  await logOut(page);
  await passCooldowns(server, who.email);
  await page.goto("/forgot-password");
  await fill(page, { "E-mail address": who.email });
  await press(page, "Send the mail");
  const { link } = await mailFor(who.email, { subject: /password/i });
  await page.goto(link ?? "");
  await fill(page, { "New password": "a password by mail" });
  await press(page, "Set new password");
  await expect(heading(page, "Your account")).toBeVisible();
  await logOut(page);
  await page.goto("/login");
  await expect(page.getByRole("status")).toContainText("This passkey was switched off");

  await logInOn(page, { ...who, password: "a password by mail" });
  await expect(heading(page, "Your account")).toBeVisible();
  await page.goto("/account/security");
  await expect(page.getByText(/Switched off when the password was changed/)).toBeVisible();
  await press(page, "Allow again Passkey");
  await expect(page.getByRole("status")).toHaveText("The passkey opens your account again.");
  await logOut(page);
  await page.goto("/login");
  await expect(heading(page, "Your account")).toBeVisible();
});

test("a change of password keeps the passkeys that are ticked, and shuts the others out", async ({
  page,
  server,
  newMember,
}) => {
  await plugIn(page);
  const who = await newMember();
  await addPasskey(page, who);
  for (const [isKept, before, after] of [
    [true, who.password, "another long password"],
    [false, "another long password", "and one more password"],
  ] as const) {
    await page.goto("/account/password");
    await fill(page, { "Current password": before, "New password": after });
    await page.getByRole("checkbox", { name: "Passkey" }).setChecked(isKept);
    await press(page, "Change password");
    await expect(heading(page, "Your account")).toBeVisible();
    const [passkey] = await passkeysOf(server, who);
    expect(passkey?.ended_at === null).toBe(isKept);
  }
});

test("one that was added in the last seven days is not ticked to stay: it may be why the password is changed", async ({
  page,
  server,
  newMember,
}) => {
  await plugIn(page);
  const who = await newMember();
  await addPasskey(page, who);
  await page.goto("/account/password");
  const passkey = page.getByRole("checkbox", { name: "Passkey" });
  await expect(passkey).not.toBeChecked();
  await expect(page.getByText("Those added in the last seven days are not ticked.")).toBeVisible();
  const { id } = await accountOf(server, who.email);
  const day = 24 * 60 * 60_000;
  await change(server, "update passkeys set created_at = ? where account_id = ?", Date.now() - 6 * day, id);
  await page.reload();
  await expect(passkey).not.toBeChecked();
  await change(server, "update passkeys set created_at = ? where account_id = ?", Date.now() - 8 * day, id);
  await page.reload();
  await expect(passkey).toBeChecked();
});

for (const [javaScriptEnabled, host, says] of [
  [false, "localhost", "Passkeys need JavaScript, which is switched off here."],
  [true, "127.0.0.1", "Passkeys of this site work only at http://localhost"],
] as const)
  test.describe(`at ${host}, ${javaScriptEnabled ? "with" : "without"} JavaScript`, () => {
    test.use({ javaScriptEnabled });

    test("the page says why no passkey can be used, and all else works", async ({ page, server, newMember }) => {
      const who = await newMember();
      // Playwright looks for no text in a noscript.
      const said = (page: Page) => (javaScriptEnabled ? page.getByText(says) : page.locator("noscript p"));
      const at = (path: string) => server.url.replace("localhost", host) + path;
      for (const path of ["/login", "/sign-up/passkey"]) {
        await page.goto(at(path));
        await expect(said(page)).toBeVisible();
      }
      await page.goto(at(ADD));
      await logInOn(page, who);
      await expect(said(page)).toBeVisible();
    });
  });

test("every page of passkeys is accessible, light and dark, and fits 320 px", async ({ page, newMember }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await plugIn(page);
  await page.goto("/sign-up/passkey");
  await expectForEveryone(page);
  const who = await newMember();
  await addPasskey(page, who);
  await expectForEveryone(page);
  for (const path of [ADD, "/account/password", "/account/confirm"]) {
    await page.goto(path);
    await expectForEveryone(page);
  }
});

test.describe("what no honest browser sends", () => {
  /** Takes the passkey's key out of the device, and learns from the log-in page how its script asks. */
  async function stolen(page: Page, server: RunningServer, who: Pick<Member, "email" | "password">) {
    const device: Device = await plugIn(page);
    await addPasskey(page, who);
    const actions = listen(page, "/login");
    await logOut(page);
    await page.goto("/login");
    await expect(heading(page, "Your account")).toBeVisible();
    const known = actions();
    const [passkey] = await device.passkeys();
    if (!passkey) throw new Error("There is no passkey");
    const asker = () => {
      const { challenge, finish } = scriptOf(server, "/login", known);
      return { challenge, logIn: (signed: string) => finish(signed, { next: "/account" }) };
    };
    return { passkey, asker, origin: server.url };
  }

  function anotherKey(): string {
    const { privateKey } = generateKeyPairSync("ed25519");
    return privateKey.export({ format: "der", type: "pkcs8" }).toString("base64");
  }

  test("of 24 passkeys that are added at once beside the first, as many are kept as make twenty", async ({
    page,
    server,
    newMember,
  }) => {
    await plugIn(page);
    const who = await newMember();
    const actions = listen(page, ADD);
    await addPasskey(page, who);
    const cookies = (await page.context().cookies()).map(({ name, value }) => [name, value] as const);
    const script = scriptOf(server, ADD, actions(), new Map(cookies));
    const made: string[] = [];
    while (made.length < 24)
      made.push(attestation({ challenge: await script.challenge(), origin: server.url, id: randomBytes(16) }));
    const answers = await Promise.all(made.map((one) => script.finish(one)));
    expect(await passkeysOf(server, who)).toHaveLength(20);
    const done = answers.filter(({ headers }) => headers.get("x-action-redirect")?.includes("passkey-added"));
    expect(done).toHaveLength(19);
    const refused = answers.filter(({ text }) => text.includes("You have twenty passkeys already"));
    expect(refused).toHaveLength(5);
  });

  test("of 64 answers with one assertion one opens a session, and none later or in another browser", async ({
    page,
    server,
    newMember,
  }) => {
    const who = await newMember();
    const { passkey, asker, origin } = await stolen(page, server, who);
    const mine = asker();
    const challenge = await mine.challenge();
    const assertion = signedBy(passkey, { challenge, origin, signCount: 9 });
    const other = asker();
    await other.challenge();
    expect((await other.logIn(assertion)).isIn, "of another browser").toBe(false);
    const before = (await sessionsOf(server, who)).length;
    const answers = await Promise.all(Array.from({ length: 64 }, () => mine.logIn(assertion)));
    expect(answers.filter(({ isIn }) => isIn)).toHaveLength(1);
    expect(await sessionsOf(server, who)).toHaveLength(before + 1);
    const again = await mine.logIn(assertion);
    expect(again.isIn).toBe(false);
    expect(again.text).toContain("That took too long");
  });

  test("nobody gets in without the finger, from another site, by another ceremony, or by a signature of another key", async ({
    page,
    server,
    newMember,
  }) => {
    const { passkey, asker, origin } = await stolen(page, server, await newMember());
    const mine = asker();
    const strange = { ...passkey, privateKey: anotherKey() };
    const cases: [string, KeptPasskey, Partial<Signing>][] = [
      ["without the finger", passkey, { isVerified: false }],
      ["from another site", passkey, { origin: "https://evil.example" }],
      ["for another site", { ...passkey, rpId: "evil.example" }, {}],
      ["of the making of a passkey", passkey, { type: "webauthn.create" }],
      ["of another key", strange, {}],
      ["of another person", { ...passkey, userHandle: Buffer.from("another").toString("base64") }, {}],
    ];
    for (const [what, from, signing] of cases) {
      const challenge = await mine.challenge();
      const { isIn, text } = await mine.logIn(signedBy(from, { challenge, origin, signCount: 9, ...signing }));
      expect(isIn, what).toBe(false);
      expect(text, what).toContain("could not be checked");
    }
    for (const nonsense of ["", "{}", "null", "[]", '"x"', '{"id":"a","rawId":"b"}', "{".repeat(100)])
      expect((await mine.logIn(nonsense)).text).toContain("could not be checked");
    const challenge = await mine.challenge();
    expect((await mine.logIn(signedBy(passkey, { challenge, origin, signCount: 9 }))).isIn, "and the right one").toBe(
      true,
    );
  });

  test("a count that went back is that of a copy: refused, and an event", async ({ page, server, newMember }) => {
    const { passkey, asker, origin } = await stolen(page, server, await newMember());
    const mine = asker();
    const logIn = async (signCount: number) =>
      (await mine.logIn(signedBy(passkey, { challenge: await mine.challenge(), origin, signCount }))).isIn;
    expect(await logIn(50)).toBe(true);
    expect(await logIn(50)).toBe(false);
    expect(await logIn(49)).toBe(false);
    expect(server.output()).toContain("passkey_count_fell");
    expect(await logIn(51)).toBe(true);
  });
});
