import { and, eq, gt, lt, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { knownNetworks } from "./schema.ts";

/** For `atomically`, beside a new session: notes that somebody who may has logged in to the account from this network. */
export function rememberNetwork(accountId: number, network: string, now: number) {
  return db()
    .insert(knownNetworks)
    .values({ accountId, network, lastSeenAt: now })
    .onConflictDoUpdate({ target: [knownNetworks.accountId, knownNetworks.network], set: { lastSeenAt: now } });
}

/** Whether somebody has logged in to the account from this network since then (ms). */
export async function isKnownNetwork(accountId: number, network: string, since: number): Promise<boolean> {
  const rows = await db()
    .select({ network: knownNetworks.network })
    .from(knownNetworks)
    .where(
      and(
        eq(knownNetworks.accountId, accountId),
        eq(knownNetworks.network, network),
        gt(knownNetworks.lastSeenAt, since),
      ),
    )
    .limit(1);
  return rows.length === 1;
}

/** For `atomically`: after a reset nobody is known but who logs in again. */
export function forgetNetworks(accountId: number) {
  return db().delete(knownNetworks).where(eq(knownNetworks.accountId, accountId));
}

/** Removes at most so many that were not seen since then, and returns of which accounts. */
export function purgeNetworks(seenBefore: number, most: number) {
  const old = db()
    .select({ accountId: knownNetworks.accountId, network: knownNetworks.network })
    .from(knownNetworks)
    .where(lt(knownNetworks.lastSeenAt, seenBefore))
    .limit(most);
  const ofOld = sql`(${knownNetworks.accountId}, ${knownNetworks.network}) in (${old})`;
  return db().delete(knownNetworks).where(ofOld).returning({ id: knownNetworks.accountId });
}
