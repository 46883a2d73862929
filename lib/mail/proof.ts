import { findMailSubject } from "#db/outbox.ts";
import type { Account, Challenge, Invitation, OutboxMail } from "#db/schema.ts";
import { invitationToken, nameOfInviter, stampInvitation } from "#lib/auth/invitations/invitation-link.ts";
import { mailedCode, stampChallenge } from "#lib/auth/proofs/challenges.ts";
import { linkToken } from "#lib/auth/proofs/mailed-links.ts";
import { ownPages } from "./links.ts";
import { withToken } from "./mailed-link.ts";

/** Link and code of a mail that has them. */
export type Proof = { token: string; link: string; code: string | null } & (
  | { challenge: Challenge; account: Account; invitation?: undefined }
  | { invitation: Invitation; inviter: string; challenge?: undefined }
);

/**
 * Starts the lifetimes as of the stamp. Undefined for a notice; null when the mail is no longer wanted: its challenge was
 * used or superseded, its invitation has ended, or the account is gone.
 */
export async function proofFor(row: OutboxMail, stamp: number): Promise<Proof | undefined | null> {
  if (row.challengeId === null && row.invitationId === null) return undefined;
  const { account, challenge, invitation } = (await findMailSubject(row.id)) ?? {};
  if (!account) return null;
  if (invitation) return proofOfInvitation(row, account, await stampInvitation(invitation, stamp));
  return challenge ? proofOfChallenge(row, account, await stampChallenge(challenge, stamp)) : null;
}

async function proofOfInvitation(
  row: OutboxMail,
  sender: Account,
  invitation: Invitation | undefined,
): Promise<Proof | null> {
  if (!invitation) return null;
  const token = await invitationToken(invitation);
  const link = withToken(row.link ?? ownPages.invite(), token);
  return { token, link, code: null, invitation, inviter: nameOfInviter(invitation, sender) };
}

async function proofOfChallenge(
  row: OutboxMail,
  account: Account,
  challenge: Challenge | undefined,
): Promise<Proof | null> {
  if (!challenge) return null;
  const token = await linkToken({ ...challenge, email: account.email });
  const link = withToken(row.link ?? ownPages[challenge.purpose](), token);
  // That one is answered on its page; a code would have nowhere to be typed.
  const code = challenge.purpose === "link-provider" ? null : mailedCode(challenge);
  return { token, link, code, challenge, account };
}
