import { setTimeout as pause } from "node:timers/promises";
import { purgeAddressChanges } from "#db/address-changes.ts";
import { purgeCeremonies } from "#db/ceremonies.ts";
import { purgeChallenges } from "#db/challenges.ts";
import { purgeCodeTokens } from "#db/code-tokens.ts";
import { purgeEvents } from "#db/events.ts";
import { purgeInvitations } from "#db/invitations.ts";
import { purgeBrowsers } from "#db/known-browsers.ts";
import { purgeNetworks } from "#db/known-networks.ts";
import { purgeCounters } from "#db/limits.ts";
import { purgeFailedMail, purgeSentMail } from "#db/outbox.ts";
import { purgeReservations } from "#db/reserved-usernames.ts";
import { purgeEndedSessions, purgeExpiredSessions } from "#db/sessions.ts";
import { purgeSignUps } from "#db/sign-ups.ts";
import { purgeSigningKeys } from "#db/signing-keys.ts";
import { purgeTrusted } from "#db/trusted-browsers.ts";
import { purgeDeliveries } from "#db/webhook-deliveries.ts";
import { BROWSER_LIFE } from "#lib/auth/sessions/known-browsers.ts";
import { KNOWN_FOR } from "#lib/auth/sessions/known-callers.ts";
import { env } from "#lib/env.ts";
import { isStopping } from "#lib/lifecycle.ts";
import { EVENTS_KEPT } from "./activity.ts";
import { finishDeletions } from "./finish-deletions.ts";
import { removeUnverified } from "./remove-unverified.ts";

const day = 24 * 60 * 60_000;
/** Rows in one go: a few milliseconds in which nobody else is served. */
const BATCH = 200;
/** An account takes with it all that hangs on it. */
const BATCH_OF_ACCOUNTS = 20;
const PAUSE_MS = 10;

/**
 * Deletes rows that can no longer matter. Ended sessions and old challenges are kept for a week, so that a late link or
 * token is still told from one that never was; invitations and what happened to an account for ninety days, for the lists of
 * them; mail given up, changed addresses and what webhooks were told for thirty, for whoever asks where it went. An address that was never proved is free again after
 * UNVERIFIED_TTL, and an account whose person wants it gone goes with all that is its.
 */
export async function tidyUp(now: number): Promise<void> {
  await inBatches((most) => purgeCounters(now, most));
  await inBatches((most) => purgeNetworks(now - KNOWN_FOR, most));
  // Before the challenges and invitations: each would take its mails with it, in one go.
  await inBatches((most) => purgeSentMail(now - day, most));
  await inBatches((most) => purgeFailedMail(now - 30 * day, most));
  await inBatches((most) => purgeEndedSessions(now - 7 * day, most));
  await inBatches((most) => purgeExpiredSessions(now - 7 * day, most));
  await inBatches((most) => purgeChallenges(now - 7 * day, most));
  await inBatches((most) => purgeSignUps(now - 7 * day, most));
  await inBatches((most) => purgeInvitations(now - 90 * day, most));
  await inBatches((most) => purgeCodeTokens(now - 7 * day, most));
  await inBatches((most) => purgeTrusted(now, most));
  await inBatches((most) => purgeEvents(now - EVENTS_KEPT, most));
  await inBatches((most) => purgeCeremonies(now, most));
  await inBatches((most) => purgeAddressChanges(now - 30 * day, most));
  await inBatches((most) => purgeReservations(now, most));
  await inBatches((most) => purgeDeliveries(now - 30 * day, most));
  await purgeBrowsers(now - BROWSER_LIFE);
  await purgeSigningKeys(now);
  await inBatches((most) => removeUnverified(now - env().UNVERIFIED_TTL, most, now), BATCH_OF_ACCOUNTS);
  await finishDeletions(now, inBatches);
}

/** The store works on the event loop: a hundred thousand rows at once would keep everyone waiting for seconds. */
async function inBatches(deleteSome: (most: number) => PromiseLike<unknown[]>, most = BATCH): Promise<void> {
  while (!isStopping() && (await deleteSome(most)).length === most) await pause(PAUSE_MS);
}
