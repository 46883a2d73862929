import "#e2e/fixtures/own-store.ts";
import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { atomically, db } from "#db/client.ts";
import { limits } from "#db/schema.ts";
import { expect, test } from "#e2e/fixtures/test.ts";

const put = (key: string) => db().insert(limits).values({ key, count: 1, resetsAt: 1 });

test("a statement that was built outside the list of its transaction is refused, and nothing of the list happens", async () => {
  const [within, outside] = [randomUUID(), randomUUID()];
  const built = put(outside);
  await expect(atomically(() => [put(within), built])).rejects.toThrow("built outside its list");
  for (const key of [within, outside]) expect(await db().select().from(limits).where(eq(limits.key, key))).toEqual([]);
});
