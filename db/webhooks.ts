import { and, asc, eq, isNotNull, isNull, lte, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { type Webhook, type WebhookOff, webhooks } from "./schema.ts";

export type NewWebhook = Pick<Webhook, "id" | "url" | "description" | "types" | "secret" | "createdAt">;

/** Returns the row unless there are `most` already. */
export function insertWebhook(webhook: NewWebhook, most: number) {
  const { id, url, description, types, secret, createdAt } = webhook;
  return db()
    .insert(webhooks)
    .select(
      sql`select cast(${id} as text), cast(${url} as text), cast(${description} as text), cast(${types} as text),
        cast(${secret} as text), null, null, cast(${createdAt} as bigint), null, null, null
        where (select count(*) from ${webhooks}) < ${most}`,
    )
    .returning();
}

export function listWebhooks(): PromiseLike<Webhook[]> {
  return db().select().from(webhooks).orderBy(asc(webhooks.createdAt), asc(webhooks.id));
}

export async function findWebhook(id: string): Promise<Webhook | undefined> {
  const [webhook] = await db().select().from(webhooks).where(eq(webhooks.id, id)).limit(1);
  return webhook;
}

export function deleteWebhook(id: string) {
  return db().delete(webhooks).where(eq(webhooks.id, id)).returning({ id: webhooks.id });
}

/** Gives it another secret; the one it had is good beside it until then. */
export function replaceSecret(id: string, secret: string, oldSecretEndsAt: number) {
  return db()
    .update(webhooks)
    .set({ secret, oldSecret: sql`${webhooks.secret}`, oldSecretEndsAt })
    .where(eq(webhooks.id, id))
    .returning();
}

/** Returns nothing where it is off already. */
export function switchOff(id: string, why: WebhookOff | null, now: number) {
  return db()
    .update(webhooks)
    .set({ disabledAt: now, disabledWhy: why })
    .where(and(eq(webhooks.id, id), isNull(webhooks.disabledAt)))
    .returning({ id: webhooks.id });
}

/** Switches it off where nothing has got through since then. */
export function switchOffFailing(id: string, since: number, now: number) {
  return db()
    .update(webhooks)
    .set({ disabledAt: now, disabledWhy: "failing" })
    .where(and(eq(webhooks.id, id), isNull(webhooks.disabledAt), lte(webhooks.failingSince, since)))
    .returning({ id: webhooks.id });
}

export function switchOn(id: string) {
  return db()
    .update(webhooks)
    .set({ disabledAt: null, disabledWhy: null, failingSince: null })
    .where(eq(webhooks.id, id))
    .returning();
}

/** The first failure after a delivery is the one that counts. */
export function noteFailing(id: string, now: number) {
  return db()
    .update(webhooks)
    .set({ failingSince: now })
    .where(and(eq(webhooks.id, id), isNull(webhooks.failingSince)));
}

export function noteDelivering(id: string) {
  return db()
    .update(webhooks)
    .set({ failingSince: null })
    .where(and(eq(webhooks.id, id), isNotNull(webhooks.failingSince)));
}
