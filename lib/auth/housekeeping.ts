import { purgeUnverifiedAccounts } from "#db/accounts.ts";
import { purgeChallenges } from "#db/challenges.ts";
import { purgeCodeTokens } from "#db/code-tokens.ts";
import { purgeBrowsers } from "#db/known-browsers.ts";
import { purgeNetworks } from "#db/known-networks.ts";
import { purgeCounters } from "#db/limits.ts";
import { purgeSentMail } from "#db/outbox.ts";
import { purgeSessions } from "#db/sessions.ts";
import { purgeSigningKeys } from "#db/signing-keys.ts";
import { env } from "#lib/env.ts";
import { KNOWN_FOR } from "./guesses.ts";
import { BROWSER_LIFE } from "./known-browsers.ts";

const day = 24 * 60 * 60_000;

/**
 * Deletes rows that can no longer matter. Ended sessions and old challenges are kept for a week, so that a late link or
 * token is still told from one that never was; invitations for ninety, for the list of who was invited.
 */
export async function tidyUp(now: number): Promise<void> {
  await purgeCounters(now);
  await purgeNetworks(now - KNOWN_FOR);
  await purgeSessions(now - 7 * day);
  await purgeUnverifiedAccounts(now - env().UNVERIFIED_TTL);
  await purgeChallenges({ proofsBefore: now - 7 * day, invitationsBefore: now - 90 * day });
  await purgeCodeTokens(now - 7 * day);
  await purgeBrowsers(now - BROWSER_LIFE);
  await purgeSigningKeys(now);
  await purgeSentMail(now - day);
}
