/**
 * Loaded into a copy before its own code (`NODE_OPTIONS=--import`): a machine whose clock is a minute ahead. The product itself
 * knows nothing of it.
 */

const AHEAD_MS = 60_000;
const now = Date.now.bind(Date);

globalThis.Date = class extends Date {
  // With no argument this moment is meant; with some, whatever moment they name.
  constructor(...given: [] | [number]) {
    super(...((given.length === 0 ? [now() + AHEAD_MS] : given) as [number]));
  }
  static override now(): number {
    return now() + AHEAD_MS;
  }
} as DateConstructor;
