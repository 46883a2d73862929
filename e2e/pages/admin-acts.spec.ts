import { addApp } from "#e2e/fixtures/authenticator.ts";
import { passConfirmation } from "#e2e/fixtures/confirmations.ts";
import { DOORS, doorsOf, type OpenSession } from "#e2e/fixtures/doors.ts";
import { tidyUpNow } from "#e2e/fixtures/housekeeping.ts";
import {
  type Api,
  expect,
  giveRole,
  logIn,
  type Member,
  mainOf,
  operatorAt,
  type RunningServer,
  test,
} from "#e2e/fixtures/operator.ts";
import { accountOf, change, row, rows } from "#e2e/fixtures/store.ts";
import type { Entry } from "#e2e/fixtures/trail.ts";

/** What operators do to an account by its page: with the role for it and without. */

type Means = { server: RunningServer; api: Api; who: Member };

type Act = {
  button: string;
  /** Beside why. */
  chosen?: Record<string, string>;
  /** Makes the account one to which it can be done. */
  ready?: (means: Means) => Promise<unknown>;
  /** Who may, beside an admin. */
  support: boolean;
  kind: string;
  /** What its person is told by mail. */
  mail?: string;
  /** What it did. */
  expectDone: (means: Means) => Promise<unknown>;
};

const statusOf = async ({ server, who }: Means) => (await accountOf(server, who.email)).status;
const roleOf = async ({ server, who }: Means): Promise<string | undefined> =>
  (
    await rows<{ role: string }>(
      server,
      "select role from operators join accounts on accounts.id = account_id where email = ?",
      who.email,
    )
  )[0]?.role;

const ACTS: Record<string, Act> = {
  verification: {
    button: "Send the mail",
    ready: ({ server, who }) => change(server, "update accounts set status = 0 where email = ?", who.email),
    support: true,
    kind: "mail_sent_again",
    expectDone: async () => {},
  },
  "end-sessions": {
    button: "Log them out",
    support: true,
    kind: "session_ended",
    mail: "You were logged out",
    expectDone: async ({ api, who }) =>
      expect((await api.post("/auth/refresh", { refreshToken: who.refreshToken })).status).not.toBe(200),
  },
  reset: {
    button: "Force a new password",
    support: true,
    kind: "reset_forced",
    mail: "needs a new password",
    expectDone: async ({ api, who }) => {
      expect((await logIn(api, who)).status).not.toBe(200);
      expect((await api.post("/auth/refresh", { refreshToken: who.refreshToken })).status).not.toBe(200);
    },
  },
  block: {
    button: "Block the account",
    chosen: { until: "7" },
    support: true,
    kind: "account_blocked",
    mail: "is blocked",
    expectDone: async (means) => {
      expect(await statusOf(means)).toBe(2);
      expect((await logIn(means.api, means.who)).status).not.toBe(200);
      const { ends_at } = await row<{ ends_at: number }>(
        means.server,
        "select ends_at from blocks join accounts on accounts.id = account_id where email = ?",
        means.who.email,
      );
      expect(Math.abs(Number(ends_at) - Date.now() - 7 * 86_400_000)).toBeLessThan(60_000);
    },
  },
  unblock: {
    button: "Unblock the account",
    ready: ({ server, who }) => change(server, "update accounts set status = 2 where email = ?", who.email),
    support: true,
    kind: "account_unblocked",
    mail: "no longer blocked",
    expectDone: async ({ api, who }) => expect((await logIn(api, who)).status).toBe(200),
  },
  "remove-app": {
    button: "Remove the app",
    ready: ({ server, who }) => addApp(server, who),
    support: false,
    kind: "factor_removed",
    mail: "The app for codes was removed",
    expectDone: async ({ api, who }) => expect((await logIn(api, who)).status).toBe(200),
  },
  role: {
    button: "Change the role",
    chosen: { role: "support" },
    support: false,
    kind: "role_granted",
    mail: "You help to run",
    expectDone: async (means) => expect(await roleOf(means)).toBe("support"),
  },
  delete: {
    button: "Delete the account",
    support: false,
    kind: "account_deleted",
    mail: "deleted",
    expectDone: async ({ api, server, who }) => {
      expect((await logIn(api, who)).status).not.toBe(200);
      expect(await rows(server, "select id from accounts where email = ?", who.email)).toEqual([]);
    },
  },
};

const WHY = "They asked for it by phone, 12 May";

const entryOf = (server: RunningServer, id: number, kind: string): Promise<Entry[]> =>
  rows<Entry>(server, "select * from trail where account_id = ? and kind = ? and actor is not null", id, kind);

for (const [act, { button, chosen, ready, support, kind, mail, expectDone }] of Object.entries(ACTS))
  for (const role of ["admin", "support"] as const)
    test(`${role}: ${act} is ${support || role === "admin" ? "done, told and written down with why" : "not there, and not done"}`, async ({
      server,
      api,
      newOperator,
      newMember,
      mailFor,
    }) => {
      const operator = await newOperator(role);
      const who = await newMember();
      const means = { server, api, who };
      await ready?.(means);
      const { id } = await accountOf(server, who.email);
      const path = `/admin/people/${id}/${act}`;
      const page = await operator.visitor.open(`/admin/people/${id}`);
      const isOffered = page.html.includes(`href="${path}"`);
      if (!support && role === "support") {
        expect(isOffered).toBe(false);
        expect((await operator.visitor.open(path)).status).toBe(404);
        // The form of something that is allowed, with the name of what is not.
        const other = await operator.visitor.form(`/admin/people/${id}/block`, "Block the account");
        const { html } = await operator.visitor.post(`/admin/people/${id}/block`, {
          ...other,
          ...chosen,
          act,
          why: WHY,
        });
        expect(mainOf(html)).toContain("Your role does not allow this.");
        expect(await entryOf(server, id, kind)).toEqual([]);
        return;
      }
      expect(isOffered).toBe(true);
      const { status, headers } = await operator.visitor.submit(path, button, { ...chosen, why: `  ${WHY}\n` });
      expect([status, headers.get("location")]).toEqual([303, expect.stringMatching(/^\/admin\/people.*\?notice=/)]);
      await expectDone(means);
      expect(await entryOf(server, id, kind)).toMatchObject([{ actor: operator.sub, door: "pages" }]);
      expect(JSON.parse((await entryOf(server, id, kind))[0]?.details ?? "{}")).toMatchObject({ why: WHY });
      if (mail) await mailFor(who.email, { subject: mail });
      const landed = await operator.visitor.open(headers.get("location") ?? "");
      expect(landed.html).toContain('class="notice good"');
    });

test("why must be said, and what was chosen and typed stays where it is not taken", async ({
  server,
  newOperator,
  newMember,
}) => {
  const { visitor } = await newOperator("support");
  const { id } = await accountOf(server, (await newMember()).email);
  const path = `/admin/people/${id}/block`;
  for (const [why, said] of [
    ["", "Say why."],
    ["   ", "Say why."],
    ["w".repeat(301), "This is too long: it can have at most 300 characters."],
    ["turned \u202eround", "This contains a character that is not allowed."],
  ] as const) {
    const { html } = await visitor.submit(path, "Block the account", { why, until: "30" });
    expect(mainOf(html)).toContain(said);
    expect(html).toContain(`<textarea`);
    expect(html).toMatch(/<input[^>]*checked=""[^>]*value="30"|<input[^>]*value="30"[^>]*checked=""/);
    if (why.trim()) expect(html).toContain(why);
  }
  expect((await accountOfId(server, id)).status).toBe(1);
});

const accountOfId = (server: RunningServer, id: number) =>
  row<{ email: string; status: number }>(server, "select email, status from accounts where id = ?", id);

test("a form from before an update shows what was typed, by the name of its field", async ({
  server,
  newOperator,
  newMember,
}) => {
  const { visitor } = await newOperator("support");
  const { id } = await accountOf(server, (await newMember()).email);
  const path = `/admin/people/${id}/block`;
  const form = Object.entries(await visitor.form(path, "Block the account")).map(([name, value]) => [
    name,
    // Another action, of the same shape.
    value.replace(/("id":"[0-9a-f]{2})[0-9a-f]{4}/, "$10000"),
  ]);
  const { status, html } = await visitor.post(path, { ...Object.fromEntries(form), until: "1", why: WHY });
  expect(status).toBe(409);
  expect(html).toContain(`<dt>Why?</dt><dd class="address">${WHY}</dd>`);
  expect(html).not.toContain("undefined");
});

test("an operator whose confirmation is old shows first that it is them, and what was typed waits for them", async ({
  server,
  newOperator,
  newMember,
}) => {
  const operator = await newOperator("admin");
  const { id } = await accountOf(server, (await newMember()).email);
  const path = `/admin/people/${id}/block`;
  const form = await operator.visitor.form(path, "Block the account");
  await passConfirmation(server, operator);
  const { status, headers } = await operator.visitor.post(path, { ...form, until: "1", why: WHY });
  expect([status, headers.get("location")]).toEqual([303, `/account/confirm?next=${encodeURIComponent(path)}`]);
  expect((await accountOfId(server, id)).status, "nothing was done").toBe(1);
  for (const page of ["/admin", "/admin/people", `/admin/people/${id}`, "/admin/trail", "/admin/mail"])
    expect((await operator.visitor.open(page)).headers.get("location"), page).toBe(
      `/account/confirm?next=${encodeURIComponent(page)}`,
    );
  const confirmed = await operator.visitor.submit(headers.get("location") ?? "", "Continue", {
    otp: await operator.app.code(),
  });
  expect(confirmed.headers.get("location")).toBe(path);
  expect((await operator.visitor.open(path)).html).toContain(`>${WHY}</textarea>`);
});

test("an operator who has no app for codes is sent to add one, and does nothing before", async ({
  server,
  newOperator,
  newMember,
}) => {
  const operator = await newOperator("admin");
  const { id } = await accountOf(server, (await newMember()).email);
  const path = `/admin/people/${id}/block`;
  const form = await operator.visitor.form(path, "Block the account");
  await change(server, "update accounts set second_factor = 0 where id = ?", operator.id);
  await change(server, "delete from authenticators where account_id = ?", operator.id);
  expect((await operator.visitor.open("/admin")).headers.get("location")).toBe(
    "/account/security?notice=operators-need-app",
  );
  await operator.visitor.post(path, { ...form, until: "1", why: WHY });
  expect((await accountOfId(server, id)).status).toBe(1);
});

test("nothing is done to an account that is no longer as the operator saw it, and the page says so", async ({
  server,
  newOperator,
  newMember,
}) => {
  const { visitor } = await newOperator("admin");
  const who = await newMember();
  const { id } = await accountOf(server, who.email);
  const form = await visitor.form(`/admin/people/${id}/end-sessions`, "Log them out");
  await giveRole(server, id, "admin");
  const { html } = await visitor.post(`/admin/people/${id}/end-sessions`, { ...form, why: WHY });
  expect(mainOf(html)).toContain("This account was changed in the meantime, so nothing was done.");
  expect(await entryOf(server, id, "session_ended")).toEqual([]);
});

test("support does nothing to somebody who has a role", async ({ server, newOperator, newMember }) => {
  const support = await newOperator("support");
  for (const role of ["support", "admin"] as const) {
    const other = await newOperator(role);
    const { html } = await support.visitor.open(`/admin/people/${other.id}`);
    expect(mainOf(html)).toContain("only an admin acts on somebody who has a role");
    for (const act of Object.keys(ACTS))
      expect((await support.visitor.open(`/admin/people/${other.id}/${act}`)).status, act).toBe(404);
    const { id } = await accountOf(server, (await newMember()).email);
    const form = await support.visitor.form(`/admin/people/${id}/block`, "Block the account");
    const seen = `1 1 ${role} ${other.email}`;
    for (const [act, { kind, chosen }] of Object.entries(ACTS)) {
      const sent = { ...form, ...chosen, account: String(other.id), seen, act, why: WHY };
      const { html } = await support.visitor.post(`/admin/people/${id}/block`, sent);
      expect([act, /Your role does not allow this|changed in the meantime/.test(mainOf(html))]).toEqual([act, true]);
      expect(await entryOf(server, other.id, kind), act).toEqual([]);
    }
  }
});

test("a block ends every session and token of every door at once, and so does a deletion", async ({
  api,
  server,
  newOperator,
  newMember,
  mailFor,
}) => {
  const { visitor } = await newOperator("admin");
  for (const [act, button] of [
    ["block", "Block the account"],
    ["delete", "Delete the account"],
  ] as const) {
    const who = await newMember();
    const { id } = await accountOf(server, who.email);
    const doors = doorsOf({ api, server, mailFor });
    const open: OpenSession[] = [];
    for (const name of DOORS) {
      const session = await doors[name].logIn(who);
      if (session) open.push(session);
    }
    expect(open).toHaveLength(4);
    await visitor.submit(`/admin/people/${id}/${act}`, button, { why: WHY, until: "unblocked" });
    for (const one of open) expect([await one.isLive(), await one.refresh()]).toEqual([false, false]);
    for (const name of DOORS) expect(await doors[name].logIn(who).catch(() => false), name).toBeFalsy();
    if (act === "block") continue;
    await tidyUpNow(server);
    expect(await rows(server, "select id from accounts where id = ?", id)).toEqual([]);
    expect((await visitor.open(`/admin/people/${id}`)).status).toBe(404);
    expect(
      (await rows(server, "select address from trail where account_id = ? and address is not null", id)).length,
    ).toBe(0);
    expect(mainOf((await visitor.open(`/admin/trail?account=%23${id}`)).html)).toContain("Account deleted");
  }
});

test("two admins take each other’s role at once, twenty times: one is always left", async ({ startServer }) => {
  test.slow();
  const server = await startServer();
  const both = [await operatorAt(server, "admin"), await operatorAt(server, "admin")];
  for (let n = 0; n < 20; n++) {
    const ready = await Promise.all(
      both.map(async ({ visitor }, n) => {
        const path = `/admin/people/${both[1 - n]?.id}/role`;
        return { visitor, path, form: await visitor.form(path, "Change the role") };
      }),
    );
    await Promise.all(ready.map(({ visitor, path, form }) => visitor.post(path, { ...form, role: "none", why: WHY })));
    const left = await rows<{ id: number }>(server, "select account_id id from operators where role = 'admin'");
    expect(left).toHaveLength(1);
    const gone = both.find(({ id }) => Number(id) !== Number(left[0]?.id));
    if (gone) await giveRole(server, gone.id, "admin");
  }
});

test("the last admin stays one, whatever they do to themselves, and is told why", async ({ startServer }) => {
  const server = await startServer();
  const { id, visitor } = await operatorAt(server, "admin");
  await operatorAt(server, "support");
  for (const [act, button, chosen] of [
    ["role", "Change the role", { role: "none" }],
    ["role", "Change the role", { role: "support" }],
    ["block", "Block the account", { until: "1" }],
    ["delete", "Delete the account", {}],
  ] as const) {
    const { html } = await visitor.submit(`/admin/people/${id}/${act}`, button, { ...chosen, why: WHY });
    expect(mainOf(html), act).toContain("This is the last admin. Make someone else an admin first.");
  }
  expect(await row(server, "select role from operators where account_id = ?", id)).toEqual({ role: "admin" });
});
