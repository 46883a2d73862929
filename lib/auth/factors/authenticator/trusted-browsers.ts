import { holdAccount } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import type { Account, TrustedBrowser } from "#db/schema.ts";
import { holdSession } from "#db/sessions.ts";
import { deleteTrusted, insertTrusted, isTrusted, listTrusted } from "#db/trusted-browsers.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";

export type { TrustedBrowser } from "#db/schema.ts";

/** "Do not ask again on this browser": it then needs the first factor only, until a reset, or until it is taken back. */

/** In ms. */
const TRUSTED_FOR = 30 * 24 * 60 * 60_000;

type Owner = Pick<Account, "id" | "passwordEpoch">;
const ownerOf = ({ id, passwordEpoch }: Owner) => ({ accountId: id, passwordEpoch });

/** By its signed cookie, which must be of the present password: a stolen one ends with the reset. */
export async function isTrustedBrowser(account: Owner & Pick<Account, "sub">, { device }: Client): Promise<boolean> {
  if (!device || device.accounts.get(account.sub) !== account.passwordEpoch) return false;
  return isTrusted(ownerOf(account), device.id, clock());
}

/** For somebody who has just given the second factor in this browser, by the session that it opened. */
export async function trustBrowser(input: {
  account: Owner & Pick<Account, "sub">;
  sessionId: string;
  deviceId: string;
  client: Client;
}): Promise<void> {
  const { account, sessionId, deviceId, client } = input;
  const now = clock();
  const browser: TrustedBrowser = {
    ...ownerOf(account),
    deviceId,
    userAgent: client.userAgent.slice(0, 300),
    createdAt: now,
    expiresAt: now + TRUSTED_FOR,
  };
  // A reset, or the end of the session meanwhile, was meant to shut this browser out.
  await atomically(() => [
    must(holdAccount(account.id, { passwordEpoch: account.passwordEpoch, secondFactor: 1 })),
    must(holdSession(sessionId, now)),
    insertTrusted(browser),
    recordEvent("browser_trusted", { account, client, session: sessionId }, now),
  ]);
}

export const trustedBrowsersOf = (account: Owner): PromiseLike<TrustedBrowser[]> =>
  listTrusted(ownerOf(account), clock());

/** Asks for the second factor there again. */
export async function distrustBrowser(account: Pick<Account, "id" | "sub">, deviceId: string): Promise<void> {
  await atomically(() => [
    must(holdAccount(account.id)),
    must(deleteTrusted(account.id, deviceId)),
    recordEvent("browser_distrusted", { account }, clock()),
  ]);
}
