import { once } from "./once.ts";

/**
 * The time by which everything in the store is measured. Several copies of the server may stand on machines whose clocks
 * differ; all of them go by the database's, so that a grace, the newest of two and who holds a mail are the same to each. A
 * store in a file goes by its own machine's.
 */
const clocks = once("clock", () => ({ offset: 0 }));

/** Milliseconds since 1970, as the database has them. */
export const clock = (): number => Date.now() + clocks.offset;

/** The same for a library that wants a date. */
export const clockDate = (): Date => new Date(clock());

/** Seconds since 1970 that are so many from now, as tokens have them. */
export const inSeconds = (seconds: number): number => Math.floor(clock() / 1000) + seconds;

/** Asks the database, by a question that answers with its milliseconds. */
export async function setClock(ask: () => Promise<number>): Promise<void> {
  const asked = Date.now();
  const began = performance.now();
  const theirs = await ask();
  const took = performance.now() - began;
  const offset = theirs - (asked + took / 2);
  // What the way there and back may explain is no difference.
  if (Math.abs(offset - clocks.offset) > took / 2 + 1) clocks.offset = Math.round(offset);
}
