/**
 * What must exist once in a process: the connection to the store, the workers, the places and counts of those under way.
 * Next bundles a file several times, and server.ts runs outside its bundles; all copies meet here.
 */
const shared = globalThis as typeof globalThis & { latchkey?: Map<string, unknown> };
shared.latchkey ??= new Map();
const things = shared.latchkey;

/** The one thing of this name in the process; the first who asks makes it. */
export function once<T>(name: string, make: () => T): T {
  if (!things.has(name)) things.set(name, make());
  return things.get(name) as T;
}
