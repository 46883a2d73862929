import { expect, test } from "playwright/test";
import { api } from "#e2e/fixtures/api.ts";
import { type Copies, ENGINES, startCopies } from "#e2e/fixtures/copies.ts";
import { addWebhook, startReceiver } from "#e2e/fixtures/receiver.ts";
import { rows } from "#e2e/fixtures/store.ts";
import { clientAddress, person, poll } from "#e2e/fixtures/test.ts";

const MANY = 48;

for (const engine of ENGINES)
  test.describe(engine, () => {
    test.describe.configure({ timeout: 90_000 });
    let copies: Copies;
    test.beforeAll(async () => {
      copies = await startCopies(engine, { WEBHOOK_PRIVATE_HOSTS: "127.0.0.1" });
    });
    test.afterAll(() => copies?.dispose());

    test("of all servers that share a store one tells of each act, while none of them ends", async () => {
      const receiver = await startReceiver();
      // Slow enough for another to come while it is being told.
      receiver.manner = (response) => void setTimeout(() => response.writeHead(204).end(), 20);
      await addWebhook(copies.first, receiver.url);
      await Promise.all(
        Array.from({ length: MANY }, async () => {
          const caller = api(copies.next().url, { "x-forwarded-for": clientAddress() });
          const { email, password } = person();
          expect((await caller.post("/auth/signup", { email, password })).status).toBe(200);
        }),
      );
      const delivered = () => rows(copies.first, "select id from webhook_deliveries where delivered_at > 0");
      await poll(async () => (await delivered()).length === MANY, { what: "all to be delivered", within: 30_000 });
      const ids = receiver.requests.map(({ headers }) => headers["webhook-id"]);
      expect(new Set(ids).size).toBe(MANY);
      expect(ids).toHaveLength(MANY);
      expect(await rows(copies.first, "select id from webhook_deliveries where attempts <> 1")).toEqual([]);
      await receiver.close();
    });
  });
