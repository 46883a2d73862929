import { holdAccount } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import * as store from "#db/invitations.ts";
import { clock } from "#lib/clock.ts";

/**
 * Ends an invitation of this account before it was accepted, and every other to the same address: an older one may still
 * work while the mail of the newest has not gone out. Says whether there was one to end.
 */
export async function withdrawInvitation({ accountId, id }: { accountId: number; id: string }): Promise<boolean> {
  const invitation = await store.findInvitation(id);
  if (invitation?.accountId !== accountId) return false;
  const now = clock();
  const rows = await atomically(() => [
    must(holdAccount(accountId)),
    must(store.withdrawInvitation(id, now)),
    store.withdrawOthers(invitation, now),
  ]);
  return rows !== null;
}
