import { lookup } from "node:dns/promises";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { selfSigned } from "#e2e/fixtures/certificate.ts";
import {
  addWebhook,
  deliveriesOf,
  expect,
  memberOf,
  poll,
  type Received,
  type RunningServer,
  runWebhooks,
  startReceiver,
  test,
  toldOf,
  verified,
  webhooks,
} from "#e2e/fixtures/hooks.ts";
import { accountOf, change, row, rows } from "#e2e/fixtures/store.ts";
import type { ShownDelivery } from "#lib/webhooks/deliveries.ts";
import type { ShownWebhook } from "#lib/webhooks/manage.ts";

/** Receivers as they are in the world, and what becomes of what they are told. */

const isLoopbackReceiver = { WEBHOOK_PRIVATE_HOSTS: "127.0.0.1" };

/** The one message about this account that this webhook was told. */
const deliveryOf = (server: RunningServer, webhookId: string, sub: string) =>
  row<Row>(server, "select * from webhook_deliveries where webhook_id = ? and subject = ?", webhookId, sub);
type Row = {
  id: string;
  attempts: number;
  last_status: number | null;
  last_error: string | null;
  next_try_at: number;
  claimed_until: number;
};

/** Waits until it has been tried so often, and is not being tried. */
const tried = (server: RunningServer, webhookId: string, sub: string, attempts: number) =>
  poll(
    async () => {
      const delivery = await deliveryOf(server, webhookId, sub);
      return Number(delivery.claimed_until) === 0 && delivery.attempts >= attempts && delivery;
    },
    { what: `try ${attempts}`, within: 25_000 },
  );

const VERIFIED = ["--events", "account.verified"];

test("a receiver that hangs is left after fifteen seconds, and meanwhile everybody else is told", async ({
  server,
  newMember,
  newHook,
}) => {
  test.slow();
  const [slow, quick] = [await newHook(...VERIFIED), await newHook(...VERIFIED)];
  slow.receiver.manner = "hang";
  const { sub } = await accountOf(server, (await newMember()).email);
  await poll(() => slow.receiver.held() === 1, { what: "the slow one to be asked" });
  const since = performance.now();
  for (let n = 0; n < 3; n++) {
    const other = await accountOf(server, (await newMember()).email);
    await poll(() => toldOf(quick.receiver, other.sub).length === 1, { what: "the quick one to be told" });
  }
  expect(slow.receiver.held(), "one message at a time").toBe(1);
  expect(performance.now() - since, "while the slow one hung").toBeLessThan(14_000);
  expect(await tried(server, slow.webhook.id, sub, 1)).toMatchObject({ last_status: null, last_error: "timed_out" });
  expect(performance.now() - since).toBeLessThan(20_000);
});

test("a receiver that resets the connection, and one that answers 500, is told again and then no more", async ({
  server,
  newMember,
  newHook,
}) => {
  test.slow();
  const { receiver, webhook } = await newHook(...VERIFIED);
  receiver.manner = "reset";
  const { sub } = await accountOf(server, (await newMember()).email);
  const reset = await tried(server, webhook.id, sub, 1);
  expect(reset).toMatchObject({ last_status: null, last_error: "connection_reset" });
  const pause = Number(reset.next_try_at) - Date.now();
  expect(pause).toBeLessThanOrEqual(5_500);
  receiver.manner = 500;
  const failed = await tried(server, webhook.id, sub, 2);
  expect(failed).toMatchObject({ last_status: 500, last_error: null });
  expect(
    (await webhooks<ShownWebhook[]>(server, "list")).find(({ id }) => id === webhook.id)?.failingSince,
  ).not.toBeNull();
  receiver.manner = 204;
  await change(server, "update webhook_deliveries set next_try_at = ? where id = ?", Date.now(), failed.id);
  await tried(server, webhook.id, sub, 3);
  expect(await deliveriesOf(server, webhook.id)).toEqual([
    expect.objectContaining({ id: failed.id, state: "delivered", attempts: 3, lastStatus: 204, lastError: null }),
  ]);
  // The same bytes under the same id, signed anew.
  expect(receiver.requests).toHaveLength(3);
  expect(new Set(receiver.requests.map(({ body, headers }) => `${headers["webhook-id"]} ${body}`)).size).toBe(1);
  expect(new Set(receiver.requests.map(({ headers }) => headers["webhook-timestamp"])).size).toBe(3);
  for (const request of receiver.requests) verified(webhook.secret, request);
  expect((await webhooks<ShownWebhook[]>(server, "list")).find(({ id }) => id === webhook.id)?.failingSince).toBeNull();
});

for (const status of [301, 302, 307, 308])
  test(`a redirect (${status}) is not followed`, async ({ server, newMember, newHook }) => {
    const { receiver, webhook } = await newHook(...VERIFIED);
    const target = await startReceiver();
    receiver.manner = (response) => response.writeHead(status, { location: target.url }).end();
    const { sub } = await accountOf(server, (await newMember()).email);
    expect(await tried(server, webhook.id, sub, 1)).toMatchObject({ last_status: status });
    expect(receiver.requests).toHaveLength(1);
    expect(target.requests).toEqual([]);
    expect((await deliveriesOf(server, webhook.id))[0]).toMatchObject({ state: "waiting", lastStatus: status });
    await target.close();
  });

test("a receiver that answers 410 is told nothing more, until an operator switches it on again", async ({
  server,
  newMember,
  newHook,
}) => {
  const { receiver, webhook } = await newHook(...VERIFIED);
  receiver.manner = 410;
  const { sub } = await accountOf(server, (await newMember()).email);
  await tried(server, webhook.id, sub, 1);
  expect((await deliveriesOf(server, webhook.id))[0]).toMatchObject({ state: "failed", lastStatus: 410 });
  const said = (await runWebhooks(server, "list")).stdout;
  expect(said).toMatch(new RegExp(`${webhook.id}[^]*?off since [^\\n]*: it answered 410`));
  expect(server.log().filter(({ event }) => event === "webhook_switched_off")).toContainEqual(
    expect.objectContaining({ webhook: webhook.id, why: "gone" }),
  );
  receiver.manner = 204;
  await newMember();
  expect(await deliveriesOf(server, webhook.id)).toHaveLength(1);
  const refused = await runWebhooks(server, "test", webhook.id);
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining("That webhook is off")]);

  await webhooks(server, "enable", webhook.id);
  const { sub: next } = await accountOf(server, (await newMember()).email);
  await poll(() => toldOf(receiver, next).length === 1, { what: "the next message" });
  expect(receiver.requests).toHaveLength(2);
});

test("a receiver that answers without end is not listened to for long", async ({ server, newMember, newHook }) => {
  const { receiver, webhook } = await newHook(...VERIFIED);
  let isCutOff = false;
  receiver.manner = (response) => {
    const pour = () => {
      while (!response.destroyed && response.write("x".repeat(64 * 1024)));
    };
    response.on("drain", pour).once("close", () => {
      isCutOff = true;
    });
    response.writeHead(200);
    pour();
  };
  const { sub } = await accountOf(server, (await newMember()).email);
  expect(await tried(server, webhook.id, sub, 1)).toMatchObject({ last_status: 200, last_error: null });
  await poll(() => isCutOff, { what: "the end" });
  expect((await deliveriesOf(server, webhook.id))[0]?.state).toBe("delivered");
});

/** A listener that only counts who connects. */
async function startCounter() {
  const sockets: Socket[] = [];
  const listener = createTcpServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => listener.listen(0, resolve));
  const { port } = listener.address() as AddressInfo;
  return {
    port,
    sockets,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => listener.close(resolve));
    },
  };
}

test("a name that leads into the private network is not connected to, whatever it seemed when it was added", async ({
  server,
  newMember,
}) => {
  const counter = await startCounter();
  // The machine's own name: it looks like any other, and leads to the machine itself.
  const name = hostname();
  const known = await lookup(name).catch(() => undefined);
  test.skip(known === undefined || name === "localhost", "this machine does not know its own name");
  const { id } = await addWebhook(server, `https://${name}:${counter.port}/`, ...VERIFIED);
  const { sub } = await accountOf(server, (await newMember()).email);
  expect(await tried(server, id, sub, 1)).toMatchObject({ last_status: null, last_error: "private_address" });
  expect(counter.sockets).toEqual([]);
  await runWebhooks(server, "remove", id);
  await counter.close();
});

test("a private host is told for as long as the settings name it", async ({ startServer }) => {
  test.slow();
  const counter = await startCounter();
  const server = await startServer({ WEBHOOK_PRIVATE_HOSTS: "localhost" });
  const { id } = await addWebhook(server, `https://localhost:${counter.port}/`, ...VERIFIED);
  const { sub } = await accountOf(server, (await memberOf(server)).email);
  await poll(() => counter.sockets.length > 0, { what: "a connection" });
  for (const socket of counter.sockets) socket.destroy();
  await tried(server, id, sub, 1);
  const { length } = counter.sockets;
  await server.stop();

  const { DATABASE_URL } = server.env;
  const without = await startServer({ DATABASE_URL, WEBHOOK_PRIVATE_HOSTS: "billing.internal" });
  await change(without, "update webhook_deliveries set next_try_at = ?", Date.now());
  const refused = await tried(without, id, sub, 2);
  expect(refused).toMatchObject({ last_status: null, last_error: "url_private" });
  expect(counter.sockets).toHaveLength(length);
  await counter.close();
});

/** A receiver that speaks TLS, with a certificate that only those trust who were handed it. */
async function startSecureReceiver() {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-tls-"));
  const { key, cert } = selfSigned();
  writeFileSync(join(folder, "cert.pem"), cert);
  const requests: Received[] = [];
  const listener = createServer({ key, cert }, async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    requests.push({ path: request.url ?? "", headers: request.headers, body });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return {
    requests,
    cert: join(folder, "cert.pem"),
    url: `https://127.0.0.1:${(listener.address() as AddressInfo).port}/hooks`,
    close: () => {
      listener.closeAllConnections();
      rmSync(folder, { recursive: true });
      return new Promise((resolve) => listener.close(resolve));
    },
  };
}

test("https is spoken with a certificate that is trusted, and with no other, whatever the environment says of that and of proxies", async ({
  startServer,
}) => {
  test.slow();
  const [receiver, proxy] = [await startSecureReceiver(), await startCounter()];
  const proxied = `http://127.0.0.1:${proxy.port}`;
  const settings = { ...isLoopbackReceiver, NODE_USE_ENV_PROXY: "1", HTTPS_PROXY: proxied, HTTP_PROXY: proxied };
  const careless = await startServer({ ...settings, NODE_TLS_REJECT_UNAUTHORIZED: "0" });
  const { id } = await addWebhook(careless, receiver.url, ...VERIFIED);
  const { sub } = await accountOf(careless, (await memberOf(careless)).email);
  expect(await tried(careless, id, sub, 1)).toMatchObject({
    last_status: null,
    last_error: "depth_zero_self_signed_cert",
  });
  expect(receiver.requests).toEqual([]);

  const trusting = await startServer({ ...settings, NODE_EXTRA_CA_CERTS: receiver.cert });
  const { secret } = await addWebhook(trusting, receiver.url, ...VERIFIED);
  const { sub: other } = await accountOf(trusting, (await memberOf(trusting)).email);
  await poll(() => receiver.requests.length === 1, { what: "the message" });
  expect(verified(secret, receiver.requests[0] as Received).data).toEqual({ sub: other });
  expect(proxy.sockets).toEqual([]);
  await Promise.all([receiver.close(), proxy.close()]);
});

test("a server that is killed while it tells somebody does so once it is back", async ({ startServer }) => {
  test.slow();
  const receiver = await startReceiver();
  receiver.manner = "hang";
  const server = await startServer(isLoopbackReceiver);
  const { id } = await addWebhook(server, receiver.url, ...VERIFIED);
  const { sub } = await accountOf(server, (await memberOf(server)).email);
  await poll(() => receiver.held() === 1, { what: "the first try" });
  await server.stop("SIGKILL");
  // As if the twenty seconds were over for which the dead server holds it.
  const held = await change(server, "update webhook_deliveries set claimed_until = 1 where webhook_id = ?", id);
  expect(held).toBe(1);
  receiver.manner = 204;
  const { DATABASE_URL } = server.env;
  const again = await startServer({ ...isLoopbackReceiver, DATABASE_URL });
  await poll(() => receiver.requests.length === 2, { what: "the second try" });
  await poll(async () => (await rows(again, "select 1 from webhook_deliveries where delivered_at > 0")).length === 1, {
    what: "it to be written down",
  });
  expect(toldOf(receiver, sub)).toEqual(["account.verified", "account.verified"]);
  await receiver.close();
});

test("a server that is stopped waits a moment for a receiver that hangs, and has tried nothing then", async ({
  startServer,
}) => {
  const receiver = await startReceiver();
  receiver.manner = "hang";
  const server = await startServer(isLoopbackReceiver);
  const { id } = await addWebhook(server, receiver.url, ...VERIFIED);
  const { sub } = await accountOf(server, (await memberOf(server)).email);
  await poll(() => receiver.held() === 1, { what: "the try" });
  const since = performance.now();
  expect(await server.stop()).toMatchObject({ code: 0 });
  expect(performance.now() - since).toBeLessThan(9_000);
  expect(await deliveryOf(server, id, sub)).toMatchObject({ attempts: 0, last_error: null });
  expect(await rows(server, "select 1 from webhook_deliveries where claimed_until > 0")).toEqual([]);
  await receiver.close();
});

test("a delivery is sent again by its id, the same bytes under the same id", async ({ server, newMember, newHook }) => {
  const { receiver, webhook } = await newHook(...VERIFIED);
  const { sub } = await accountOf(server, (await newMember()).email);
  const { id } = await tried(server, webhook.id, sub, 1);
  const again = await webhooks<ShownDelivery>(server, "send-again", id);
  expect(again).toMatchObject({ id, state: "delivered", attempts: 1 });
  expect(receiver.requests).toHaveLength(2);
  const [first, second] = receiver.requests as [Received, Received];
  expect([second.body, second.headers["webhook-id"]]).toEqual([first.body, first.headers["webhook-id"]]);
});

test("a test says how it went: delivered, or why not", async ({ server, newHook }) => {
  const { receiver, webhook } = await newHook("--events", "account.deleted");
  expect((await runWebhooks(server, "test", webhook.id)).stdout).toMatch(
    /webhook\.test {2}delivered \(1 try, answered 204\)/,
  );
  const [request] = receiver.requests;
  expect(verified(webhook.secret, request as Received)).toMatchObject({ type: "webhook.test", data: {} });
  await receiver.close();
  const refused = await runWebhooks(server, "test", webhook.id);
  expect(refused.stdout).toMatch(/webhook\.test {2}waiting \(1 try, connection refused, next try /);
});

test("a change of the secret is signed with both for a day, and then with the new one alone", async ({
  server,
  newHook,
}) => {
  const { receiver, webhook } = await newHook();
  const rotated = await webhooks<ShownWebhook & { secret: string }>(server, "rotate", webhook.id);
  expect(rotated.secret).not.toBe(webhook.secret);
  const day = 24 * 60 * 60_000;
  expect(Math.abs((rotated.oldSecretEndsAt ?? 0) - Date.now() - day)).toBeLessThan(60_000);
  await webhooks(server, "test", webhook.id);
  const [both] = receiver.requests as [Received];
  expect(both.headers["webhook-signature"]).toMatch(/^v1,\S+ v1,\S+$/);
  for (const secret of [webhook.secret, rotated.secret]) expect(verified(secret, both).type).toBe("webhook.test");
  await change(server, "update webhooks set old_secret_ends_at = ? where id = ?", Date.now() - 1, webhook.id);
  await webhooks(server, "test", webhook.id);
  const [, alone] = receiver.requests as [Received, Received];
  expect(verified(rotated.secret, alone).type).toBe("webhook.test");
  expect(() => verified(webhook.secret, alone)).toThrow("No matching signature found");
});

test("deliveries are listed by fifty, the newest first", async ({ server, newHook }) => {
  const { webhook } = await newHook("--events", "account.deleted");
  const insert =
    "insert into webhook_deliveries (id, webhook_id, type, at, payload, attempts, next_try_at, claimed_until, delivered_at) values (?, ?, 'account.deleted', ?, '{}', 1, 1, 0, 1)";
  const ids = Array.from({ length: 51 }, (_, n) => `msg_${webhook.id}_${String(n).padStart(2, "0")}`);
  // Several of one moment: the id tells them apart.
  for (const [n, id] of ids.entries()) await change(server, insert, id, webhook.id, Math.floor(n / 3));
  type Page = { deliveries: ShownDelivery[]; next: string | null };
  const first = await webhooks<Page>(server, "deliveries", webhook.id);
  expect(first.deliveries).toHaveLength(50);
  const second = await webhooks<Page>(server, "deliveries", webhook.id, "--before", first.next ?? "");
  expect(second.next).toBeNull();
  const listed = [...first.deliveries, ...second.deliveries].map(({ id }) => id);
  expect(listed).toEqual(ids.toReversed());
});

test("the command says in words what it will not do, and shows a secret once", async ({ server, newHook }) => {
  const { webhook } = await newHook();
  for (const [line, words] of [
    [["add", "http://example.com/"], "begins with https://"],
    [["add", "https://10.0.0.1/"], "name its host in WEBHOOK_PRIVATE_HOSTS"],
    [["add", "https://user:secret@example.com/"], "That is no URL that a webhook can have"],
    [["add", "https://example.com/", "--events", "account.gone"], "An event is one of account.created, "],
    [["remove", "wh_none"], "There is no such webhook"],
    [["send-again", "msg_none"], "There is no such delivery"],
    [["dance"], "npm run webhooks -- list"],
    [["test"], "npm run webhooks -- list"],
  ] as const) {
    const { status, stdout, stderr } = await runWebhooks(server, ...line);
    expect([status, stdout, stderr], line.join(" ")).toEqual([1, "", expect.stringContaining(words)]);
    expect(stderr).not.toMatch(/^\s+at /m);
  }
  const added = await runWebhooks(server, "add", "https://example.com/hooks", "--description", "billing");
  const [secret] = /whsec_\S+/.exec(added.stdout) ?? [];
  const list = (await runWebhooks(server, "list")).stdout;
  expect(list).toContain("https://example.com/hooks\n    billing\n    on\n    all events");
  expect(list).not.toContain("whsec_");
  expect(secret).toBeTruthy();
  const [id = ""] = /wh_[0-9a-f]{12}/.exec(added.stdout) ?? [];
  await runWebhooks(server, "remove", id);
  expect((await runWebhooks(server, "list")).stdout).not.toContain(id);
  expect((await runWebhooks(server, "list")).stdout).toContain(webhook.id);
});
