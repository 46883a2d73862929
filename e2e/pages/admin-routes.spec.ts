import { visitorOf } from "#e2e/fixtures/doors.ts";
import { expect, mainOf, type Operator, test } from "#e2e/fixtures/operator.ts";
import { accountOf, change, rows } from "#e2e/fixtures/store.ts";
import { sourceFiles } from "#e2e/fixtures/tree.ts";
import type { Visitor } from "#e2e/fixtures/visitor.ts";

/** Every page of the console, for everybody: a table that a new page has to be added to. */

type Who = "stranger" | "member" | "support" | "admin";
/** What one sees: the page; that there is none; the form to log in; or the page of the thing, which says that the role does not allow it. */
type Sees = "page" | "nothing" | "log-in" | "refusal";

const ALL: Record<Who, Sees> = { stranger: "log-in", member: "nothing", support: "page", admin: "page" };
const ADMINS: Record<Who, Sees> = { ...ALL, support: "nothing" };
const EXPORTS: Record<Who, Sees> = { ...ALL, support: "refusal" };

/** By the folder of each route, with what stands for its parts. */
const ROUTES: Record<string, { paths: string[]; sees: Record<Who, Sees> }[]> = {
  "/admin": [{ paths: ["/admin"], sees: ALL }],
  "/admin/claim": [{ paths: ["/admin/claim"], sees: { ...ALL, member: "page" } }],
  "/admin/people": [{ paths: ["/admin/people"], sees: ALL }],
  "/admin/people/export": [
    { paths: ["/admin/people/export?format=csv", "/admin/people/export?format=json"], sees: EXPORTS },
  ],
  "/admin/people/[id]": [{ paths: ["/admin/people/ID"], sees: ALL }],
  "/admin/people/[id]/[act]": [
    {
      paths: ["verification", "end-sessions", "reset", "block", "unblock"].map((act) => `/admin/people/ID/${act}`),
      sees: ALL,
    },
    { paths: ["remove-app", "role", "delete"].map((act) => `/admin/people/ID/${act}`), sees: ADMINS },
    { paths: ["/admin/people/OPERATOR/block", "/admin/people/OPERATOR/role"], sees: ADMINS },
  ],
  "/admin/mail": [{ paths: ["/admin/mail", "/admin/mail?which=failed"], sees: ALL }],
  "/admin/mail/[id]/[act]": [{ paths: ["/admin/mail/MAIL/send-again", "/admin/mail/MAIL/give-up"], sees: ALL }],
  "/admin/invitations": [{ paths: ["/admin/invitations"], sees: ALL }],
  "/admin/trail": [{ paths: ["/admin/trail"], sees: ALL }],
  "/admin/trail/export": [
    { paths: ["/admin/trail/export?format=csv", "/admin/trail/export?format=json"], sees: EXPORTS },
  ],
  "/admin/operators": [{ paths: ["/admin/operators"], sees: ALL }],
};

test("every route of the console stands in the table", () => {
  const routes = sourceFiles(/^app\/\(pages\)\/admin\/(.*\/)?(page\.tsx|route\.ts)$/).map((file) =>
    file.replace("app/(pages)", "").replace(/\/(page\.tsx|route\.ts)$/, ""),
  );
  expect(Object.keys(ROUTES).sort()).toEqual(routes.sort());
});

async function sees(visitor: Visitor, path: string, nothing: string): Promise<Sees> {
  let { status, headers, html } = await visitor.open(path);
  const to = headers.get("location") ?? "";
  if (status === 307 && to.startsWith("/login?next=")) return "log-in";
  if (status === 307 && to.startsWith("/admin/")) ({ status, headers, html } = await visitor.open(to));
  // Whoever has a role has the way to the other pages of the console above it.
  const isLikeAny =
    mainOf(html) === nothing || (html.includes('href="/admin/people"') && mainOf(html).endsWith(nothing));
  if (status === 404 && isLikeAny) return "nothing";
  if (status === 200 && /[?&]problem=not_allowed/.test(to) && mainOf(html).includes("Your role does not allow this."))
    return "refusal";
  if (status === 200 && to === "") return "page";
  throw new Error(`${path} answered ${status} ${to}: ${mainOf(html).slice(0, 300)}`);
}

test("each route shows each role what the table says, and whoever has none what any unknown path shows", async ({
  server,
  newOperator,
  newMember,
}) => {
  test.slow();
  const [support, admin, member] = [await newOperator("support"), await newOperator("admin"), await newMember()];
  const { id } = await accountOf(server, (await newMember()).email);
  const mail = `waiting-${id}`;
  await change(
    server,
    "insert into outbox (id, template, to_email, created_at, next_try_at) values (?, 'invite', 'x@example.com', ?, ?)",
    mail,
    Date.now(),
    Date.now() + 86_400_000,
  );
  const visitors: Record<Who, Visitor> = {
    stranger: visitorOf(server),
    member: visitorOf(server),
    support: support.visitor,
    admin: admin.visitor,
  };
  await visitors.member.submit("/login", "Log in", member);
  const nothing = mainOf((await visitors.member.open("/no-such-page")).html);
  for (const { paths, sees: table } of Object.values(ROUTES).flat())
    for (const path of paths) {
      const real = path.replace("ID", String(id)).replace("OPERATOR", String(admin.id)).replace("MAIL", mail);
      for (const who of Object.keys(visitors) as Who[])
        expect([path, who, await sees(visitors[who], real, nothing)]).toEqual([path, who, table[who]]);
    }
  for (const path of [
    "/admin/nothing",
    "/admin/people/0",
    "/admin/people/x",
    `/admin/people/${id}/dance`,
    "/admin/mail/x/give-up",
  ])
    expect([path, await sees(admin.visitor, path, nothing)]).toEqual([path, "nothing"]);
  expect((await visitors.member.open("/account")).html).not.toContain('href="/admin"');
});

/** What is written when somebody is made an operator, or what only an admin does is done. */
const ADMINS_DEEDS = [
  "role_granted",
  "role_revoked",
  "account_deleted",
  "factor_removed",
  "people_exported",
  "trail_exported",
];

test("support becomes no admin and does no admin's deed by any form of the console, nor does whoever has no role do anything", async ({
  server,
  newOperator,
  newMember,
}) => {
  test.slow();
  const [support, admin] = [await newOperator("support"), await newOperator("admin")];
  const [member, target] = [await newMember(), await newMember()];
  const { id } = await accountOf(server, target.email);
  const visitor = visitorOf(server);
  await visitor.submit("/login", "Log in", member);
  const nobody: Pick<Operator, "visitor" | "id"> = { visitor, id: (await accountOf(server, member.email)).id };
  const before = await rows<{ n: number }>(server, "select max(id) n from trail");
  const ADMINS_FORMS = [
    ["role", "Change the role"],
    ["delete", "Delete the account"],
  ] as const;
  for (const [act, button] of ADMINS_FORMS)
    for (const by of [support, nobody])
      for (const whom of [id, by.id, admin.id]) {
        // As the admin's own page gives it, and posted to a page that is there for the other.
        const form = await admin.visitor.form(`/admin/people/${whom}/${act}`, button);
        for (const page of [`/admin/people/${whom}/${act}`, `/admin/people/${id}/block`, "/account"])
          for (const role of ["admin", "support"]) await by.visitor.post(page, { ...form, role, why: "because" });
      }
  const block = await admin.visitor.form(`/admin/people/${id}/block`, "Block the account");
  const { status, html } = await nobody.visitor.post(`/admin/people/${id}/block`, { ...block, until: "1", why: "no" });
  expect([status, mainOf(html)]).toEqual([404, mainOf((await nobody.visitor.open("/no-such-page")).html)]);
  expect((await accountOf(server, target.email)).status).toBe(1);
  const done = await rows<{ kind: string }>(
    server,
    `select kind from trail where id > ? and kind in (${ADMINS_DEEDS.map((kind) => `'${kind}'`).join()})`,
    before[0]?.n ?? 0,
  );
  expect(done).toEqual([]);
  const roles = await rows<{ id: number; role: string }>(server, "select account_id id, role from operators");
  expect(roles.find((one) => Number(one.id) === Number(support.id))?.role).toBe("support");
  expect(roles.map((one) => Number(one.id))).not.toContain(Number(nobody.id));
});
