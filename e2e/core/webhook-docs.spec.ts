import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Added, expect, poll, test, webhooks } from "#e2e/fixtures/hooks.ts";
import { freePort, inherited } from "#e2e/fixtures/server.ts";
import { accountOf } from "#e2e/fixtures/store.ts";
import { WEBHOOK_TYPES } from "#lib/auth/tell-others.ts";
import type { ShownDelivery } from "#lib/webhooks/deliveries.ts";

const DOCUMENT = readFileSync("docs/webhooks.md", "utf8");

test("the table in the docs names every type there is, and no other", () => {
  const named = [...DOCUMENT.matchAll(/^\| `(\w+\.\w+)` +\|/gm)].map(([, type]) => type);
  expect(named).toEqual([...WEBHOOK_TYPES, "webhook.test"]);
});

test("the receiver that the docs show takes what it is told once, and nothing from anybody else", async ({
  server,
  newMember,
}) => {
  test.slow();
  const [, source = ""] = /^```js\n(.*?)^```/ms.exec(DOCUMENT) ?? [];
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/hooks`;
  const { id, secret } = await webhooks<Added>(server, "add", url, "--events", "account.verified");
  // Within the tree, so that it finds the library.
  const folder = join("test-results", `receiver-${id}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "receiver.mjs");
  writeFileSync(file, source);
  const env = { ...inherited(), PORT: String(port), WEBHOOK_SECRET: secret } as unknown as NodeJS.ProcessEnv;
  const child = spawn(process.execPath, [file], { env, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (part) => {
    said += part;
  });
  try {
    await poll(() => fetch(url).catch(() => undefined), { what: "the receiver to listen" });
    const { sub } = await accountOf(server, (await newMember()).email);
    await poll(() => said.includes(sub), { what: "the message" });
    expect(said).toBe(`account.verified ${sub}\n`);
    const { deliveries } = await webhooks<{ deliveries: ShownDelivery[] }>(server, "deliveries", id);
    const again = await webhooks<ShownDelivery>(server, "send-again", deliveries[0]?.id ?? "");
    expect(again).toMatchObject({ state: "delivered", lastStatus: 204 });
    expect(said, "the same message twice").toBe(`account.verified ${sub}\n`);
    const forged = { "webhook-id": "msg_1", "webhook-timestamp": String(Math.floor(Date.now() / 1000)) };
    const body = JSON.stringify({ type: "account.deleted", data: { sub } });
    const headers = { ...forged, "webhook-signature": `v1,${Buffer.alloc(32).toString("base64")}` };
    expect((await fetch(url, { method: "POST", body, headers })).status).toBe(401);
    expect(said).not.toContain("account.deleted");
  } finally {
    child.kill();
    rmSync(folder, { recursive: true });
    await webhooks(server, "remove", id);
  }
});
