import { findAccount } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import { findRole } from "#db/operators.ts";
import { giveUpNow, retryNow } from "#db/outbox-desk.ts";
import type { Account, OutboxMail } from "#db/schema.ts";
import { AccountStatus } from "#db/schema.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { requestMailQuietly } from "#lib/auth/proofs/mail-requests.ts";
import { recordAct } from "#lib/auth/record-event.ts";
import { isConfirmed } from "#lib/auth/sessions/confirmed.ts";
import { clock } from "#lib/clock.ts";
import { actorOf, authority, type By } from "./authority.ts";

/** What operators do with mail. Each throws `not_allowed`, `confirmation_needed`, `act_overtaken`. */

type MailAct = { by: By; mail: Pick<OutboxMail, "id" | "template" | "accountId">; why: string };

/** Has a mail that was given up, or waits for its next try, tried again at once. */
export const sendMailAgain = (input: MailAct): Promise<void> => onMail(input, "mail_sent_again", retryNow);

/** Has a mail that waits not be tried any more. */
export const giveMailUp = (input: MailAct): Promise<void> => onMail(input, "mail_given_up", giveUpNow);

async function onMail(
  { by, mail, why }: MailAct,
  kind: "mail_sent_again" | "mail_given_up",
  effect: typeof retryNow | typeof giveUpNow,
): Promise<void> {
  const now = clock();
  const account = mail.accountId === null ? undefined : await findAccount({ id: mail.accountId });
  const done = await atomically(() => [
    ...authority(by, "support", now),
    must(effect(mail.id, now)),
    recordAct(
      kind,
      { by: actorOf(by), why, template: mail.template, ...(account && { account }), ...clientOf(by) },
      now,
    ),
  ]);
  if (!done) await refuse(by);
}

/** Sends an account whose address is not proved the mail for it anew, within the limits of mail. `link`: where it leads. */
export async function sendVerificationAgain({
  by,
  account,
  why,
  link,
}: {
  by: By;
  account: Account;
  why: string;
  link: string;
}): Promise<void> {
  if (account.status !== AccountStatus.unverified) throw new AuthError("act_overtaken");
  const now = clock();
  const done = await atomically(() => [
    ...authority(by, "support", now),
    recordAct("mail_sent_again", { by: actorOf(by), why, template: "verify-email", account, ...clientOf(by) }, now),
  ]);
  if (!done) await refuse(by);
  await requestMailQuietly({ account, link });
}

const clientOf = (by: By) => (by === "command" ? {} : { client: by.client, session: by.session.id });

/** Why it was not done. */
async function refuse(by: By): Promise<never> {
  if (by === "command") throw new AuthError("act_overtaken");
  if (!(await isConfirmed(by.session.id))) throw new AuthError("confirmation_needed");
  throw new AuthError((await findRole(by.account.id)) ? "act_overtaken" : "not_allowed");
}
