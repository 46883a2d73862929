import { randomInt } from "node:crypto";
import { type Browser, chromium } from "playwright";
import { api } from "#e2e/fixtures/api.ts";
import { addApp } from "#e2e/fixtures/authenticator.ts";
import { plugIn } from "#e2e/fixtures/device.ts";
import { mailFor } from "#e2e/fixtures/mailbox.ts";
import { clientAddress, type Person, person } from "#e2e/fixtures/person.ts";
import type { RunningServer } from "#e2e/fixtures/server.ts";
import { accountOf } from "#e2e/fixtures/store.ts";
import { ACCESS, formsWith, Visitor } from "#e2e/fixtures/visitor.ts";
import { findBrowser } from "../browser.ts";
import { type Effect, type Life, MAIL_WAIT_MS, type World } from "./life.ts";

/**
 * Lives of people who look after their accounts. What they were told is done must be in the audit trail afterwards, since that outlives the
 * account, and the mail that belongs to it in the outbox or in the mailbox.
 */

/** Somebody with a proved address, and how what they did is remembered. */
async function someone(world: World, done: (effect: Effect) => void) {
  const from = { "x-forwarded-for": clientAddress() };
  const call = api(world.url, from);
  const who = person();
  const mail = mailFor(world.url);
  if ((await call.post("/auth/signup", who)).status !== 200) throw new Error("Refused");
  const { code } = await mail(who.email, { subject: /confirm/i, within: MAIL_WAIT_MS });
  if ((await call.post("/api/auth_confirm", { username: who.email, confirm_code: code })).status !== 200)
    throw new Error("Refused");
  const { sub } = await accountOf(world, who.email);
  const counts = new Map<string, number>();
  const did = (kind: string, event: string, template?: string) => {
    const before = counts.get(event) ?? 0;
    counts.set(event, before + 1);
    const query = `select 1 from trail where sub = ? and kind = ? limit 1 offset ${before}`;
    done({ kind, query, values: [sub, event], ...(template && { mail: { to: who.email, template } }) });
  };
  return { who, mail, did, visitor: await loggedIn(world, who) };
}

async function loggedIn(world: World, { email, password }: Pick<Person, "email" | "password">): Promise<Visitor> {
  const visitor = new Visitor(world.url, { "x-forwarded-for": clientAddress() });
  await visitor.submit("/login", "Log in", { email, password });
  if (!visitor.cookies.has(ACCESS)) throw new Error("Refused");
  return visitor;
}

/** The answer of a form that did what it should: it leads on. */
async function went(answer: Promise<{ status: number; headers: Headers }>, to: RegExp): Promise<void> {
  const { status, headers } = await answer;
  if (status !== 303 || !to.test(headers.get("location") ?? "")) throw new Error(`Refused: ${headers.get("location")}`);
}

/** An app for codes, recovery codes, app passwords, a username; then everything is disowned, or the account deleted. */
export const lifeWithCodes: Life = async (world, done) => {
  const { who, did, visitor: first } = await someone(world, done);
  const { firstName, lastName, phoneNumber } = { firstName: "Ada", lastName: "", phoneNumber: "" };
  const chosenUsername = `ada-${randomInt(1e12).toString(36)}`;
  await went(
    first.submit("/account/profile", "Save", { firstName, lastName, phoneNumber, chosenUsername }),
    /profile-saved/,
  );
  did("username", "username_changed");
  const app = await addApp(world as RunningServer, who);
  did("app added", "factor_added", "factor-changed");
  const { visitor } = app;
  await went(visitor.submit("/account/security", "Make new recovery codes"), /codes/);
  did("new codes", "recovery_codes_made", "factor-changed");
  const made = visitor.submit("/account/security/app-passwords/new", "Make the app password", {
    name: "x",
    door: "auth",
  });
  await went(made, /app-passwords/);
  did("app password", "app_password_made", "factor-changed");
  const remove = formsWith("", (await visitor.open("/account/security")).html).find((fields) => "id" in fields);
  await went(visitor.post("/account/security", remove ?? {}), /app-password-removed/);
  did("app password removed", "app_password_removed", "factor-changed");
  if ((await visitor.open("/account/data/download")).status !== 200) throw new Error("Refused");
  did("data taken", "data_exported");
  if (Math.random() < 0.5) {
    await went(visitor.submit("/account/activity/not-me", "Log everyone out"), /locked-out/);
    did("disowned", "log_in_disowned", "factor-changed");
    return;
  }
  await went(visitor.submit("/account/security/app/remove", "Remove the app"), /app-removed/);
  did("app removed", "factor_removed", "factor-changed");
  await went(visitor.submit("/account/data/delete/sure", "Delete my account"), /deletion-requested/);
  did("deletion asked", "deletion_requested", "deletion");
  if (Math.random() < 0.5) return;
  await loggedIn(world, who);
  did("deletion called off", "deletion_cancelled", "deletion");
};

/** Another address, and the old one back. */
export const lifeWithAddresses: Life = async (world, done) => {
  const { who, mail, did, visitor } = await someone(world, done);
  const email = person().email;
  await went(visitor.submit("/account/email", "Send the mail", { email }), /account\/email/);
  did("address asked", "address_change_requested");
  const asked = await mail(email, { subject: "Confirm your new e-mail address", within: MAIL_WAIT_MS });
  await went(visitor.submit(pathOf(asked.link), "Confirm this address"), /email-changed/);
  did("address changed", "address_changed", "address-changed");
  const told = await mail(who.email, { subject: "was changed", within: MAIL_WAIT_MS });
  await went(new Visitor(world.url).submit(pathOf(told.link), "Put this address back"), /./);
  did("address put back", "address_change_undone");
};

const pathOf = (link: string | null): string => {
  const { pathname, search } = new URL(link ?? "");
  return pathname + search;
};

/** A passkey, with Chromium's own authenticator. */
export const lifeWithPasskeys: Life = async (world, done) => {
  const { who, did } = await someone(world, done);
  const page = await (await browser()).newPage({
    baseURL: world.url,
    extraHTTPHeaders: { "x-forwarded-for": clientAddress() },
  });
  try {
    page.setDefaultTimeout(5_000);
    await plugIn(page);
    await page.goto("/account/security/passkeys/add");
    await page.getByLabel("E-mail address").fill(who.email);
    await page.getByLabel("Password", { exact: true }).fill(who.password);
    await page.getByRole("button", { name: "Log in", exact: true }).click();
    await page.getByRole("button", { name: "Create a passkey" }).click();
    await page.getByText("The passkey is added.").waitFor();
    did("passkey added", "factor_added", "factor-changed");
    await page.getByRole("button", { name: "Remove Passkey" }).click();
    await page.getByText("The passkey is removed.").waitFor();
    did("passkey removed", "factor_removed", "factor-changed");
  } finally {
    await page.close();
  }
};

let launched: Promise<Browser> | undefined;
function browser(): Promise<Browser> {
  launched ??= findBrowser().then((executablePath) => chromium.launch({ executablePath, args: ["--no-sandbox"] }));
  return launched;
}

/** Of all three. */
export const FACTOR_KINDS = 15;
