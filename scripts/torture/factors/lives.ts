import { setTimeout as pause } from "node:timers/promises";
import { api } from "#e2e/fixtures/api.ts";
import { makeInSoftware } from "#e2e/fixtures/attestation.ts";
import { codeOf, codesIn, forgetStep, keyShown } from "#e2e/fixtures/authenticator.ts";
import { type KeptPasskey, signedBy } from "#e2e/fixtures/device.ts";
import { mailFor } from "#e2e/fixtures/mailbox.ts";
import { clientAddress, type Person, person } from "#e2e/fixtures/person.ts";
import type { RunningServer } from "#e2e/fixtures/server.ts";
import { askedIn, callAction, leadsTo } from "#e2e/fixtures/server-actions.ts";
import { accountOf, change } from "#e2e/fixtures/store.ts";
import { type Fields, formsWith, formWith, type VisitedPage, Visitor } from "#e2e/fixtures/visitor.ts";
import type { World } from "../life.ts";
import { member } from "../visits.ts";
import { type Change, factsOf } from "./facts.ts";
import type { Answered, Ledger, Life } from "./ledger.ts";

/** Lives that go through all that people do to their accounts since there are second factors. */

/** Each act that a life has. */
export const KINDS = [
  "app for codes added",
  "recovery codes made anew",
  "recovery code used",
  "browser trusted",
  "browser asked again",
  "app for codes removed",
  "app password made",
  "app password used",
  "app password removed",
  "passkey added",
  "passkey used",
  "passkey removed",
  "username chosen",
  "username changed",
  "address asked for",
  "address changed",
  "address put back",
  "data taken along",
  "deletion asked for",
  "deletion called off",
  "everybody locked out",
  "password set by mail",
] as const;
type Kind = (typeof KINDS)[number];

/** As many people at a time as lanes, until stopped. */
export function leadLives(lanes: number, world: World, ledger: Ledger): { stop(): Promise<void> } {
  let isOn = true;
  const led = Array.from({ length: lanes }, async (_, n) => {
    for (let turn = n; isOn; turn += 1) {
      const lead = LIVES[turn % LIVES.length] ?? withFactors;
      await begun(world, ledger)
        .then(lead)
        .catch(() => pause(50));
    }
  });
  return {
    stop: async () => {
      isOn = false;
      await Promise.all(led);
    },
  };
}

/** Somebody whose account is proved, and their browser, logged in. */
type Living = { world: World; ledger: Ledger; life: Life; who: Person; browser: Visitor };

async function begun(world: World, ledger: Ledger): Promise<Living> {
  const who = await member(world);
  const browser = newBrowser(world);
  await patiently(async () => {
    const { headers } = await browser.submit("/login", "Log in", { email: who.email, password: who.password });
    if (headers.get("location") !== "/account") throw new Error("Not in");
  });
  const { id } = await accountOf(world as RunningServer, who.email);
  const life: Life = { account: id, states: [await factsOf(world, id)], last: "the beginning", read: {} };
  ledger.lives.push(life);
  return { world, ledger, life, who, browser };
}

const newBrowser = ({ url }: World): Visitor => new Visitor(url, { "x-forwarded-for": clientAddress() });

/** What changes nothing may be asked again, until the server is back. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 30_000;
  while (true) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(100);
    }
  }
}

type Press = {
  kind: Kind;
  steps: [Change, ...Change[]];
  at: string;
  /** Its form, by what its button says or by a field it has. */
  form: { button: string } | { field: string };
  fields?: Fields;
  /** Where it leads when it is done. */
  to: string;
  browser?: Visitor;
};

/** Presses a button of a page: the act. To have its form before changes nothing. */
async function press(living: Living, { kind, steps, at, form, fields = {}, to, browser = living.browser }: Press) {
  const found = await patiently(async () => {
    const { html } = await browser.open(at);
    if ("button" in form) return formWith(form.button, html);
    const one = formsWith("", html).find((each) => form.field in each);
    if (!one) throw new Error(`No form with ${form.field}`);
    return one;
  });
  let answer: VisitedPage | undefined;
  await living.ledger.act(living.life, kind, steps, async () => {
    answer = await browser.post(at, { ...found, ...fields });
    return answered(answer, answer.headers.get("location"), to);
  });
  return answer as VisitedPage;
}

const answered = ({ status }: VisitedPage, led: string | null, to: string): Answered => ({
  status,
  says: led,
  isDone: led?.startsWith(to) === true,
});

/** Reads a mail, whose row may then be gone. */
async function read({ world, life }: Living, to: string, subject: string | RegExp, name: string): Promise<string> {
  const { link } = await patiently(() => mailFor(world.url)(to, { subject, within: 20_000 }));
  life.read[name] = 1;
  const { pathname, search } = new URL(link ?? "");
  return pathname + search;
}

const SESSION = { "live sessions": 1, "event log_in": 1 };
const notice = (about: string) => ({ [`mail factor-changed ${about}`]: 1 });

async function withFactors(living: Living): Promise<void> {
  const key = await patiently(() => keyShown(living.browser));
  await press(living, {
    kind: "app for codes added",
    steps: [
      {
        more: { "event factor_added authenticator": 1, ...notice("authenticator-added") },
        now: {
          "second factor": 1,
          "apps for codes": 1,
          "recovery codes": 10,
          "recovery codes of the last making": 10,
          "live sessions": 1,
        },
      },
    ],
    at: "/account/security/app",
    form: { button: "Add the app" },
    fields: { otp: codeOf(key, Date.now()) },
    to: "/account/security/codes",
  });
  await press(living, {
    kind: "recovery codes made anew",
    steps: [{ more: { "event recovery_codes_made": 1, ...notice("recovery-codes-made") } }],
    at: "/account/security",
    form: { button: "Make new recovery codes" },
    to: "/account/security/codes",
  });
  const [code] = await patiently(async () => {
    const codes = codesIn((await living.browser.open("/account/security/codes")).html);
    if (codes.length !== 10) throw new Error("No codes");
    return codes;
  });
  await press(living, {
    kind: "recovery code used",
    steps: [
      {
        more: {
          ...SESSION,
          "recovery codes used": 1,
          "event recovery_code_used": 1,
          ...notice("recovery-code-used"),
        },
      },
    ],
    ...(await atTheCode(living)),
    // The box that a browser would leave out where it is not ticked.
    fields: { otp: code ?? "", trust: "no" },
  });
  const trusted = await atTheCode(living);
  await forgetStep(living.world as RunningServer, living.who.email);
  await press(living, {
    kind: "browser trusted",
    // The log-in is one act, and to trust its browser another, after it.
    steps: [{ more: SESSION }, { more: { "trusted browsers": 1, "event browser_trusted": 1 } }],
    ...trusted,
    fields: { otp: codeOf(key, Date.now()), trust: "yes" },
  });
  await press(living, {
    kind: "browser asked again",
    steps: [{ more: { "trusted browsers": -1, "event browser_distrusted": 1 } }],
    at: "/account/security",
    form: { field: "browser" },
    to: "/account/security?notice=browser-forgotten",
  });
  await press(living, {
    kind: "app for codes removed",
    steps: [
      {
        more: { "event factor_removed authenticator": 1, ...notice("authenticator-removed") },
        now: {
          "second factor": 0,
          "apps for codes": 0,
          "recovery codes": 0,
          "recovery codes used": 0,
          "recovery codes of the last making": 0,
          "trusted browsers": 0,
        },
      },
    ],
    at: "/account/security/app/remove",
    form: { button: "Remove the app" },
    to: "/account/security?notice=app-removed",
  });
}

/** A further browser, which has given the password and is asked for the code. */
async function atTheCode({ world, who: { email, password } }: Living) {
  const browser = newBrowser(world);
  await patiently(async () => {
    const { headers } = await browser.submit("/login", "Log in", { email, password });
    if (headers.get("location") !== "/login/code") throw new Error("Not asked");
  });
  return { browser, at: "/login/code", form: { button: "Log in" }, to: "/account" };
}

async function withPasskeys(living: Living): Promise<void> {
  await withAppPassword(living, { isUsed: true });
  await press(living, {
    kind: "app password removed",
    steps: [
      {
        more: {
          "app passwords": -1,
          "app passwords used": -1,
          "live sessions": -1,
          "event app_password_removed": 1,
          ...notice("app-password-removed"),
        },
      },
    ],
    at: "/account/security",
    form: { field: "id" },
    to: "/account/security?notice=app-password-removed",
  });
  const passkey = await withPasskey(living);
  await showPasskey(living, passkey);
  await press(living, {
    kind: "passkey removed",
    steps: [
      { more: { passkeys: -1, "passkeys used": -1, "event factor_removed passkey": 1, ...notice("passkey-removed") } },
    ],
    at: "/account/security",
    form: { field: "passkey" },
    to: "/account/security?notice=passkey-removed",
  });
}

async function withAppPassword(living: Living, { isUsed }: { isUsed: boolean }): Promise<void> {
  const { world, ledger, life, who, browser } = living;
  await press(living, {
    kind: "app password made",
    steps: [{ more: { "app passwords": 1, "event app_password_made": 1, ...notice("app-password-made") } }],
    at: "/account/security/app-passwords/new",
    form: { button: "Make the app password" },
    fields: { name: "scanner", door: "auth" },
    to: "/account/security/app-passwords",
  });
  if (!isUsed) return;
  const password = await patiently(async () => {
    const { html } = await browser.open("/account/security/app-passwords");
    const shown = /<code class="key">([0-9a-z-]{23})<\/code>/.exec(html)?.[1];
    if (!shown) throw new Error("No app password");
    return shown;
  });
  const call = api(world.url, { "x-forwarded-for": clientAddress() });
  await ledger.act(life, "app password used", [{ more: { ...SESSION, "app passwords used": 1 } }], async () => {
    const { status, text } = await call.post("/auth/login", { email: who.email, password });
    return { status, says: status === 200 ? null : text, isDone: status === 200 };
  });
}

/** Added by the real ceremony, with a device in software. */
async function withPasskey({ world, ledger, life, browser }: Living): Promise<KeptPasskey> {
  const path = "/account/security/passkeys/add";
  const asked = await patiently(async () => askedIn((await callAction(browser, path, "beginAddingAction")).html));
  const { sent, kept } = makeInSoftware({ ...asked, origin: world.url });
  const step = { more: { passkeys: 1, "event factor_added passkey": 1, ...notice("passkey-added") } };
  await ledger.act(life, "passkey added", [step], async () => {
    const answer = await callAction(browser, path, "addPasskeyAction", { passkey: sent });
    return answered(answer, leadsTo(answer), "/account/security?notice=passkey-added");
  });
  return kept;
}

async function showPasskey({ world, ledger, life }: Living, passkey: KeptPasskey): Promise<void> {
  const browser = newBrowser(world);
  const asked = await patiently(async () => askedIn((await callAction(browser, "/login", "beginLogInAction")).html));
  const signed = signedBy(passkey, { ...asked, origin: world.url, signCount: 1 });
  await ledger.act(life, "passkey used", [{ more: { ...SESSION, "passkeys used": 1 } }], async () => {
    const answer = await callAction(browser, "/login", "passkeyLogInAction", { next: "/account", passkey: signed });
    return answered(answer, leadsTo(answer), "/login/passkey");
  });
}

async function withOtherNames(living: Living): Promise<void> {
  const { who, browser } = living;
  const names = [person().username, person().username];
  for (const [kind, more] of [
    ["username chosen", {}],
    ["username changed", { "usernames kept": 1 }],
  ] as const) {
    const chosenUsername = names.pop() ?? "";
    await press(living, {
      kind,
      steps: [{ more: { "event username_changed": 1, ...more }, now: { username: chosenUsername } }],
      at: "/account/profile",
      form: { button: "Save" },
      fields: { chosenUsername },
      to: "/account?notice=profile-saved",
    });
  }
  const { email } = person();
  await press(living, {
    kind: "address asked for",
    steps: [{ more: { "addresses asked for": 1, "event address_change_requested": 1, "mail change-email": 1 } }],
    at: "/account/email",
    form: { button: "Send the mail" },
    fields: { email },
    to: "/account/email",
  });
  await press(living, {
    kind: "address changed",
    steps: [{ more: { "addresses left": 1, "event address_changed": 1, "mail address-changed": 1 }, now: { email } }],
    at: await read(living, email, "Confirm your new e-mail address", "mail change-email"),
    form: { button: "Confirm this address" },
    to: "/account?notice=email-changed",
    browser,
  });
  await press(living, {
    kind: "address put back",
    steps: [
      {
        more: {
          "addresses put back": 1,
          "links to reset": 1,
          "event address_change_undone": 1,
          "mail address-change-undone": 1,
        },
        now: { email: who.email, password: 0, "live sessions": 0 },
      },
    ],
    at: await read(living, who.email, "was changed", "mail address-changed"),
    form: { button: "Put this address back" },
    to: "/reset-password",
    browser: newBrowser(living.world),
  });
}

/** So many events that to remove them takes many transactions. */
const MANY_EVENTS = `insert into events (account_id, at, kind) with recursive n(i) as
  (select 1 union all select i + 1 from n where i < 3000) select accounts.id, accounts.created_at, 'log_in' from n, accounts
  where accounts.id = ?`;

async function untilTheEnd(living: Living): Promise<void> {
  const { world, ledger, life, who, browser } = living;
  await withAppPassword(living, { isUsed: false });
  await withPasskey(living);
  await ledger.act(life, "data taken along", [{ more: { "event data_exported": 1 } }], async () => {
    const { status, html } = await browser.open("/account/data/download");
    return { status, isDone: status === 200 && JSON.parse(html).account.email === who.email };
  });
  await askToGo(living, browser);
  const back = newBrowser(world);
  await press(living, {
    kind: "deletion called off",
    steps: [
      {
        more: { ...SESSION, "event deletion_cancelled": 1, "mail deletion cancelled": 1 },
        now: { "deletion asked": 0 },
      },
    ],
    at: "/login",
    form: { button: "Log in" },
    fields: { email: who.email, password: who.password },
    to: "/account/data/kept",
    browser: back,
  });
  await press(living, {
    kind: "everybody locked out",
    steps: [
      {
        more: {
          "passkeys shut out": 1,
          "links to reset": 1,
          "event log_in_disowned": 1,
          "mail reset-password": 1,
          ...notice("locked-out"),
        },
        now: { password: 0, "live sessions": 0, "app passwords": 0, passkeys: 0 },
      },
    ],
    at: "/account/activity/not-me",
    form: { button: "Log everyone out" },
    to: "/reset-password?notice=locked-out",
    browser: back,
  });
  const again = newBrowser(world);
  await press(living, {
    kind: "password set by mail",
    steps: [{ more: { "event reset_done": 1, "mail password-changed": 1 }, now: { password: 1 } }, { more: SESSION }],
    at: await read(living, who.email, /reset|set a new password/i, "mail reset-password"),
    form: { button: "Set new password" },
    fields: { password: `${who.password}-2` },
    to: "/account",
    browser: again,
  });
  await askToGo(living, again);
  // As if the seven days were over: the next tidy-up finds it, and the server does one as it starts.
  await change(world as RunningServer, MANY_EVENTS, life.account);
  life.due = who.email;
  await change(world as RunningServer, "update accounts set deletes_at = ? where id = ?", Date.now() - 1, life.account);
}

const askToGo = (living: Living, browser: Visitor) =>
  press(living, {
    kind: "deletion asked for",
    steps: [
      {
        more: { "event deletion_requested": 1, "mail deletion requested": 1 },
        now: { "deletion asked": 1, "live sessions": 0 },
      },
    ],
    at: "/account/data/delete/sure",
    form: { button: "Delete my account" },
    to: "/?notice=deletion-requested",
    browser,
  });

const LIVES = [withFactors, withPasskeys, withOtherNames, untilTheEnd];
