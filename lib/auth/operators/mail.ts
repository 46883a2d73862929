import { findAccount } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import { findRole } from "#db/operators.ts";
import { findMail, giveUpNow, listMails, type MailKey, oldestWaiting, retryNow } from "#db/outbox-desk.ts";
import type { Account, OutboxMail } from "#db/schema.ts";
import { AccountStatus } from "#db/schema.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { requestMailQuietly } from "#lib/auth/proofs/mail-requests.ts";
import { recordAct } from "#lib/auth/record-event.ts";
import { isConfirmed } from "#lib/auth/sessions/confirmed.ts";
import { clock } from "#lib/clock.ts";
import { actorOf, authority, type By } from "./authority.ts";

export type { MailKey } from "#db/outbox-desk.ts";
export type { OutboxMail } from "#db/schema.ts";

const MAILS_A_PAGE = 50;

/** A page of the mails that wait, by when they were queued, or that were given up, by when that was; the newest first. */
export async function mailsSeen(
  which: "waiting" | "failed",
  before?: MailKey,
): Promise<{ mails: OutboxMail[]; next: MailKey | undefined }> {
  const found = await listMails(which, { before, limit: MAILS_A_PAGE + 1 });
  const mails = found.slice(0, MAILS_A_PAGE);
  const last = found.length > MAILS_A_PAGE ? mails.at(-1) : undefined;
  return { mails, next: last && { at: (which === "failed" ? last.failedAt : null) ?? last.createdAt, id: last.id } };
}

/** One of them; undefined where it is gone. */
export const mailSeen = (id: string): Promise<OutboxMail | undefined> => findMail(id);

/** Since when the oldest mail waits, in ms since 1970; null where none does. */
export const mailWaitsSince = (): Promise<number | null> => oldestWaiting();

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
