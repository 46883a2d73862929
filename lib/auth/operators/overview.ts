import { dayOf, listDailyCounts } from "#db/daily-counts.ts";
import { type OperatorOf, operatorsWithoutApp } from "#db/operators.ts";
import { MAIL_SENT } from "#db/outbox.ts";
import { countFailed, oldestWaiting } from "#db/outbox-desk.ts";
import { AccountStatus } from "#db/schema.ts";
import { oldestLoose } from "#db/trail-desk.ts";
import type { SecurityEvent } from "#lib/auth/security-events.ts";
import { clock } from "#lib/clock.ts";
import { operators } from "./roles.ts";

/** What operators see first: how the last thirty days went, and what needs a look. */

const DAY = 24 * 60 * 60_000;
const DAYS = 30;

/** What is drawn, and what counts as it: kinds of rows of the trail, and mails. */
const DRAWN = {
  signUps: ["sign_up", "invitation_accepted"],
  logIns: ["log_in"],
  refusals: ["log_in_refused", "log_in_shut_out", "second_factor_refused"],
  resets: ["reset_done"],
  mails: [MAIL_SENT],
} as const satisfies Record<string, readonly (SecurityEvent | typeof MAIL_SENT)[]>;

export type Drawn = keyof typeof DRAWN;
/** How often on each of thirty days (UTC), the oldest first; `day`: when it began, in ms. */
export type Series = { day: number; count: number }[];

/** One of the last thirty days for each figure. Figures are a second behind. */
export async function figures(): Promise<Record<Drawn, Series>> {
  const today = dayOf(clock());
  const days = Array.from({ length: DAYS }, (_, n) => today - (DAYS - 1 - n) * DAY);
  const counts = await listDailyCounts(days[0] ?? today, Object.values(DRAWN).flat());
  const seriesOf = (kinds: readonly string[]): Series =>
    days.map((day) => ({
      day,
      count: counts
        .filter((one) => one.day === day && kinds.includes(one.kind))
        .reduce((sum, { count }) => sum + count, 0),
    }));
  return Object.fromEntries(Object.entries(DRAWN).map(([name, kinds]) => [name, seriesOf(kinds)])) as Record<
    Drawn,
    Series
  >;
}

/** What needs a look; each is there only where it does. */
export type Concerns = {
  /** How many mails were given up in the last thirty days. */
  mailsFailed?: number;
  /** Since when the oldest mail waits, where that is long. */
  mailWaitsSince?: number;
  /** Since when a row of the trail has no place in its chain, where that is long. */
  trailWaitsSince?: number;
  /** Refusals today and on a usual day, where it is many more. */
  refusals?: { today: number; usual: number };
  /** Operators who have no app for codes, and so can do nothing. */
  withoutApp?: OperatorOf[];
  /** How many admins there are, where it is fewer than two. */
  admins?: number;
};

const MAIL_MAY_WAIT = 10 * 60_000;
const ROW_MAY_WAIT = 60_000;
/** Fewer are nobody's attack. */
const FEW_REFUSALS = 50;

export async function concerns({ refusals }: Record<Drawn, Series>): Promise<Concerns> {
  const now = clock();
  const [failed, waiting, loose, all, withoutApp] = await Promise.all([
    countFailed(),
    oldestWaiting(),
    oldestLoose(),
    operators(),
    operatorsWithoutApp(),
  ]);
  const admins = all.filter(({ role, status }) => role === "admin" && status === AccountStatus.active).length;
  const today = refusals.at(-1)?.count ?? 0;
  const before = refusals.slice(0, -1);
  const usual = before.reduce((sum, { count }) => sum + count, 0) / before.length;
  return {
    ...(failed > 0 && { mailsFailed: failed }),
    ...(waiting !== null && waiting < now - MAIL_MAY_WAIT && { mailWaitsSince: waiting }),
    ...(loose !== null && loose < now - ROW_MAY_WAIT && { trailWaitsSince: loose }),
    ...(today > FEW_REFUSALS && today > 3 * usual && { refusals: { today, usual: Math.round(usual) } }),
    ...(withoutApp.length > 0 && { withoutApp }),
    ...(admins < 2 && { admins }),
  };
}
