import { findAccount } from "#db/accounts.ts";
import * as store from "#db/invitations.ts";
import type { Account, Invitation } from "#db/schema.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { type LinkState, linkStateOf, linkToken, readLinkToken } from "#lib/auth/proofs/mailed-links.ts";
import { clock } from "#lib/clock.ts";
import { env } from "#lib/env.ts";

/** The mailed link of an invitation, from the mail that goes out with it to whoever opens it. */

/**
 * Starts the lifetime as its mail goes out at `now` (ms). Returns the row, or undefined when it has ended meanwhile and its
 * mail is no longer wanted.
 */
export function stampInvitation({ id }: Invitation, now: number): Promise<Invitation | undefined> {
  return store.stampInvitation(id, { sentAt: now, linkExpiresAt: now + env().INVITE_LINK_TTL });
}

/** The token of its link. */
export const invitationToken = (invitation: Invitation): Promise<string> =>
  linkToken({ ...invitation, purpose: "invite" });

/** For the outbox, when its mail has gone out: the sender's older ones to the address end. Only the newest mail works. */
export async function endOlderInvitations(id: string): Promise<void> {
  const invitation = await store.findInvitation(id);
  // One withdrawn while its mail was on its way has taken nobody's place.
  if (invitation?.withdrawnAt === null) await store.supersedeOlderInvitations(invitation, clock());
}

/** `superseded`: the same sender sent a newer one. */
export type InvitationState = LinkState | "withdrawn";

/**
 * What a link's token stands for, without using it up. Throws `link_invalid` when it is no invitation's, and
 * `account_not_found` (with the address the token names) when the invitation or its sender is gone.
 */
export async function readInvitation(
  token: string,
): Promise<{ invitation: Invitation; inviter: Account; state: InvitationState }> {
  const { id, email } = await readLinkToken(token, "invite");
  const invitation = await store.findInvitation(id);
  const inviter = invitation && (await findAccount({ id: invitation.accountId }));
  if (!inviter) throw new AuthError("account_not_found", { email });
  return { invitation, inviter, state: invitationStateOf(invitation, clock()) };
}

/** One that was both withdrawn and superseded is what it was last: a newer one may follow a withdrawal, or be withdrawn too. */
export function invitationStateOf(row: Invitation, now: number): InvitationState {
  const { acceptedAt, withdrawnAt, supersededAt } = row;
  const isWithdrawn = acceptedAt === null && withdrawnAt !== null && withdrawnAt >= (supersededAt ?? 0);
  return isWithdrawn ? "withdrawn" : linkStateOf({ ...row, usedAt: acceptedAt }, now);
}

/** How an invitation names whoever sent it. */
export const nameOfInviter = ({ inviterName }: Invitation, inviter: Pick<Account, "email">): string =>
  inviterName ?? inviter.email;
