import type { Db } from "./engine.ts";

/** A drizzle query that was built and not yet awaited. */
export type Statement = PromiseLike<unknown> & {
  [GUARDED]?: boolean;
  [ANNOUNCES]?: boolean;
  [AFTERWARDS]?: () => void;
  [ALONG]?: readonly Statement[];
};

// The engine runs outside Next's bundles, and statements are marked inside them: symbols that all of them know.
const GUARDED = Symbol.for("latchkey.must");
const ANNOUNCES = Symbol.for("latchkey.announcing");
const AFTERWARDS = Symbol.for("latchkey.afterwards");
const ALONG = Symbol.for("latchkey.along");

/**
 * Marks a statement of `atomically` that must touch a row: if it returns none, everything is undone. So it is where what it
 * would set is somebody else's already and can be only once: an update has no way of its own to say so.
 */
export function must<S extends PromiseLike<unknown>>(statement: S): S {
  return Object.assign(statement, { [GUARDED]: true });
}

/** Marks a statement of `atomically` that queues a mail: the worker is told of it after the commit, once for all of them. */
export function announcing<S extends PromiseLike<unknown>>(statement: S): S {
  return Object.assign(statement, { [ANNOUNCES]: true });
}

/** Gives a statement of `atomically` something to do once its transaction is committed, and never where it was undone. */
export function afterwards<S extends PromiseLike<unknown>>(statement: S, work: () => void): S {
  return Object.assign(statement, { [AFTERWARDS]: work });
}

/**
 * Gives a statement of `atomically` others that run right after it, in the same transaction: what one deed leaves in several tables is
 * one entry of the list. Their rows are not given back, and they guard nothing.
 */
export function along<S extends PromiseLike<unknown>>(statement: S, others: readonly Statement[]): S {
  return Object.assign(statement, { [ALONG]: others });
}

export const alongside = (statement: Statement): readonly Statement[] => statement[ALONG] ?? [];

export const isGuarded = (statement: Statement): boolean => statement[GUARDED] === true;
export const announces = (statement: Statement): boolean => statement[ANNOUNCES] === true;
export const worksAfter = (statements: readonly Statement[]): (() => void)[] =>
  statements.flatMap((statement) => [statement, ...alongside(statement)].flatMap((one) => one[AFTERWARDS] ?? []));

/** Throws where one was built before: it would run outside the transaction, which would seem to hold it. `db` is the transaction's. */
export function refuseStrangers(statements: readonly Statement[], db: Db): void {
  const session = sessionOf(db);
  if (statements.some((one) => [one, ...alongside(one)].some((each) => sessionOf(each) !== session)))
    throw new Error("A statement of a transaction was built outside its list");
}

const sessionOf = (of: unknown): unknown => (of as { session: unknown }).session;

/** Whether it gives back the rows it touched. */
export const returnsRows = (statement: Statement): boolean =>
  Boolean((statement as unknown as { config: { returning?: unknown } }).config.returning);
