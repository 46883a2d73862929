import { holdAccount } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import { allowPasskey, deletePasskey, listPasskeys, renamePasskey } from "#db/passkeys.ts";
import type { Passkey } from "#db/schema.ts";
import type { Caller } from "#db/sessions.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { noticeOf } from "#lib/auth/factors/notice.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import { holdConfirmed, isConfirmed } from "#lib/auth/sessions/confirmed.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { userHandleOf } from "./add.ts";
import { relyingParty } from "./relying-party.ts";

export type { Passkey } from "#db/schema.ts";

export const PASSKEY_NAME_LENGTH = 60;

type By = Caller & { client: Client; id: string };

export const passkeysOf = (accountId: number): PromiseLike<Passkey[]> => listPasskeys(accountId);

/** Says nothing where there is none with this id: it was removed in another tab. */
export async function rename({ account, id, name }: Pick<By, "account" | "id"> & { name: string }): Promise<void> {
  await renamePasskey(account.id, id, name.slice(0, PASSKEY_NAME_LENGTH));
}

/**
 * Removes one. Whoever sits at an open browser must not lock its owner out, so it needs the strongest factor.
 * Throws `confirmation_needed`, and `last_way_in` where nobody could log in any more.
 */
export async function removePasskey({ account, session, client, id }: By): Promise<void> {
  const now = clock();
  const done = await atomically(() => [
    must(holdAccount(account.id)),
    must(holdConfirmed(session.id, now)),
    must(deletePasskey(account.id, id)),
    noticeOf(account, "passkey-removed", now),
    recordEvent("factor_removed", { account, client, session: session.id, factor: "passkey" }, now),
  ]);
  if (done) return;
  if (!(await isConfirmed(session.id))) throw new AuthError("confirmation_needed");
  // Pressed twice, it is gone all the same.
  if ((await listPasskeys(account.id)).some((one) => one.id === id)) throw new AuthError("last_way_in");
}

/** Lets one open the account again that a reset or a change of password had shut out. Throws `confirmation_needed`. */
export async function allowAgain({ account, session, client, id }: By): Promise<void> {
  const now = clock();
  const done = await atomically(() => [
    must(holdAccount(account.id)),
    must(holdConfirmed(session.id, now)),
    must(allowPasskey(account.id, id)),
    noticeOf(account, "passkey-added", now),
    recordEvent("factor_added", { account, client, session: session.id, factor: "passkey" }, now),
  ]);
  if (!done && !(await isConfirmed(session.id))) throw new AuthError("confirmation_needed");
}

/**
 * What a device is told after a log-in or a change, so that it offers none that was removed; `there` are all that the account has
 * (`passkeysOf`). Those shut out are named as well: they may be allowed again. Null where passkeys cannot be had here.
 */
export function knownPasskeys(
  account: Pick<Caller["account"], "sub">,
  there: readonly Passkey[],
): { rpId: string; userHandle: string; known: string[] } | null {
  const site = relyingParty();
  return site && { rpId: site.id, userHandle: userHandleOf(account, there), known: there.map(({ id }) => id) };
}
