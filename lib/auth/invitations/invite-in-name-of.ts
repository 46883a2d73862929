import { findAccount, holdAccount } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import { insertInvitation } from "#db/invitations.ts";
import { answerRequest, queueRequest } from "#db/outbox.ts";
import { type Account, AccountStatus, type OutboxMail } from "#db/schema.ts";
import { nobodysName } from "#lib/auth/accounts/accounts.ts";
import { refuseShut, taking } from "#lib/auth/limits.ts";
import { countSent } from "#lib/auth/proofs/mail-limits.ts";
import { ANSWER_FIRST } from "#lib/auth/proofs/mail-requests.ts";
import { recordLater } from "#lib/auth/record-event.ts";
import { securityEvent } from "#lib/auth/security-events.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { isEmail, normalizeEmail } from "#lib/identifiers.ts";
import { invitationCounters, newInvitation } from "./invite.ts";

/**
 * As `invite`, in the name of somebody, for a caller who has not proved to be them. The mail names them as the caller did:
 * where anybody may have one sent, a username must not give away its address. It is written down for any name alike, and
 * counted by that name; who has it, and how many they have sent, is looked at later (`answerInvitationRequest`).
 * Throws `too_many_tries`.
 */
export async function inviteInNameOf({
  inviter,
  calledBy,
  to,
  link,
  client,
}: {
  /** Whose name it is, if anybody's. */
  inviter: Pick<Account, "id" | "sub" | "username"> | undefined;
  /** The username or address the caller gave. */
  calledBy: string;
  to: string;
  link: string;
  client: Client;
}): Promise<void> {
  const email = normalizeEmail(to);
  const now = clock();
  const limits = invitationCounters(nobodysName(calledBy), email, client);
  const about = isEmail(calledBy) ? null : (inviter?.username ?? null);
  const done = await atomically(() => [
    ...taking(limits, now),
    queueRequest({
      template: "invite",
      to: email,
      accountId: inviter?.id ?? null,
      link,
      about,
      callerKnown: false,
      now,
      dueAt: now + ANSWER_FIRST,
    }),
  ]);
  if (!done) await refuseShut(limits, now);
  securityEvent("invitation_sent", { account: inviter, client, name: email });
}

/**
 * For the outbox, when the turn of such a request has come. Returns the mail it has become, or null where nobody has the
 * name, or they have invited too many today.
 */
export async function answerInvitationRequest(mail: OutboxMail): Promise<OutboxMail | null> {
  if (mail.accountId === null) return null;
  const invitation = newInvitation({ accountId: mail.accountId, email: mail.to, inviterName: mail.about });
  const sender = await findAccount({ id: mail.accountId });
  if (!sender) return null;
  const now = clock();
  const rows = await atomically(() => [
    // One blocked since writes to nobody any more, nor does one that is to be deleted.
    must(holdAccount(sender.id, { status: AccountStatus.active, deletesAt: null })),
    insertInvitation(invitation, now),
    must(answerRequest(mail, { accountId: invitation.accountId, invitationId: invitation.id })),
    ...taking([["invite-sender", invitation.accountId]], now),
    ...countSent(mail.to, now),
    recordLater("invitation_sent", { account: sender }, now),
  ]);
  return rows?.[2][0] ?? null;
}
