import { type Call, currentCall } from "#lib/call.ts";
import { log } from "#lib/log.ts";
import { once } from "#lib/once.ts";

/**
 * The one place that knows what the store's trouble looks like. Locked, full, not writable, damaged, away or gone: none of it
 * is the caller's doing nor a fault of the code, and every door answers it with 503 and `Retry-After`.
 */

/** SQLite's codes, our own (db/postgres-errors.ts), and those of PostgreSQL that stand in the tables below. */
const TROUBLE = /^(SQLITE_(BUSY|LOCKED|FULL|READONLY|IOERR|CANTOPEN|CORRUPT|NOTADB)|STORE_)/;
const LOCKED = /^SQLITE_(BUSY|LOCKED)/;

/** PostgreSQL's states, by their beginning, that last: nothing is gained by asking again at once. */
const LASTING = {
  "08": "the connection",
  "28": "the user or the password is refused",
  "3D000": "the database is not there",
  "25006": "only reads are taken: this is no longer the primary",
  "53": "the disk is full, no connection or memory is left",
  "55000": "not in a state to do it",
  "55P03": "a lock was waited for in vain",
  "57014": "it took too long, or was cancelled",
  "57P": "it is being stopped or started, or ended the connection",
  "58": "the disk or the system under it",
  XX001: "data is damaged",
  XX002: "an index is damaged",
};
/** Those after which the same, done anew, goes through: what had been done is undone whole. */
const PASSING = {
  "40001": "others were faster",
  "40P01": "a deadlock",
  "0A000": "a prepared statement from before a change of the tables",
  "26000": "a prepared statement that a pooler does not know",
  "42P05": "one that it knows already",
};
const beginsWith = (code: string, table: object): boolean => Object.keys(table).some((state) => code.startsWith(state));
const isPassing = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code) && beginsWith(code, PASSING);

/** Whether the driver's code is one of the store's trouble. */
export const isTrouble = (code: string): boolean =>
  TROUBLE.test(code) || (/^[0-9A-Z]{5}$/.test(code) && beginsWith(code, { ...LASTING, ...PASSING }));

/** Seconds after which it is worth trying again. */
export const RETRY_AFTER = 2;
/** How long a call waits for a lock that another process holds. A caller is told within two seconds, in all. */
const PATIENCE_MS = 1_500;
/** The same for a call that has used up its time in the queue for the password workers: enough for another's short write. */
const LEAST_PATIENCE_MS = 100;
/** How often what others were in the way of is done in all. A deadlock takes a second to be found, so time is no measure. */
const TRIES = 5;

/** What is thrown in place of the driver's error. Carries the driver's code and none of the query's values. */
export class StoreUnavailable extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`The store is unavailable: ${code}`);
    this.name = "StoreUnavailable";
    this.code = code;
  }
}

/** The driver's code, if the error is trouble of the store's. Drizzle wraps what the driver throws, so causes count. */
export function troubleOf(error: unknown): string | undefined {
  for (let one = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth += 1) {
    const { code } = one as { code?: unknown };
    if (typeof code === "string" && isTrouble(code)) return code;
  }
  return undefined;
}

/** Takes back what was counted against a caller. */
type GiveBack = () => PromiseLike<unknown>;

/**
 * Does the work, and again while another process holds the lock. It waits by timers: the driver's own waiting would hold
 * the event loop, and with it everyone else. Throws `StoreUnavailable` where the wait is over or would help nothing.
 */
export async function patiently<T>(work: () => T | Promise<T>, patience = PATIENCE_MS): Promise<T> {
  // A request waits as long as this in all; what it set going (the mail worker) waits for itself.
  const call: Partial<Call> = currentCall() ?? {};
  for (let n = 1; ; n += 1) {
    try {
      return await work();
    } catch (error) {
      const code = troubleOf(error);
      if (!code) throw error;
      const now = performance.now();
      call.giveUpAt ??= Math.max((call.since ?? now) + patience, now + Math.min(patience, LEAST_PATIENCE_MS));
      const isWorthIt = LOCKED.test(code) ? performance.now() <= call.giveUpAt : isPassing(code) && n < TRIES;
      if (!isWorthIt) throw giveUp(code, call);
      // Each at another moment, so that those who wait do not all come at once.
      await new Promise((resolve) => setTimeout(resolve, 15 + Math.random() * 30));
    }
  }
}

/** Notes how to take back what the request at hand has counted, should it turn out that the store could not do the rest. */
export function noteCounted(giveBack: GiveBack): void {
  const call = currentCall();
  if (!call) return;
  call.counted ??= [];
  call.counted.push(giveBack);
}

const GIVE_BACK_TRIES = 900;

/** The store's trouble counts against nobody. It may well last: then what was counted is taken back once it is over. */
export async function endCall(call: Call): Promise<void> {
  call.isOver = true;
  if (!call.trouble) return;
  for (const giveBack of call.counted ?? [])
    for (let n = 0; n < GIVE_BACK_TRIES && !(await isDone(giveBack)); n += 1)
      await new Promise((resolve) => setTimeout(resolve, 1_000).unref());
}

const isDone = (work: GiveBack): Promise<boolean> =>
  Promise.resolve(work()).then(
    () => true,
    (error) => !troubleOf(error),
  );

const met = once("trouble of the store", () => ({ at: Number.NEGATIVE_INFINITY }));

/** Whether a query was given up for the store's trouble after this moment (of `performance.now()`). */
export const hasMetTroubleSince = (moment: number): boolean => met.at > moment;

function giveUp(code: string, call: Partial<Call>): StoreUnavailable {
  if (!call.trouble) log.error("store_unavailable", { id: call.id, code });
  call.trouble = code;
  met.at = performance.now();
  return new StoreUnavailable(code);
}
