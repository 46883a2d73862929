import { and, asc, desc, eq, exists, inArray, isNull, lt, lte, type SQL, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { passingOverLocked } from "./locking.ts";
import { accounts, webhookDeliveries as deliveries, type WebhookDelivery, webhooks } from "./schema.ts";

/** What webhooks are told: a row for each of them and each message. */

export type Message = { id: string; type: string; subject: string | null; payload: string; at: number };

/** For the list of the act's `atomically`: a row for each webhook that is on and wants it; none, where there is none. */
export function insertDeliveries({ id, type, subject, payload, at }: Message) {
  return db()
    .insert(deliveries)
    .select(
      sql`select ${text(id)} || '_' || ${webhooks.id}, ${webhooks.id}, ${text(type)}, ${text(subject)}, ${whole(at)},
        ${text(payload)}, ${UNTRIED}, ${whole(at)}, ${NOTHING_YET} from ${webhooks} where ${wants(type)}`,
    );
}

/**
 * As `insertDeliveries`, of each account that `which` finds. Such an account must be held by a statement before. In place of its `sub` the
 * payload has SUB.
 */
export function insertDeliveriesOf(which: SQL | undefined, { id, type, payload, at }: Omit<Message, "subject">) {
  return db()
    .insert(deliveries)
    .select(
      sql`select ${text(id)} || '_' || ${accounts.id} || '_' || ${webhooks.id}, ${webhooks.id}, ${text(type)}, ${accounts.sub},
        ${whole(at)}, replace(${text(payload)}, ${SUB}, ${accounts.sub}), ${UNTRIED}, ${whole(at)}, ${NOTHING_YET}
        from ${webhooks} cross join ${accounts} where ${wants(type)} and ${which}`,
    );
}

export const SUB = "{sub}";

/** For one of them, whatever it wants. Returns nothing where it is off. */
export function insertDelivery(webhookId: string, { id, type, payload, at }: Omit<Message, "subject">) {
  return db()
    .insert(deliveries)
    .select(
      sql`select ${text(id)} || '_' || ${webhooks.id}, ${webhooks.id}, ${text(type)}, null, ${whole(at)},
        ${text(payload)}, ${UNTRIED}, ${whole(at)}, ${NOTHING_YET}
        from ${webhooks} where ${webhooks.id} = ${webhookId} and ${webhooks.disabledAt} is null`,
    )
    .returning();
}

// What is selected to be inserted has no type of its own in PostgreSQL.
const text = (value: string | null) => sql`cast(${value} as text)`;
const whole = (value: number) => sql`cast(${value} as bigint)`;
/** `attempts`. */
const UNTRIED = sql.raw("0");
/** `claimed_until`, and what follows. */
const NOTHING_YET = sql.raw("0, null, null, null, null");

const wants = (type: string) =>
  sql`${webhooks.disabledAt} is null and (${webhooks.types} is null or ${webhooks.types} like ${`% ${type} %`})`;

const pending = and(isNull(deliveries.deliveredAt), isNull(deliveries.failedAt));

/** Those that are on and have something to be delivered, each with when the first of it is due (ms since 1970). What somebody holds is left out. */
export async function listDueWebhooks(now: number): Promise<{ id: string; dueAt: number }[]> {
  const next = db()
    .select({ at: deliveries.nextTryAt })
    .from(deliveries)
    .where(and(eq(deliveries.webhookId, webhooks.id), pending, lte(deliveries.claimedUntil, now)))
    .orderBy(asc(deliveries.nextTryAt))
    .limit(1);
  const found = await db()
    .select({
      id: webhooks.id,
      dueAt: sql<number | null>`(${next})`.mapWith((at) => (at === null ? null : Number(at))),
    })
    .from(webhooks)
    .where(isNull(webhooks.disabledAt));
  return found.flatMap(({ id, dueAt }) => (dueAt === null ? [] : { id, dueAt }));
}

/** Takes one delivery of this webhook that is due, or null. Counts the attempt and holds the row until `until`. */
export async function claimDelivery(
  webhookId: string,
  { now, until }: { now: number; until: number },
): Promise<WebhookDelivery | null> {
  const due = passingOverLocked(
    db()
      .select({ id: deliveries.id })
      .from(deliveries)
      .where(
        and(
          eq(deliveries.webhookId, webhookId),
          pending,
          lte(deliveries.nextTryAt, now),
          lte(deliveries.claimedUntil, now),
        ),
      )
      .orderBy(asc(deliveries.nextTryAt))
      .limit(1),
  );
  const isOn = db()
    .select({ id: webhooks.id })
    .from(webhooks)
    .where(and(eq(webhooks.id, webhookId), isNull(webhooks.disabledAt)));
  const [delivery] = await db()
    .update(deliveries)
    .set({ attempts: sql`${deliveries.attempts} + 1`, claimedUntil: until })
    // The second look at the row is for engines where two workers may have picked the same one.
    .where(and(eq(deliveries.id, sql`(${due})`), pending, lte(deliveries.claimedUntil, now), exists(isOn)))
    .returning();
  return delivery ?? null;
}

// A worker whose time with a row ran out must not disturb the one that took over.
const stillHeld = ({ id, claimedUntil }: WebhookDelivery) =>
  and(eq(deliveries.id, id), pending, eq(deliveries.claimedUntil, claimedUntil));

/** How a try went. */
export type Tried = Pick<WebhookDelivery, "lastStatus" | "lastError">;

export function markDelivered(delivery: WebhookDelivery, tried: Tried, now: number) {
  return db()
    .update(deliveries)
    .set({ ...tried, deliveredAt: now, claimedUntil: 0 })
    .where(stillHeld(delivery));
}

export function retryDelivery(delivery: WebhookDelivery, tried: Tried, at: number) {
  return db()
    .update(deliveries)
    .set({ ...tried, nextTryAt: at, claimedUntil: 0 })
    .where(stillHeld(delivery));
}

export function giveUpDelivery(delivery: WebhookDelivery, tried: Tried, now: number) {
  return db()
    .update(deliveries)
    .set({ ...tried, failedAt: now, claimedUntil: 0 })
    .where(stillHeld(delivery));
}

/** For a try that was broken off by ourselves: as if it had not been. */
export function releaseDelivery(delivery: WebhookDelivery) {
  return db()
    .update(deliveries)
    .set({ attempts: delivery.attempts - 1, claimedUntil: 0 })
    .where(stillHeld(delivery));
}

/** Makes it due now, with all its tries before it. Returns nothing while it is under way, or where its webhook is off. */
export function deliverAgain(id: string, now: number) {
  const isOn = db()
    .select({ id: webhooks.id })
    .from(webhooks)
    .where(and(eq(webhooks.id, deliveries.webhookId), isNull(webhooks.disabledAt)));
  return db()
    .update(deliveries)
    .set({ attempts: 0, nextTryAt: now, deliveredAt: null, failedAt: null })
    .where(and(eq(deliveries.id, id), lte(deliveries.claimedUntil, now), exists(isOn)))
    .returning();
}

export async function findDelivery(id: string): Promise<WebhookDelivery | undefined> {
  const [delivery] = await db().select().from(deliveries).where(eq(deliveries.id, id)).limit(1);
  return delivery;
}

/** Which delivery a page goes on after. */
export type DeliveryKey = Pick<WebhookDelivery, "at" | "id">;

/** The newest first; those before `before`, where it is given. */
export function listDeliveries(
  webhookId: string,
  { before, limit }: { before?: DeliveryKey | undefined; limit: number },
): PromiseLike<WebhookDelivery[]> {
  return db()
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.webhookId, webhookId),
        before && sql`(${deliveries.at}, ${deliveries.id}) < (${before.at}, ${before.id})`,
      ),
    )
    .orderBy(desc(deliveries.at), desc(deliveries.id))
    .limit(limit);
}

/** Removes at most so many that are from before then, and returns which. */
export function purgeDeliveries(before: number, most: number) {
  return removeSome(lt(deliveries.at, before), most);
}

/** Removes at most so many of this webhook, and returns which. */
export function purgeDeliveriesOf(webhookId: string, most: number) {
  return removeSome(eq(deliveries.webhookId, webhookId), most);
}

function removeSome(which: SQL, most: number) {
  const some = db().select({ id: deliveries.id }).from(deliveries).where(which).limit(most);
  return db().delete(deliveries).where(inArray(deliveries.id, some)).returning({ id: deliveries.id });
}
