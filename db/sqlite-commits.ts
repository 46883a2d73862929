import type Database from "better-sqlite3";

export type Commits = {
  /** Does the work in a transaction of its own, and resolves with what it returns once that is on the disk. */
  commit<T>(work: () => T): Promise<T>;
  /** Does now what waits. */
  flush(): void;
};

type Waiting = { work: () => unknown; resolve(value: unknown): void; reject(error: unknown): void };
type Outcome = { value: unknown } | { error: unknown };

/** So many, and then the event loop sees to the others first: a few milliseconds. */
const MOST_AT_ONCE = 64;

/**
 * One commit for all that is to be written at one turn of the event loop ("group commit"): the disk is what takes the time
 * in it, as long for one change as for many. Each work is still done whole or not at all, after the one before it, and one
 * that fails takes no other with it; but where the commit fails, it fails for all, and nobody has been told otherwise.
 */
export function groupCommits(raw: Database.Database): Commits {
  const waiting: Waiting[] = [];
  // Within a transaction the driver makes it a savepoint.
  const whole = raw.transaction((work: () => unknown) => work());

  function attempt({ work }: Waiting): Outcome {
    try {
      return { value: whole(work) };
    } catch (error) {
      // A full disk ends the transaction itself, and with it what the others before this one did.
      if (!raw.inTransaction) throw error;
      return { error };
    }
  }

  const together = (group: Waiting[]): Outcome[] => whole.immediate(() => group.map(attempt)) as Outcome[];

  function flush(): void {
    const group = waiting.splice(0, MOST_AT_ONCE);
    const [only] = group;
    if (!only) return;
    if (waiting.length > 0) setImmediate(flush);
    try {
      const outcomes = group.length === 1 ? [{ value: whole.immediate(only.work) }] : together(group);
      group.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index] as Outcome;
        if ("error" in outcome) reject(outcome.error);
        else resolve(outcome.value);
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  return {
    commit: <T>(work: () => T) =>
      new Promise<T>((resolve, reject) => {
        if (waiting.push({ work, resolve: resolve as Waiting["resolve"], reject }) === 1) setImmediate(flush);
      }),
    flush() {
      while (waiting.length > 0) flush();
    },
  };
}
