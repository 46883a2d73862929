import { isKnownNetwork } from "#db/known-networks.ts";
import type { Account } from "#db/schema.ts";
import { NOBODY, nobodysName } from "#lib/auth/accounts/accounts.ts";
import {
  type Counter,
  clear,
  clearAll,
  giveBack,
  keyOf,
  networkOf,
  refuseShut,
  siteOf,
  tryTake,
} from "#lib/auth/limits.ts";
import { isKnownBrowser } from "#lib/auth/sessions/known-browsers.ts";
import { KNOWN_FOR } from "#lib/auth/sessions/known-callers.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { once } from "#lib/once.ts";

/**
 * Guesses at a password, counted before they are compared: so a burst cannot outrun the count, and an aborted guess counts.
 * Ten from one network, and a hundred a day from all networks that nobody has logged in to the account from; a network or a
 * browser that is known to the account has its own ten, so that strangers who guess lock nobody out (NIST SP 800-63B-4, 3.2.2).
 */

/** How long a guess waits, in ms, for those under way to turn out right or wrong, and how many may wait for one counter. */
const PATIENCE = 5_000;
const MOST_WAITING = 64;

export type Guess = {
  identifier: string;
  account: Account | undefined;
  client: Client;
};

/** A guess that was counted. It must be settled, whatever comes of it. */
export type CountedGuess = {
  /**
   * Whether the password may be compared. False where the account's own count is shut, but not that of the name that was
   * typed. To say so would tell that a username and an address belong to one person.
   */
  mayCompare: boolean;
  /** Statements for `atomically`: it was right, and all wrong ones before it from the same place are forgotten. */
  forgiven: () => PromiseLike<unknown>[];
  /** It was never compared (the workers are busy), so it was no guess. */
  undo: () => Promise<void>;
  /** To be called when its outcome stands: lets those go on that wait for it. */
  settle: () => void;
};

/**
 * Counts a guess, or throws `too_many_tries`. One that finds a counter full of guesses under way waits for them: sixteen
 * right log-ins at once are no attack, and are refused only where those before them turned out wrong.
 */
export async function countGuess(guess: Guess): Promise<CountedGuess> {
  const { shown, hidden } = await countersOf(guess);
  if (await takeInTurn([...shown, ...hidden])) return counted([...shown, ...hidden], true);
  if (await takeInTurn(shown)) return counted(shown, false);
  return refuseShut(shown, clock());
}

/** Statements for `atomically`: a reset forgets every guess at the account. */
export function forgetGuesses(account: Pick<Account, "id" | "email" | "username">): PromiseLike<unknown>[] {
  const names = [account.email, ...(account.username ? [account.username] : [])].map(nobodysName);
  return [
    clearAll(["password", account.id]),
    clearAll(["password-day", account.id]),
    ...names.flatMap((name) => [clearAll(["password-name", name]), clearAll(["password-name-day", name])]),
  ];
}

/**
 * `shown`: counters whose refusal the caller is told; they are the same whether there is an account or not. `hidden`:
 * counters of the account, which all its names share.
 */
async function countersOf({ identifier, account, client }: Guess): Promise<{ shown: Counter[]; hidden: Counter[] }> {
  const name = nobodysName(identifier);
  const browser = account && (await isKnownBrowser(account, client)) ? client.device?.id : undefined;
  const place = browser ?? siteOf(client);
  const isKnown = browser !== undefined || (await isKnownNetwork((account ?? NOBODY).id, place, clock() - KNOWN_FOR));
  const shown: Counter[] = [
    ["password-name", `${name}:${place}`],
    ["login-address", networkOf(client)],
  ];
  // For a name that nobody has as many are counted, and they block nothing: fewer writes would show in the time.
  const hidden: Counter[] = [account ? ["password", `${account.id}:${place}`] : ["nobody", `${name}:${place}`]];
  if (isKnown) return { shown, hidden };
  return {
    shown: [...shown, ["password-name-day", name]],
    hidden: [...hidden, account ? ["password-day", account.id] : ["nobody", name]],
  };
}

function counted(counters: readonly Counter[], mayCompare: boolean): CountedGuess {
  const keys = counters.map(keyOf);
  for (const key of keys) underWay(key).count += 1;
  let isSettled = false;
  return {
    mayCompare,
    forgiven: () => counters.map((counter) => (isOfPlace(counter) ? clear(counter) : giveBack(counter))),
    undo: async () => {
      for (const counter of counters) await giveBack(counter);
    },
    settle: () => {
      if (!isSettled) for (const key of keys) leave(key);
      isSettled = true;
    },
  };
}

/** A right password clears these. The others count everybody's guesses, so only this one guess is given back. */
const isOfPlace = ([limit]: Counter): boolean => limit === "password" || limit === "password-name";

async function takeInTurn(counters: readonly Counter[]): Promise<boolean> {
  const deadline = performance.now() + PATIENCE;
  while (!(await tryTake(counters, clock()))) {
    const busy = counters.map(keyOf).find((key) => places.get(key)?.count);
    const left = deadline - performance.now();
    if (busy === undefined || left <= 0 || underWay(busy).waiting.length >= MOST_WAITING) return false;
    await turnAt(busy, left);
  }
  return true;
}

/** Guesses under way in this process, by counter, and those that wait for them. */
type UnderWay = { count: number; waiting: (() => void)[] };
// A guess at one door waits for those at another.
const places = once("guesses", () => new Map<string, UnderWay>());

function underWay(key: string): UnderWay {
  const known = places.get(key) ?? { count: 0, waiting: [] };
  places.set(key, known);
  return known;
}

function turnAt(key: string, patience: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patience);
    underWay(key).waiting.push(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A guess that ends lets one waiting guess go on; the last one lets all of them. */
function leave(key: string): void {
  const here = underWay(key);
  here.count -= 1;
  if (here.count === 0) places.delete(key);
  for (const go of here.waiting.splice(0, here.count === 0 ? here.waiting.length : 1)) go();
}
