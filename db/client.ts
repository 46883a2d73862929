import { env, storeEngine } from "#lib/env.ts";
import { once } from "#lib/once.ts";
import type { Db, Engine } from "./engine.ts";
import { nudgeOutbox } from "./mail-nudge.ts";
import { databaseFile } from "./place.ts";
import type { Statement } from "./statements.ts";
import { hasMetTroubleSince } from "./trouble.ts";

export { afterwards, along, announcing, must } from "./statements.ts";

/**
 * The store. Everything outside the engines' own files awaits drizzle queries and never names an engine: no `.get`, `.all` or
 * `.run`, no driver error codes, no row counts.
 */

const store = once("store", (): { engine?: Engine | undefined } => ({}));

/** Opens the store and brings it up to date. Of a second call nothing comes. */
export async function openStore(): Promise<void> {
  store.engine ??=
    storeEngine() === "postgres"
      ? await (await import("./postgres.ts")).openPostgres(env().DATABASE_URL)
      : (await import("./sqlite.ts")).openSqlite(databaseFile());
}

function engine(): Engine {
  if (!store.engine) throw new Error("The store is not open: openStore comes first");
  return store.engine;
}

/** Where queries are built. */
export function db(): Db {
  return engine().db();
}

/**
 * Runs the statements in order in one transaction. Returns the rows of each (those of `.returning()`, else none), or null
 * when one marked with `must` returned no row, in which case nothing has changed. The list may be built more than once: it
 * only builds statements, and all of them within this function.
 */
export async function atomically<const S extends readonly PromiseLike<unknown>[]>(
  statements: () => S,
): Promise<{ -readonly [K in keyof S]: Awaited<S[K]> } | null> {
  const done = await engine().together(statements as () => readonly Statement[]);
  if (done?.announced) {
    nudgeOutbox();
    engine().tellOthers();
  }
  for (const work of done?.afterwards ?? []) work();
  return done && (done.rows as { -readonly [K in keyof S]: Awaited<S[K]> });
}

/**
 * Whether a row can be written and is on the disk afterwards: only a commit shows a full disk. Tried once a second at most,
 * and anew when the last try went well but a query has met with trouble since.
 */
export async function canWrite(): Promise<boolean> {
  const last = probe;
  const isNew = last && performance.now() - last.at <= 1_000;
  if (isNew && !((await last.answer) && hasMetTroubleSince(last.at))) return last.answer;
  probe = { at: performance.now(), answer: engine().canWrite() };
  return probe.answer;
}

let probe: { at: number; answer: Promise<boolean> } | undefined;

/** Whether it is this process's turn to do what one of all that share the store does, once in so many milliseconds. */
export const takeTurn = (what: "tidy-up", every: number): Promise<boolean> => engine().takeTurn(what, every);

/**
 * Does the work in a transaction that is taken back afterwards. For the start, while nobody else is served: all that the
 * process writes meanwhile is taken back with it. `isOpen` says whether it still is: a full disk ends a transaction.
 */
export const takenBack = (work: (isOpen: () => boolean) => Promise<void>): Promise<void> => engine().takenBack(work);

export async function closeDatabase(): Promise<void> {
  const { engine } = store;
  store.engine = undefined;
  await engine?.close();
}
