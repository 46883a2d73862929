import { isKnownNetwork } from "#db/known-networks.ts";
import type { Account } from "#db/schema.ts";
import { siteOf } from "#lib/auth/limits.ts";
import type { Client } from "#lib/client.ts";
import { isKnownBrowser } from "./known-browsers.ts";

/** A network is known for so long after the last log-in from it, in ms. */
export const KNOWN_FOR = 30 * 24 * 60 * 60_000;

/** Whether somebody has logged in to the account from this browser, or lately from the network around it. */
export async function isKnownCaller(
  account: Pick<Account, "id" | "sub" | "passwordEpoch">,
  client: Client,
  now: number,
): Promise<boolean> {
  return (await isKnownBrowser(account, client)) || (await isKnownNetwork(account.id, siteOf(client), now - KNOWN_FOR));
}
