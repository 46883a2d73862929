import { AuthError, RETRY_AFTER } from "#lib/auth/errors.ts";
import { networkOf } from "#lib/auth/limits.ts";
import type { Client } from "#lib/client.ts";
import { once } from "#lib/once.ts";

/**
 * Places for those whose password is about to be compared or hashed. Taken before anything else is done, so that whoever is
 * turned away has cost nothing and has not counted as a guess.
 */

export type HashPurpose = "log-in" | "new-password";

/** About five seconds of work on two cores; whoever waits longer has given up. */
const MOST = 128;
/** A storm of log-ins must leave room for whoever signs up or resets a password, and the other way round. */
const MOST_FOR: Record<HashPurpose, number> = { "log-in": 100, "new-password": 64 };
/** One caller with many connections must not hold everybody's places. */
const MOST_OF_ONE_ADDRESS = 32;

export class Places {
  #held = 0;
  #heldFor: Record<HashPurpose, number> = { "log-in": 0, "new-password": 0 };
  #heldBy = new Map<string, number>();

  /** Takes a place and returns how to give it back; undefined where none is free. `network` is the caller's, where known. */
  take(purpose: HashPurpose, network?: string): (() => void) | undefined {
    const own = network === undefined ? 0 : (this.#heldBy.get(network) ?? 0);
    if (this.#held >= MOST || this.#heldFor[purpose] >= MOST_FOR[purpose] || own >= MOST_OF_ONE_ADDRESS)
      return undefined;
    this.#count(purpose, network, 1);
    let isHeld = true;
    return () => {
      if (isHeld) this.#count(purpose, network, -1);
      isHeld = false;
    };
  }

  #count(purpose: HashPurpose, network: string | undefined, by: 1 | -1): void {
    this.#held += by;
    this.#heldFor[purpose] += by;
    if (network === undefined) return;
    const own = (this.#heldBy.get(network) ?? 0) + by;
    if (own > 0) this.#heldBy.set(network, own);
    else this.#heldBy.delete(network);
  }
}

const shared = once("hash-places", () => new Places());

/** Does the work with a place held, or throws `busy` at once. */
export async function withPlace<T>(
  purpose: HashPurpose,
  client: Client | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const leave = shared.take(purpose, client && networkOf(client));
  if (!leave) throw new AuthError("busy", { retryAfter: RETRY_AFTER });
  try {
    return await work();
  } finally {
    leave();
  }
}
