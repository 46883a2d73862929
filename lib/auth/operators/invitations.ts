import { type InvitationKey, type InvitationOf, listInvitationsOf } from "#db/invitations-desk.ts";
import { type InvitationState, invitationStateOf } from "#lib/auth/invitations/invitation-link.ts";
import { clock } from "#lib/clock.ts";

export type { InvitationKey } from "#db/invitations-desk.ts";

/** An invitation as operators see it. */
export type SeenInvitation = InvitationOf & { state: InvitationState };

const INVITATIONS_A_PAGE = 50;

/** A page of everybody's, or of one account's, the newest first. */
export async function invitationsSeen({
  accountId,
  before,
  most = INVITATIONS_A_PAGE,
}: {
  accountId?: number | undefined;
  before?: InvitationKey | undefined;
  most?: number;
} = {}): Promise<{ invitations: SeenInvitation[]; next: InvitationKey | undefined }> {
  const now = clock();
  const found = await listInvitationsOf(accountId, { before, limit: most + 1 });
  const invitations = found.slice(0, most).map((one) => ({ ...one, state: invitationStateOf(one.invitation, now) }));
  return { invitations, next: found.length > most ? invitations.at(-1)?.invitation : undefined };
}
