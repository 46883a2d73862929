import * as store from "#db/invitations.ts";
import { refusesMail } from "#db/mail-refusals.ts";
import type { Account, Invitation } from "#db/schema.ts";
import { opensAt } from "#lib/auth/limits.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { invitationCounters } from "./invite.ts";

/** What became of an invitation; all times in ms since 1970. */
export type SentInvitation = {
  id: string;
  to: string;
  createdAt: number;
  /** When another may go to the same address; 0 when it may now, null when they said "do not mail me again". */
  nextAt: number | null;
} & (
  | { state: "accepted" | "expired" | "withdrawn"; since: number }
  /** Until when it can be accepted; null while its mail is on its way. */
  | { state: "sent"; until: number | null }
);

/** What this person sent, the newest first; of several to one address only the last. `client`: who would send another. */
export async function listInvitations({
  inviter,
  client,
}: {
  inviter: Pick<Account, "id">;
  client: Client;
}): Promise<SentInvitation[]> {
  const now = clock();
  const newest = new Map<string, Invitation>();
  for (const row of await store.listInvitations(inviter.id)) if (!newest.has(row.email)) newest.set(row.email, row);
  return Promise.all(
    [...newest.values()].map(async (row) => ({
      id: row.id,
      to: row.email,
      createdAt: row.createdAt,
      nextAt: (await refusesMail(row.email))
        ? null
        : await opensAt(invitationCounters(inviter.id, row.email, client), now),
      ...stateOf(row, now),
    })),
  );
}

/** Nothing has taken the place of the newest one, so it was never superseded. */
function stateOf({ acceptedAt, withdrawnAt, linkExpiresAt }: Invitation, now: number) {
  if (acceptedAt !== null) return { state: "accepted", since: acceptedAt } as const;
  if (withdrawnAt !== null) return { state: "withdrawn", since: withdrawnAt } as const;
  if (linkExpiresAt !== null && linkExpiresAt <= now) return { state: "expired", since: linkExpiresAt } as const;
  return { state: "sent", until: linkExpiresAt } as const;
}

/** To whom this account sent the invitation with this id; undefined for anybody else's. */
export async function invitedBy({ accountId, id }: { accountId: number; id: string }): Promise<string | undefined> {
  const row = await store.findInvitation(id);
  return row?.accountId === accountId ? row.email : undefined;
}
