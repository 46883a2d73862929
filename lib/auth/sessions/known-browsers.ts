import { findAccount, holdAccount } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import { forgetOldestBrowsers, isKnown, noteBrowser } from "#db/known-browsers.ts";
import type { Account } from "#db/schema.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";

/**
 * Browsers from which somebody has logged in to an account. Each has a count of wrong passwords of its own, so there must be
 * few: otherwise whoever knew the password for a while could collect many, with ten guesses each.
 */

const MOST_BROWSERS = 10;
/** Milliseconds for which a browser is remembered after its last log-in. */
export const BROWSER_LIFE = 180 * 24 * 60 * 60_000;

/** Whether this browser has logged in to the account since its password was last set. */
export async function isKnownBrowser(
  account: Pick<Account, "id" | "sub" | "passwordEpoch">,
  { device }: Client,
): Promise<boolean> {
  if (!device || device.accounts.get(account.sub) !== account.passwordEpoch) return false;
  return isKnown(account.id, device.id, clock() - BROWSER_LIFE);
}

/** How often the account's password has been set; undefined where there is no such account. */
export async function passwordEpoch(accountId: number): Promise<number | undefined> {
  return (await findAccount({ id: accountId }))?.passwordEpoch;
}

/** Notes that the account was logged in to from this browser; of more than ten the one not seen for longest is forgotten. */
export async function noteKnownBrowser(account: Pick<Account, "id">, deviceId: string): Promise<void> {
  await atomically(() => [
    // It may be deleted by now.
    must(holdAccount(account.id)),
    noteBrowser(account.id, deviceId, clock()),
    forgetOldestBrowsers(account.id, deviceId, MOST_BROWSERS - 1),
  ]);
}
