import { onNudge } from "#db/mail-nudge.ts";
import {
  claimDueMail,
  dropMail,
  giveUpMail,
  holdMailLonger,
  hurryDelayedMail,
  markMailSent,
  nextMailDueAt,
  retryMailLater,
} from "#db/outbox.ts";
import type { OutboxMail } from "#db/schema.ts";
import { endOlderInvitations } from "#lib/auth/invitations/invitation-link.ts";
import { answerInvitationRequest } from "#lib/auth/invitations/invite-in-name-of.ts";
import { answerMailRequest, endOlder } from "#lib/auth/proofs/mail-requests.ts";
import { answerEmailChangeRequest } from "#lib/auth/proofs/request-email-change.ts";
import { clock } from "#lib/clock.ts";
import { isStopping, onStop } from "#lib/lifecycle.ts";
import { describeError, log } from "#lib/log.ts";
import { composeMail } from "./compose.ts";
import { chooseTransport } from "./deliver/choose.ts";
import { DeliveryError, type Transport } from "./deliver/transport.ts";

/**
 * The worker that empties the outbox. It wakes when nudged and when a mail is due to be tried again, so that mail being
 * down delays mail and nothing else.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const LANES = 4;
/** A row is held for so long, and for longer while its mail is being sent: one that is free again is of a worker that is gone. */
const HOLD = 6 * SECOND;
const HOLD_AGAIN_AFTER = 2 * SECOND;
/** A mail tried again within this time is the same bytes under the same key; later it is written anew, with full lifetimes. */
const STAMP_LIFE = 5 * MINUTE;
const PAUSES = [2 * SECOND, 10 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR];
const GIVE_UP_AFTER = 24 * HOUR;
/**
 * How long a row can lie unnoticed that another process put there, or that a failing store hid. With the time for which one
 * that is gone holds its rows, less than ten seconds.
 */
const LONGEST_SLEEP = 3 * SECOND;

/** Starts the worker of this process, and has it finish its sends when the process stops. */
export function startOutbox(): void {
  runOutbox({ transport: chooseTransport(), clock });
}

function runOutbox(means: Means): void {
  const lanes = new Set<Promise<void>>();
  let nudged = false;
  let isEnded = false;
  // From the moment the process is told to stop, which may be long before its last request is answered.
  const isOver = () => isEnded || isStopping();
  let alarm: NodeJS.Timeout | undefined;

  const wake = (): void => {
    nudged = true;
    if (isOver() || lanes.size >= LANES) return;
    const lane: Promise<void> = workThrough()
      .catch((error: unknown) => log.error("outbox_failed", describeError(error)))
      .then(() => {
        lanes.delete(lane);
        return setAlarm();
      });
    lanes.add(lane);
  };

  const workThrough = async (): Promise<void> => {
    while (nudged && !isOver()) {
      nudged = false;
      // Where one mail was due there may be another: let the next lane look while this one sends.
      while (!isOver() && (await sendNextMail(means, wake)));
    }
  };

  const setAlarm = async (): Promise<void> => {
    const due = await nextMailDueAt().catch(() => null);
    clearTimeout(alarm);
    if (isOver()) return;
    const pause = due === null ? LONGEST_SLEEP : Math.min(Math.max(due - means.clock(), SECOND / 10), LONGEST_SLEEP);
    alarm = setTimeout(wake, pause).unref();
  };

  onNudge(wake);
  wake();
  onStop(async () => {
    isEnded = true;
    onNudge(undefined);
    clearTimeout(alarm);
    await Promise.all(lanes);
  });
}

type Means = { transport: Transport; clock: () => number };

/**
 * Sends one mail that is due, or finds that it cannot and writes down when to try again. Returns whether there was one;
 * `claimed` is called as soon as it is known.
 */
export async function sendNextMail({ transport, clock }: Means, claimed: () => void = () => {}): Promise<boolean> {
  const now = clock();
  const row = await claimDueMail({ now, until: now + HOLD, oldestStamp: now - STAMP_LIFE });
  if (!row) return false;
  claimed();
  const hold = keepHold(row, clock);
  try {
    const wanted = await answered(row);
    const mail = wanted && (await composeMail(wanted));
    if (!wanted || !mail) {
      await hold.end();
      await dropMail(row);
      log.info("mail_dropped", named(row));
      return true;
    }
    await transport(mail);
    await hold.end();
    // Not when it was queued: while mail is down, the older mail's link is all that its reader has.
    if (wanted.challengeId !== null) await endOlder(wanted.challengeId);
    if (wanted.invitationId !== null) await endOlderInvitations(wanted.invitationId);
    await markMailSent({ id: row.id, now: clock() });
    log.info("mail_sent", named(row));
    await hurryOthers(clock());
  } catch (error) {
    await hold.end();
    await tryLater(row, error, clock());
  }
  return true;
}

/** Holds the row for as long as its mail is being sent, and writes into it until when. */
function keepHold(row: OutboxMail, clock: () => number): { end(): Promise<void> } {
  const holdLonger = async () => {
    const until = clock() + HOLD;
    if (await holdMailLonger(row, until)) row.claimedUntil = until;
  };
  let last: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    // A store that is away now is asked again the next time.
    last = last.then(holdLonger).catch(() => {});
  }, HOLD_AGAIN_AFTER);
  return {
    end() {
      clearInterval(timer);
      return last;
    },
  };
}

/** A request becomes the mail it asked for, or null where nobody is to be mailed; any other mail is what it was. */
async function answered(row: OutboxMail): Promise<OutboxMail | null> {
  if (row.challengeId !== null || row.invitationId !== null) return row;
  if (row.template === "invite") return answerInvitationRequest(row);
  if (row.template === "change-email") return answerEmailChangeRequest(row);
  if (row.template === "verify-email" || row.template === "reset-password") return answerMailRequest(row);
  return row;
}

/** Whether a try has failed since the last mail went through. At the start nobody knows. */
let isAnyDelayed = true;
let hurriedAt = 0;

/** The first mail through after a failure shows that the way is open: what waits for its pause to end goes now. */
async function hurryOthers(now: number): Promise<void> {
  // Not each time: a mail that one recipient's server puts off would be tried again with every other mail that goes out.
  if (!isAnyDelayed || Math.abs(now - hurriedAt) < MINUTE) return;
  isAnyDelayed = false;
  hurriedAt = now;
  await hurryDelayedMail(now);
}

async function tryLater(row: OutboxMail, cause: unknown, now: number): Promise<void> {
  const error = reasonOf(cause);
  const at = now + pauseAfter(row.attempts);
  const permanent = cause instanceof DeliveryError && cause.permanent;
  if (permanent || at > row.createdAt + GIVE_UP_AFTER) {
    await giveUpMail(row, { now, error });
    log.error("mail_failed", { ...named(row), error });
    return;
  }
  isAnyDelayed = true;
  await retryMailLater(row, { at, error });
  log.warn("mail_delayed", { ...named(row), error, nextTry: new Date(at).toISOString() });
}

/** Up to a fifth longer or shorter, so that mails that failed together do not all come back together. */
function pauseAfter(attempts: number): number {
  const pause = PAUSES[Math.min(attempts, PAUSES.length) - 1] ?? HOUR;
  return Math.round(pause * (0.8 + Math.random() * 0.4));
}

/**
 * The other side's words, shortened, and without the addresses that mail servers like to name in them. The mail itself,
 * with its link and code, is never in them.
 */
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .replace(/[^\s<>"'(),;:[\]]+@[^\s<>"'(),;:[\]]+/g, "(address)")
    .slice(0, 300);

// Addresses stay out of the log; the row tells whose mail it was.
const named = (row: OutboxMail) => ({ mail: row.id, template: row.template, attempt: row.attempts });
