import { visitorOf } from "#e2e/fixtures/doors.ts";
import { into, mailedToken, olderStore } from "#e2e/fixtures/older-store.ts";
import { accountOf, inFile, rows } from "#e2e/fixtures/store.ts";
import { expect, mailboxOf, person, type RunningServer, test } from "#e2e/fixtures/test.ts";

const SECRET = "the secret of before and after, more than thirty-two bytes";
const HOUR = 60 * 60_000;

test("an invitation mailed before invitations had a table of their own is accepted after, and nothing else is lost", async ({
  startServer,
}) => {
  const [guest, waiting, twice, back, both] = Array.from({ length: 5 }, () => person().email);
  const member = person().email;
  const sent = Date.now() - HOUR;
  const store = olderStore("0006_session-networks", (db) => {
    const add = into(db);
    add("accounts", { id: 7, sub: "seven", email: member, status: 1, created_at: sent, updated_at: sent });
    const invite = (id: string, email: string | undefined, more: object = {}) =>
      add("challenges", {
        ...challenge(id, "invite"),
        email,
        sent_at: sent,
        link_expires_at: sent + 168 * HOUR,
        ...more,
      });
    const challenge = (id: string, purpose: string) => ({
      ...{ id, purpose, account_id: 7, nonce: "n", tries_left: 5, created_at: sent },
    });
    invite("mailed", guest, { inviter_name: "Ada" });
    invite("queued", waiting, { sent_at: null, link_expires_at: null });
    invite("older", twice, { superseded_at: sent + 1 });
    invite("newer", twice, { created_at: sent + 1 });
    invite("withdrawn", back, { superseded_at: sent + 1 });
    invite("older withdrawn", both, { superseded_at: sent + 1 });
    invite("newer withdrawn", both, { created_at: sent + 1, superseded_at: sent + 2 });
    add("challenges", challenge("asked", "link-provider"));
    add("link_offers", { challenge_id: "asked", issuer: "https://id.example.com", subject: "ada" });
    const mail = { account_id: 7, created_at: sent, sent_at: sent, next_try_at: sent };
    add("outbox", { ...mail, id: "one", template: "link-provider", to_email: member, challenge_id: "asked" });
    add("outbox", { ...mail, id: "two", template: "invite", to_email: guest, challenge_id: "mailed" });
    const now = Date.now();
    const due = { ...mail, created_at: now, next_try_at: now, sent_at: null };
    add("outbox", { ...due, id: "three", template: "invite", to_email: waiting, challenge_id: "queued" });
  });
  const server = await startServer({ DATABASE_URL: store.url, AUTH_SECRET: SECRET });
  const open = async (id: string, email: string | undefined) =>
    (await visitorOf(server).open(`/invitation?authToken=${await tokenOf(server, id, email, sent)}`)).html;

  const link = `/invitation?authToken=${await tokenOf(server, "mailed", guest, sent)}`;
  expect((await visitorOf(server).open(link)).html).toContain("Ada");
  const accepted = await visitorOf(server).submit(link, "Create account", { password: person().password });
  expect(accepted.headers.get("location")).toBe("/account?notice=joined");
  expect((await accountOf(server, guest ?? "")).status).toBe(1);
  expect((await mailboxOf(server.url)(waiting ?? "")).subject).toBe(`${member} invites you to Latchkey`);
  expect(await open("older", twice)).toContain("There is a newer invitation");
  expect(await open("newer", twice)).toContain("You are invited");
  for (const [id, email] of [
    ["withdrawn", back],
    ["older withdrawn", both],
    ["newer withdrawn", both],
  ] as const)
    expect(await open(id, email), id).toContain("This invitation was withdrawn");

  expect(await rows(server, "select id from challenges")).toEqual([{ id: "asked" }]);
  expect(await rows(server, "select challenge_id from link_offers")).toEqual([{ challenge_id: "asked" }]);
  expect(await rows(server, "select id, challenge_id, invitation_id from outbox order by created_at, id")).toEqual([
    { id: "one", challenge_id: "asked", invitation_id: null },
    { id: "two", challenge_id: null, invitation_id: "mailed" },
    { id: "three", challenge_id: null, invitation_id: "queued" },
  ]);
  await server.stop();
  store.remove();
});

test("a database that was brought up to date has the tables and references of a new one", async ({ startServer }) => {
  const store = olderStore("0006_session-networks", () => {});
  const [upgraded, fresh] = [await startServer({ DATABASE_URL: store.url }), await startServer()];
  expect(shapeOf(upgraded)).toEqual(shapeOf(fresh));
  const references = Object.values(shapeOf(upgraded)).flatMap(({ references }) => references);
  expect(references.length).toBeGreaterThan(8);
  // But for one: a sign-up must not take with it the links that still say what became of it.
  for (const reference of references)
    expect(reference).toMatchObject({
      on_delete: "from" in reference && reference.from === "sign_up_id" ? "NO ACTION" : "CASCADE",
    });
  await upgraded.stop();
  store.remove();
});

/** As a mail carried it. */
const tokenOf = ({ url }: RunningServer, id: string, email: string | undefined, sentAt: number): Promise<string> =>
  mailedToken(
    { url, secret: SECRET },
    { id, purpose: "invite", email: email ?? "", sentAt, expiresAt: sentAt + 168 * HOUR },
  );

/** Columns and references of each table. */
function shapeOf(server: RunningServer) {
  return inFile(server, (db) => {
    const names = db.prepare("select name from sqlite_schema where type = 'table' order by name").pluck().all();
    return Object.fromEntries(
      names.map((name) => [
        String(name),
        { columns: db.pragma(`table_info(${name})`), references: db.pragma(`foreign_key_list(${name})`) as object[] },
      ]),
    );
  });
}
