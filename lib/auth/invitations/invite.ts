import { randomUUID } from "node:crypto";
import { holdAccount } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import { insertInvitation, type NewInvitation } from "#db/invitations.ts";
import { refusesMail } from "#db/mail-refusals.ts";
import { queueMail } from "#db/outbox.ts";
import { type Account, AccountStatus } from "#db/schema.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { type Counter, opensAt, refuseShut, take, taking } from "#lib/auth/limits.ts";
import { countSent, mailCounters } from "#lib/auth/proofs/mail-limits.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { normalizeEmail } from "#lib/identifiers.ts";

/**
 * Mails an invitation; an open one of the same sender ends when it has gone out (`endOlderInvitations`). Whether the address
 * has an account already does not show: only its own reader is told.
 * Throws `email_unverified` (only who has proved an address may write to others), `too_many_tries`, `mail_refused`.
 */
export async function invite({
  inviter,
  to,
  link,
  client,
}: {
  inviter: Pick<Account, "id" | "sub" | "email" | "status">;
  to: string;
  link: string;
  client: Client;
}): Promise<void> {
  if (inviter.status !== AccountStatus.active) throw new AuthError("email_unverified", { email: inviter.email });
  const email = normalizeEmail(to);
  const now = clock();
  const limits = invitationCounters(inviter.id, email, client);
  if (await refusesMail(email)) {
    // Counted all the same: a second one to an address that wants none must run into the limit like one to any other.
    await take(limits, now);
    throw new AuthError("mail_refused");
  }
  const invitation = newInvitation({ accountId: inviter.id, email, inviterName: null });
  const done = await atomically(() => [
    // One blocked since writes to nobody any more.
    must(holdAccount(inviter.id, { status: AccountStatus.active })),
    ...taking(limits, now),
    insertInvitation(invitation, now),
    queueMail({ template: "invite", to: email, accountId: inviter.id, invitationId: invitation.id, link, now }),
    ...countSent(email, now),
    recordEvent("invitation_sent", { account: inviter, client, name: email }, now),
  ]);
  if (!done && (await opensAt(limits, now)) > now) await refuseShut(limits, now);
  if (!done) throw new AuthError("email_unverified", { email: inviter.email });
}

/** A new invitation's row. Its lifetime starts when its mail goes out (`stampInvitation`). */
export function newInvitation(of: Omit<NewInvitation, "id">): NewInvitation {
  return { id: randomUUID(), ...of };
}

/** What an invitation counts against; `sender`: by its account, or by the name somebody gave. */
export function invitationCounters(sender: number | string, to: string, client: Client): Counter[] {
  return [["invite-destination", to], ["invite-sender", sender], ...mailCounters(to, client)];
}
