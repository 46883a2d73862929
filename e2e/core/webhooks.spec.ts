import { addApp } from "#e2e/fixtures/authenticator.ts";
import { loggedIn, moved, pathOf } from "#e2e/fixtures/change-address.ts";
import { askToDelete, passSevenDays } from "#e2e/fixtures/deletion.ts";
import { visitorOf } from "#e2e/fixtures/doors.ts";
import { flatApi } from "#e2e/fixtures/flat.ts";
import {
  addWebhook,
  expect,
  logIn,
  memberOf,
  person,
  poll,
  type Receiver,
  type RunningServer,
  runWebhooks,
  startReceiver,
  test,
  tokenIn,
  toldOf,
  verified,
} from "#e2e/fixtures/hooks.ts";
import { tidyUpNow } from "#e2e/fixtures/housekeeping.ts";
import { accountOf, change, isPostgres, passCooldowns, rows, runScript } from "#e2e/fixtures/store.ts";
import { codeIn } from "#e2e/fixtures/users.ts";

/** What other systems are told of accounts: with each act, once, and nothing without one. */

const NEW = "nine quiet herons by dusk";

/** Waits until it was told so many things of this account, and returns them in order of the alphabet. */
async function told(receiver: Receiver, sub: string, count: number): Promise<string[]> {
  await poll(() => toldOf(receiver, sub).length >= count, { what: `${count} messages about ${sub}` });
  return toldOf(receiver, sub).toSorted();
}

test("from the first day of an account to its last each change is told once, and nothing of log-ins", async ({
  api,
  server,
  mailFor,
  newMember,
  newHook,
}) => {
  test.slow();
  const { receiver } = await newHook();
  const who = await newMember();
  const { sub } = await accountOf(server, who.email);
  const expected = ["account.created", "account.verified"];
  const next = async (...types: string[]) => {
    expected.push(...types);
    expect(await told(receiver, sub, expected.length)).toEqual(expected.toSorted());
  };
  await next();

  const visitor = await loggedIn(server, who);
  await visitor.submit("/account/password", "Change password", { currentPassword: who.password, newPassword: NEW });
  await next("account.password_changed");

  const { visitor: withApp } = await addApp(server, { ...who, password: NEW });
  await next("account.factor_added");
  await withApp.submit("/account/security/app/remove", "Remove the app");
  await next("account.factor_removed");

  const { email } = await moved(withApp, mailFor, who.email);
  await next("account.email_changed");

  await passCooldowns(server, email);
  await flatApi(api).forgot(email);
  await flatApi(api).setPassword(email, who.password, codeIn(await mailFor(email, { subject: /password/i })));
  await next("account.password_changed");

  await askToDelete(server, { email, password: who.password });
  await next("account.deletion_requested");
  await logIn(api, { email, password: who.password });
  await next("account.deletion_cancelled");
  await askToDelete(server, { email, password: who.password });
  await next("account.deletion_requested");
  await passSevenDays(server, email);
  await tidyUpNow(server);
  await next("account.deleted");
  expect(await rows(server, "select 1 from accounts where sub = ?", sub)).toEqual([]);
});

test("an invitation that is accepted tells of a new account too", async ({
  api,
  server,
  mailFor,
  newMember,
  newHook,
}) => {
  const inviter = await newMember();
  const { receiver } = await newHook();
  const guest = person();
  await flatApi(api).invite(inviter.email, guest.email);
  const mail = await mailFor(guest.email);
  await visitorOf(server).submit(`/invitation?authToken=${tokenIn(mail)}`, "Create account", {
    password: guest.password,
  });
  const { sub } = await accountOf(server, guest.email);
  expect(await told(receiver, sub, 3)).toEqual(["account.created", "account.verified", "invitation.accepted"]);
});

test("an account that nobody proves is told of when it is made, and when it goes", async ({
  server,
  newPerson,
  newHook,
}) => {
  const { receiver } = await newHook();
  const who = await newPerson();
  const { sub, id } = await accountOf(server, who.email);
  expect(await told(receiver, sub, 1)).toEqual(["account.created"]);
  await change(server, "update accounts set created_at = 1 where id = ?", id);
  await change(server, "update challenges set created_at = 1 where account_id = ?", id);
  await tidyUpNow(server);
  expect(await told(receiver, sub, 2)).toEqual(["account.created", "account.deleted"]);
});

test("somebody who says “this wasn’t me” of a sign-up has its end told", async ({
  server,
  mailFor,
  newPerson,
  newHook,
}) => {
  const { receiver } = await newHook("--events", "account.deleted");
  const who = await newPerson();
  const { sub } = await accountOf(server, who.email);
  await visitorOf(server).submit(`${pathOf(await mailFor(who.email))}&disown`, "Delete this account");
  expect(await told(receiver, sub, 1)).toEqual(["account.deleted"]);
});

test("a webhook is told what it wants and nothing else, and nothing from before it was there", async ({
  server,
  newMember,
  newHook,
}) => {
  const before = await newMember();
  const [some, all] = [await newHook("--events", "account.verified, account.deleted"), await newHook()];
  const who = await newMember();
  const { sub } = await accountOf(server, who.email);
  await told(all.receiver, sub, 2);
  expect(await told(some.receiver, sub, 1)).toEqual(["account.verified"]);
  const { sub: older } = await accountOf(server, before.email);
  expect(toldOf(all.receiver, older)).toEqual([]);
});

test("a message says what happened to whom and no more, and the receiver’s own library vouches for it", async ({
  server,
  newMember,
  newHook,
}) => {
  const { receiver, webhook } = await newHook("--events", "account.verified");
  const who = await newMember();
  const { sub } = await accountOf(server, who.email);
  await told(receiver, sub, 1);
  const request = receiver.requests.find(({ body }) => body.includes(sub));
  if (!request) throw new Error("It was not told");
  expect(JSON.parse(request.body)).toEqual({
    type: "account.verified",
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    data: { sub },
  });
  expect(request.headers).toMatchObject({
    "content-type": "application/json",
    "content-length": String(request.body.length),
    "user-agent": "Latchkey",
    "webhook-id": expect.stringMatching(/^msg_[0-9a-f]{24}_wh_[0-9a-f]{12}$/),
    "webhook-timestamp": expect.stringMatching(/^\d{10}$/),
    "webhook-signature": expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
  });
  expect(verified(webhook.secret, request)).toEqual(JSON.parse(request.body));
  const body = request.body.replace("verified", "deleted");
  expect(() => verified(webhook.secret, { ...request, body })).toThrow("No matching signature found");
  const other = `whsec_${Buffer.alloc(32).toString("base64")}`;
  expect(() => verified(other, request)).toThrow("No matching signature found");
});

test("neither the log nor the store has a secret in it, nor the log a receiver’s address or whom a message is about", async ({
  server,
  newMember,
  newHook,
}) => {
  const { receiver, webhook } = await newHook();
  const who = await newMember();
  const { sub } = await accountOf(server, who.email);
  await told(receiver, sub, 2);
  const stored = JSON.stringify([
    await rows(server, "select * from webhooks"),
    await rows(server, "select * from webhook_deliveries"),
  ]);
  expect(webhook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(stored).not.toContain(webhook.secret.slice(6));
  expect(stored).not.toContain(who.email);
  const lines = await poll(
    () => {
      const found = server.log().filter((line) => line.webhook === webhook.id);
      return found.length >= 2 && found;
    },
    { what: "the lines of both" },
  );
  expect(lines.map(({ event }) => event)).toEqual(["webhook_delivered", "webhook_delivered"]);
  for (const hidden of [webhook.secret.slice(6), receiver.url, sub, who.email])
    expect(JSON.stringify(lines)).not.toContain(hidden);
});

/** Has the store refuse what this webhook is to be told. */
async function refuseDeliveries(server: RunningServer, webhookId: string): Promise<void> {
  const name = `refuse_${webhookId}`;
  await runScript(
    server,
    isPostgres(server)
      ? `create or replace function refuse_delivery() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
         create trigger ${name} before insert on webhook_deliveries for each row when (new.webhook_id = '${webhookId}')
         execute function refuse_delivery()`
      : `create trigger ${name} before insert on webhook_deliveries when new.webhook_id = '${webhookId}'
         begin select raise(abort, 'no'); end`,
  );
}

test("what cannot be written down for others does not happen, and what does not happen is told to nobody", async ({
  startServer,
}) => {
  const server = await startServer({ WEBHOOK_PRIVATE_HOSTS: "127.0.0.1" });
  const receiver = await startReceiver();
  const [first, second] = [await addWebhook(server, receiver.url), await addWebhook(server, receiver.url)];
  const who = await memberOf(server);
  const { sub, password_hash } = await accountOf(server, who.email);
  await told(receiver, sub, 4);
  const visitor = await loggedIn(server, who);
  const words = { currentPassword: who.password, newPassword: NEW };
  await refuseDeliveries(server, second.id);
  const refused = await visitor.submit("/account/password", "Change password", words);
  expect(refused.html).toContain("Something went wrong");
  expect((await accountOf(server, who.email)).password_hash).toBe(password_hash);
  const changes = "select 1 from webhook_deliveries where type = 'account.password_changed'";
  expect(await rows(server, changes)).toEqual([]);

  // With that one gone the same act is done, and told.
  expect((await runWebhooks(server, "remove", second.id)).status).toBe(0);
  await visitor.submit("/account/password", "Change password", words);
  await told(receiver, sub, 5);
  expect(await rows(server, `${changes} and webhook_id = ?`, first.id)).toHaveLength(1);
  await receiver.close();
});
