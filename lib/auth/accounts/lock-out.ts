import { clearPassword } from "#db/accounts.ts";
import { insertChallenge } from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { rememberNetwork } from "#db/known-networks.ts";
import { queueMail } from "#db/outbox.ts";
import type { Caller } from "#db/sessions.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { noticeOf } from "#lib/auth/factors/notice.ts";
import { siteOf } from "#lib/auth/limits.ts";
import { newChallenge } from "#lib/auth/proofs/challenges.ts";
import { countSent } from "#lib/auth/proofs/mail-limits.ts";
import { endingAllOthers } from "#lib/auth/proofs/reset-password.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import { holdConfirmed } from "#lib/auth/sessions/confirmed.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";

/**
 * "This wasn't me": somebody else got in, and so knows the password or sits at Google in the owner's place. All that lets anybody in ends,
 * for whoever asks too, but for the one proof a thief of a password does not have: a mail to the account's address, by which a
 * new password is set (reset-password.ts). So a thief who presses the button gains nothing: they are out as well, and the owner hears
 * of it. An app for codes stays, and is asked for after the mail.
 * Throws `confirmation_needed`: who only sits at an open browser must not take its owner's password away.
 */
export async function lockEverybodyOut({
  account,
  session,
  client,
  link,
}: Caller & {
  client: Client;
  /** Where the mail's link leads that sets the new password; the token is added to its query. */
  link: string;
}): Promise<void> {
  const now = clock();
  const challenge = newChallenge(account.id, "reset-password");
  const to = { to: account.email, accountId: account.id };
  const done = await atomically(() => [
    must(clearPassword(account.id, now)),
    must(holdConfirmed(session.id, now)),
    ...endingAllOthers(account, now),
    // Whoever asked for this is still known, and may be sent a few mails more when strangers have used up the address's.
    rememberNetwork(account.id, siteOf(client), now),
    // Not counted, for the same reason: without it nobody gets in any more.
    insertChallenge(challenge, now),
    queueMail({ template: "reset-password", ...to, challengeId: challenge.id, link, now }),
    ...countSent(account.email, now),
    recordEvent("log_in_disowned", { account, client, session: session.id }, now),
    noticeOf(account, "locked-out", now),
  ]);
  if (!done) throw new AuthError("confirmation_needed");
}
