import type { Page } from "playwright/test";
import { inEnvelope, type RefusalBody, sentenceOnly } from "#e2e/fixtures/answers.ts";
import { type App, addApp } from "#e2e/fixtures/authenticator.ts";
import { servedDescription } from "#e2e/fixtures/described.ts";
import { plugIn } from "#e2e/fixtures/device.ts";
import { DOORS, type DoorName, visitorOf } from "#e2e/fixtures/doors.ts";
import { type Api, expect, from, heading, type MailFor, press, type RunningServer, test } from "#e2e/fixtures/pages.ts";
import { addPasskey, signUpWithPasskey } from "#e2e/fixtures/passkeys.ts";
import { accountOf, rows } from "#e2e/fixtures/store.ts";
import { ACCESS, type Visitor } from "#e2e/fixtures/visitor.ts";

/**
 * The square: four doors, each with all that somebody may come with. Each cell is one log-in by somebody nobody knows.
 *
 * - `in`: let in.
 * - `asked`: the password was right, and a code is asked for.
 * - `used`: the code is refused, which only who knows the password is told.
 * - `wrong`: as any wrong password, to the letter.
 * - `-`: cannot be given there.
 */
const TABLE = `
                                             password  password,  password,  password,      passkey
                                             alone     app        passkey    app, passkey   alone
the pages
  the password                               in        asked      in         asked          wrong
  a wrong password and a right code          wrong     wrong      wrong      wrong          wrong
  the password and a code                    in        in         in         in             wrong
  the password and the same code again       in        used       in         used           wrong
  the password and a recovery code           in        in         in         in             wrong
  the same recovery code again               in        used       in         used           wrong
  an app password for here                   -         -          -          -              -
  an app password for elsewhere              wrong     wrong      wrong      wrong          wrong
  a passkey                                  -         -          in         in             in
each contract
  the password                               in        asked      in         asked          wrong
  a wrong password and a right code          wrong     wrong      wrong      wrong          wrong
  the password and a code                    in        in         in         in             wrong
  the password and the same code again       in        used       in         used           wrong
  the password and a recovery code           in        in         in         in             wrong
  the same recovery code again               in        used       in         used           wrong
  an app password for here                   in        in         in         in             in
  an app password for elsewhere              wrong     wrong      wrong      wrong          wrong
  a passkey                                  -         -          -          -              -
`;

const OUTCOMES = ["in", "asked", "used", "wrong", "-"] as const;
type Outcome = (typeof OUTCOMES)[number];
type Refused = Exclude<Outcome, "in" | "-">;

const ACCOUNTS = [
  "a password alone",
  "a password and an app for codes",
  "a password and a passkey",
  "a password, an app for codes and a passkey",
  "a passkey alone",
] as const;
type AccountKind = (typeof ACCOUNTS)[number];

/** The lines of the table for a door: what is given, and what that comes to for the account. */
function linesFor(door: DoorName, kind: AccountKind): { given: string; outcome: Outcome }[] {
  const blocks = TABLE.split(/\n(?=\S)/);
  const block = blocks.find((one) => one.startsWith(door === "the pages" ? door : "each contract")) ?? "";
  const lines = block.split("\n").filter((line) => line.startsWith("  ") && line.trim() !== "");
  return lines.map((line) => {
    const [given = "", ...cells] = line.trim().split(/ {2,}/);
    const outcome = OUTCOMES.find((one) => one === cells[ACCOUNTS.indexOf(kind)]);
    if (!outcome || cells.length !== ACCOUNTS.length) throw new Error(`The table does not say: ${line}`);
    return { given, outcome };
  });
}

/** The contracts, as their documents have them: what a log-in takes, and how each refuses. */
type Contract = {
  /** What it is called among doors, and where a person makes an app password for it. */
  kind: "auth" | "users" | "flat";
  path: string;
  name: "email" | "username";
  refusals: Record<Refused, { status: number; sentence: (email: string) => string }>;
  body: RefusalBody;
};

const code = (status: number) => ({
  asked: { status, sentence: () => "A second factor is needed" },
  used: { status, sentence: () => "The code of the second factor is wrong or was used already" },
});

const CONTRACTS: Record<Exclude<DoorName, "the pages">, Contract> = {
  "the auth contract": {
    kind: "auth",
    path: "/auth/login",
    name: "email",
    refusals: { ...code(403), wrong: { status: 400, sentence: (email) => `Incorrect credentials for ${email}` } },
    body: sentenceOnly,
  },
  "the users contract": {
    kind: "users",
    path: "/api/users/login",
    name: "email",
    refusals: { ...code(400), wrong: { status: 400, sentence: () => "Incorrect email or password" } },
    body: sentenceOnly,
  },
  "the flat contract": {
    kind: "flat",
    path: "/api/user_login",
    name: "username",
    refusals: { ...code(401), wrong: { status: 401, sentence: () => "Incorrect username or password" } },
    body: inEnvelope,
  },
};
const KINDS = Object.values(CONTRACTS).map(({ kind }) => kind);

/** What somebody comes with. */
type Given = { password: string; code?: string | undefined };

/** Somebody who has what the column says. */
type Someone = {
  email: string;
  /** Of one who has none, what a stranger takes for it. */
  password: string;
  app: App | undefined;
  /** A code of the app, which stays the same when the app shows the next. Of one who has none, what they might type. */
  code: string;
  /** Their browser, logged in. */
  browser: Visitor;
};

type Means = { server: RunningServer; mailFor: MailFor; page: Page };

async function someoneWith(kind: AccountKind, { server, mailFor, page }: Means, newMember: () => Promise<Member>) {
  if (kind === "a passkey alone") {
    const { email } = await signUpWithPasskey(page, mailFor);
    return { email, password: "a password that is none", app: undefined, browser: await withCookiesOf(page, server) };
  }
  const { email, password } = await newMember();
  if (kind.includes("passkey")) await addPasskey(page, { email, password });
  if (kind.includes("app")) {
    const app = await addApp(server, { email, password });
    return { email, password, app, browser: app.visitor };
  }
  const browser = visitorOf(server);
  await browser.submit("/login", "Log in", { email, password });
  return { email, password, app: undefined, browser };
}

type Member = { email: string; password: string };

async function withCookiesOf(page: Page, server: RunningServer): Promise<Visitor> {
  const visitor = visitorOf(server);
  for (const { name, value } of await page.context().cookies()) visitor.cookies.set(name, value);
  return visitor;
}

async function makeAppPassword(browser: Visitor, door: string): Promise<string> {
  const { headers, html } = await browser.submit("/account/security/app-passwords/new", "Make the app password", {
    name: door,
    door,
  });
  if (headers.get("location") !== "/account/security/app-passwords") return refusalIn(html);
  const shown = await browser.open("/account/security/app-passwords");
  return /<code class="key">([0-9a-z-]{23})<\/code>/.exec(shown.html)?.[1] ?? "";
}

const refusalIn = (html: string): string => {
  throw new Error(/Choose how the program logs in/.exec(html)?.[0] ?? html);
};

/** Comes to a contract, and is answered as the cell says: status, body and header, whole. */
async function comeToContract(
  contract: Contract,
  api: Api,
  { email }: Someone,
  { password, code }: Given,
  outcome: Exclude<Outcome, "-">,
): Promise<void> {
  const { status, headers, body } = await api.post(
    contract.path,
    { [contract.name]: email, password },
    code === undefined ? {} : { "x-latchkey-otp": code },
  );
  const otp = headers.get("x-latchkey-otp");
  if (outcome === "in") return expect([status, otp]).toEqual([200, null]);
  const refusal = contract.refusals[outcome];
  expect({ status, body, otp }).toEqual({
    status: refusal.status,
    body: contract.body(refusal.sentence(email)),
    otp: outcome === "wrong" ? null : "required",
  });
}

const PAGE_SAYS = { used: "This code is wrong or was used already.", wrong: "Wrong e-mail address or password." };

/** Fills the pages in, as far as they lead: the code only where it is asked for. */
async function comeToPages(
  server: RunningServer,
  { email }: Someone,
  { password, code }: Given,
  outcome: Exclude<Outcome, "-">,
): Promise<void> {
  const visitor = visitorOf(server);
  let answer = await visitor.submit("/login", "Log in", { email, password });
  if (answer.headers.get("location") === "/login/code" && code !== undefined)
    answer = await visitor.submit("/login/code", "Log in", { otp: code });
  const { status, headers, html } = answer;
  const isIn = outcome === "in";
  expect(visitor.cookies.has(ACCESS)).toBe(isIn);
  if (isIn || outcome === "asked")
    return expect([status, headers.get("location")]).toEqual([303, isIn ? "/account" : "/login/code"]);
  expect([status, headers.get("location")]).toEqual([200, null]);
  expect(html).toContain(PAGE_SAYS[outcome]);
  // Who does not know the password is not let near the code.
  if (outcome === "wrong") expect((await visitor.open("/login/code")).headers.get("location")).toBe("/login");
}

/** Shows what the device keeps, in a browser that nobody is logged in in. */
async function comeWithPasskey(page: Page, isKept: boolean): Promise<void> {
  await page.goto("about:blank");
  await page.context().clearCookies();
  await page.goto("/login");
  // Offered where the address is filled in, and taken there.
  if (isKept) return expect(heading(page, "Your account")).toBeVisible();
  await press(page, "Log in with a passkey");
  await expect(page.getByRole("status")).toContainText("there is none on this device");
}

/** What the line says is given. */
async function givenBy(line: string, kind: Contract["kind"] | "pages", someone: Someone): Promise<Given[]> {
  const { password, app, code, browser } = someone;
  const made = (others: Contract["kind"][]) => Promise.all(others.map((one) => makeAppPassword(browser, one)));
  const recoveryCode = app ? app.recoveryCodes[0] : "aaaaa-bbbbb";
  switch (line) {
    case "the password":
      return [{ password }];
    case "a wrong password and a right code":
      return [{ password: "not the password", code }];
    case "the password and a code":
    case "the password and the same code again":
      return [{ password, code }];
    case "the password and a recovery code":
    case "the same recovery code again":
      return [{ password, code: recoveryCode }];
    case "an app password for here":
      return (await made(KINDS.filter((one) => one === kind))).map((one) => ({ password: one }));
    case "an app password for elsewhere":
      return (await made(KINDS.filter((one) => one !== kind))).map((one) => ({ password: one }));
    default:
      throw new Error(`The table names what nobody can give: ${line}`);
  }
}

/** Each of the account's sessions, by the door that opened it. */
async function openedBy(server: RunningServer, { email }: Someone): Promise<string[]> {
  const { id } = await accountOf(server, email);
  const query = "select kind from sessions where account_id = ? and ended_at is null order by created_at";
  return (await rows<{ kind: string }>(server, query, id)).map(({ kind }) => kind);
}

test.slow();

for (const door of DOORS)
  for (const kind of ACCOUNTS)
    test(`at ${door}, an account with ${kind}: each log-in is answered as the table says, and a session is there exactly where it was let in`, async ({
      page,
      server,
      newMember,
      mailFor,
    }) => {
      await plugIn(page);
      const contract = door === "the pages" ? undefined : CONTRACTS[door];
      const owner = await someoneWith(kind, { server, mailFor, page }, newMember);
      const someone: Someone = { ...owner, code: (await owner.app?.code()) ?? "123456" };
      for (const { given: line, outcome } of linesFor(door, kind))
        await test.step(`${line}: ${outcome}`, async () => {
          if (outcome === "-") return cannotGive(line, { contract, someone, server, page });
          if (line === "a passkey") return comesIn(() => comeWithPasskey(page, true));
          for (const given of await givenBy(line, contract?.kind ?? "pages", someone)) {
            const come = () =>
              contract
                ? comeToContract(contract, from(server), someone, given, outcome)
                : comeToPages(server, someone, given, outcome);
            await (outcome === "in" ? comesIn(come) : staysOut(come));
          }
        });

      async function comesIn(come: () => Promise<void>): Promise<void> {
        const before = await openedBy(server, someone);
        await come();
        expect(await openedBy(server, someone)).toEqual([...before, contract?.kind ?? "pages"]);
      }

      async function staysOut(come: () => Promise<void>): Promise<void> {
        const before = await openedBy(server, someone);
        await come();
        expect(await openedBy(server, someone)).toEqual(before);
      }
    });

/** Why nobody can: the door has no place for it. */
async function cannotGive(
  line: string,
  {
    contract,
    someone,
    server,
    page,
  }: Pick<Means, "server" | "page"> & { contract?: Contract | undefined; someone: Someone },
): Promise<void> {
  if (line === "an app password for here")
    return expect(makeAppPassword(someone.browser, "pages")).rejects.toThrow("Choose how the program logs in");
  expect(line).toBe("a passkey");
  if (!contract) return comeWithPasskey(page, false);
  const { paths } = await servedDescription(server.url);
  const described = Object.entries(paths).find(
    ([path]) => contract.path.endsWith(path) || path.endsWith(contract.path),
  );
  const content = described?.[1].post?.requestBody?.content ?? {};
  const taken = Object.values(content).map(({ example }) => Object.keys(example as object).sort());
  expect(taken.length).toBeGreaterThan(0);
  for (const fields of taken) expect(fields).toEqual([contract.name, "password"].sort());
}
