import { randomUUID } from "node:crypto";
import { and, asc, eq, gt, inArray, isNull, lt, lte, min, type SQL, sql } from "drizzle-orm";
import { announcing, atomically, db } from "./client.ts";
import { countMore, dayOf } from "./daily-counts.ts";
import { passingOverLocked } from "./locking.ts";
import {
  type Account,
  accountColumns,
  accounts,
  type Challenge,
  challenges,
  type Invitation,
  invitations,
  type MailTemplate,
  type OutboxMail,
  outbox,
} from "./schema.ts";

/** Mail still to be sent. Rows are intents: what they say is rendered when it goes out (lib/mail/outbox.ts). */

export type MailIntent = {
  template: MailTemplate;
  to: string;
  /** A sub-select where the account is inserted in the same transaction and its number is not known yet. */
  accountId?: number | SQL | null | undefined;
  challengeId?: string | null | undefined;
  invitationId?: string | undefined;
  /** Of a notice: what it is about. */
  about?: string | undefined;
  /** Absolute URL the mail's link leads to, without the token. */
  link?: string | null | undefined;
  now: number;
  /** When its turn comes, in ms since 1970; at once where it is not said. */
  dueAt?: number;
};

/** A mail that was asked for, for whoever has the address: see `outbox` in the schema. */
export type MailRequest = Pick<MailIntent, "to" | "now"> &
  Required<Pick<MailIntent, "dueAt">> & {
    template: "verify-email" | "reset-password" | "invite" | "change-email";
    /** Who sends it, of an invitation; whose address shall be another, of a change. */
    accountId?: number | null;
    link: string;
    about: string | null;
    callerKnown: boolean;
  };

/**
 * The insert statement, for the list of `atomically`: the intent is written with what caused it, or neither is; the worker
 * hears of it once both are.
 */
export function queueMail(mail: MailIntent) {
  return announcing(db().insert(outbox).values(rowFor(mail)));
}

/** As `queueMail`, for a notice that goes to an account once a day (by UTC) at most; a second one is not queued. */
export function queueDailyNotice(notice: MailIntent & { accountId: number }) {
  const id = `${notice.template}-${notice.accountId}-${new Date(notice.now).toISOString().slice(0, 10)}`;
  return announcing(
    db()
      .insert(outbox)
      .values({ ...rowFor(notice), id })
      .onConflictDoNothing(),
  );
}

/** As `queueMail`, for a mail of which nobody has looked yet whether it goes to anyone. */
export function queueRequest({ about, callerKnown, ...mail }: MailRequest) {
  return announcing(
    db()
      .insert(outbox)
      .values({ ...rowFor(mail), about, callerKnown: callerKnown ? 1 : 0 }),
  );
}

const rowFor = (mail: MailIntent) => ({
  id: randomUUID(),
  template: mail.template,
  to: mail.to,
  accountId: mail.accountId ?? null,
  challengeId: mail.challengeId ?? null,
  invitationId: mail.invitationId ?? null,
  about: mail.about ?? null,
  link: mail.link ?? null,
  createdAt: mail.now,
  nextTryAt: mail.dueAt ?? mail.now,
});

/** For `atomically`: makes a request the mail it asked for. Returns nothing where another worker was faster. */
export function answerRequest(mail: OutboxMail, subject: RequestSubject) {
  return db()
    .update(outbox)
    .set(subject)
    .where(and(stillHeld(mail), isNull(outbox.challengeId), isNull(outbox.invitationId)))
    .returning();
}

/** For `atomically`: makes a request a notice to whoever has the address. Returns nothing where another worker was faster. */
export function answerWithNotice(
  mail: OutboxMail,
  notice: Pick<OutboxMail, "template" | "about"> & { accountId: number },
) {
  return db()
    .update(outbox)
    .set(notice)
    .where(and(stillHeld(mail), isNull(outbox.challengeId), isNull(outbox.invitationId)))
    .returning();
}

type RequestSubject = { accountId: number } & ({ challengeId: string } | { invitationId: string });

const pending = and(isNull(outbox.sentAt), isNull(outbox.failedAt));

/**
 * Takes one mail that is due, or null. Counts the attempt, holds the row until `until` and stamps it: a stamp older than
 * `oldestStamp` is renewed, a younger one stays, so that what is tried again soon is tried again byte for byte.
 */
export async function claimDueMail({
  now,
  until,
  oldestStamp,
}: {
  now: number;
  until: number;
  oldestStamp: number;
}): Promise<OutboxMail | null> {
  const due = passingOverLocked(
    db()
      .select({ id: outbox.id })
      .from(outbox)
      .where(and(pending, lte(outbox.nextTryAt, now), lte(outbox.claimedUntil, now)))
      .orderBy(asc(outbox.nextTryAt))
      .limit(1),
  );
  const [mail] = await db()
    .update(outbox)
    .set({
      attempts: sql`${outbox.attempts} + 1`,
      claimedUntil: until,
      stampedAt: sql`case when ${outbox.stampedAt} > ${oldestStamp} then ${outbox.stampedAt} else ${now} end`,
    })
    // The second look at the row is for engines where two workers may have picked the same one.
    .where(and(eq(outbox.id, sql`(${due})`), pending, lte(outbox.claimedUntil, now)))
    .returning();
  return mail ?? null;
}

/** Holds it for longer, while it is being sent. Says whether it is still held. */
export async function holdMailLonger(mail: OutboxMail, until: number): Promise<boolean> {
  const held = await db()
    .update(outbox)
    .set({ claimedUntil: until })
    .where(stillHeld(mail))
    .returning({ id: outbox.id });
  return held.length === 1;
}

/** What a mail is about, as it is now; null when the mail itself is gone. */
export async function findMailSubject(
  id: string,
): Promise<{ account: Account | null; challenge: Challenge | null; invitation: Invitation | null } | null> {
  const [subject] = await db()
    .select({ account: accountColumns, challenge: challenges, invitation: invitations })
    .from(outbox)
    .leftJoin(accounts, eq(accounts.id, outbox.accountId))
    .leftJoin(challenges, eq(challenges.id, outbox.challengeId))
    .leftJoin(invitations, eq(invitations.id, outbox.invitationId))
    .where(eq(outbox.id, id))
    .limit(1);
  return subject ?? null;
}

/** Its row goes a day later; that there was one stays counted. */
export async function markMailSent({ id, now }: { id: string; now: number }): Promise<void> {
  await atomically(() => [
    db().update(outbox).set({ sentAt: now, claimedUntil: 0, lastError: null }).where(eq(outbox.id, id)),
    countMore({ day: dayOf(now), kind: MAIL_SENT, count: 1 }),
  ]);
}

/** As `kind` in `daily_counts`, where all others are kinds of rows of the trail. */
export const MAIL_SENT = "mail_sent";

// A worker whose time with a row ran out must not disturb the one that took over.
const stillHeld = (mail: OutboxMail) =>
  and(eq(outbox.id, mail.id), pending, eq(outbox.claimedUntil, mail.claimedUntil));

export async function retryMailLater(mail: OutboxMail, { at, error }: { at: number; error: string }): Promise<void> {
  await db().update(outbox).set({ nextTryAt: at, claimedUntil: 0, lastError: error }).where(stillHeld(mail));
}

export async function giveUpMail(mail: OutboxMail, { now, error }: { now: number; error: string }): Promise<void> {
  await db().update(outbox).set({ failedAt: now, claimedUntil: 0, lastError: error }).where(stillHeld(mail));
}

/** For a mail that no longer has anything to say. */
export async function dropMail(mail: OutboxMail): Promise<void> {
  await db().delete(outbox).where(stillHeld(mail));
}

/** Makes mail that waits for its next try due at once: what stood in its way is gone. */
export async function hurryDelayedMail(now: number): Promise<void> {
  await db()
    .update(outbox)
    .set({ nextTryAt: now })
    .where(and(pending, gt(outbox.nextTryAt, now), lte(outbox.claimedUntil, now)));
}

/** Removes at most so many that were sent before then, and returns which. */
export function purgeSentMail(sentBefore: number, most: number) {
  const old = db().select({ id: outbox.id }).from(outbox).where(lt(outbox.sentAt, sentBefore)).limit(most);
  return db().delete(outbox).where(inArray(outbox.id, old)).returning({ id: outbox.id });
}

/** Removes at most so many that were given up before then, and returns which. */
export function purgeFailedMail(failedBefore: number, most: number) {
  const old = db().select({ id: outbox.id }).from(outbox).where(lt(outbox.failedAt, failedBefore)).limit(most);
  return db().delete(outbox).where(inArray(outbox.id, old)).returning({ id: outbox.id });
}

/** When the next mail is due, or null when none waits. A held row is due when its holder's time is up. */
export async function nextMailDueAt(): Promise<number | null> {
  const later = sql`case when ${outbox.claimedUntil} > ${outbox.nextTryAt} then ${outbox.claimedUntil} else ${outbox.nextTryAt} end`;
  const [next] = await db()
    .select({ at: min(later).mapWith(Number) })
    .from(outbox)
    .where(pending);
  return next?.at ?? null;
}
