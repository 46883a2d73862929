import { findMailSubject } from "#db/outbox.ts";
import type { Account, AddressChange, Challenge, Invitation, OutboxMail } from "#db/schema.ts";
import { invitationToken, nameOfInviter, stampInvitation } from "#lib/auth/invitations/invitation-link.ts";
import { mailedCode, stampChallenge } from "#lib/auth/proofs/challenges.ts";
import { linkToken } from "#lib/auth/proofs/mailed-links.ts";
import { stampUndo, undoToken } from "#lib/auth/proofs/undo-email-change.ts";
import { ownPages } from "./links.ts";
import { withToken } from "./mailed-link.ts";

/** Link and code of a mail that has them. */
export type Proof = { token: string; link: string; code: string | null } & (
  | { challenge: Challenge; account: Account; invitation?: undefined; change?: undefined }
  | { invitation: Invitation; inviter: string; challenge?: undefined; change?: undefined }
  | { change: AddressChange; challenge?: undefined; invitation?: undefined }
);

/**
 * Starts the lifetimes as of the stamp. Undefined for a notice; null when the mail is no longer wanted: its challenge was
 * used or superseded, its invitation has ended, its change was undone, or the account is gone.
 */
export async function proofFor(row: OutboxMail, stamp: number): Promise<Proof | undefined | null> {
  if (row.template === "address-changed") return proofOfUndo(await stampUndo(row.about ?? "", stamp));
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

async function proofOfUndo(change: AddressChange | undefined): Promise<Proof | null> {
  if (!change) return null;
  const token = await undoToken(change);
  return { token, link: withToken(ownPages["undo-email-change"](), token), code: null, change };
}

async function proofOfChallenge(
  row: OutboxMail,
  account: Account,
  challenge: Challenge | undefined,
): Promise<Proof | null> {
  if (!challenge) return null;
  // A link to a new address does not tell its reader, who may be a stranger, what the old one is.
  const email = challenge.purpose === "change-email" ? row.to : account.email;
  const token = await linkToken({ ...challenge, email });
  const link = withToken(row.link ?? ownPages[challenge.purpose](), token);
  // That one is answered on its page; a code would have nowhere to be typed.
  const code = challenge.purpose === "link-provider" ? null : mailedCode(challenge);
  return { token, link, code, challenge, account };
}
