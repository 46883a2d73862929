import { setTimeout as pause } from "node:timers/promises";
import { type Change, changed, type Facts } from "./facts.ts";

/** What was asked of the server in many lives, and what of it was answered. */

/** A life, as far as it came. */
export type Life = {
  account: number;
  /** How the account may be found: one state where the last act was answered; where it was not, that before it, or after each of its steps. */
  states: [Facts, ...Facts[]];
  /** What was done last. */
  last: string;
  /** Mails that were read, whose rows may be gone: sent twice after a kill, they had nothing to say any more. */
  read: Record<string, number>;
  /** Its address, where it was told to go and its seven days are over. */
  due?: string;
};

export type Answered = { isDone: boolean; status: number; says?: string | null };

export type Ledger = {
  lives: Life[];
  /** How often each act was answered as done, and how often no answer came. */
  acknowledged: Record<string, number>;
  cut: Record<string, number>;
  /** What was answered otherwise, in words: none of it may be. */
  refused: string[];
  /**
   * Does an act, in the steps that it has for the store. Throws where it was not answered as done: whoever lives on would not know
   * how things stand.
   */
  act(life: Life, kind: string, steps: [Change, ...Change[]], ask: () => Promise<Answered>): Promise<void>;
  /** Acts begin only once this is over: what nobody was there to hear was never cut short. */
  gate: Promise<void>;
  /** Resolves within the next act of this kind, and rather late in it, when something may be written; after so many ms in any case. */
  within(kind: string, atMost: number): Promise<void>;
};

export function newLedger(): Ledger {
  const lives: Life[] = [];
  const acknowledged: Record<string, number> = {};
  const cut: Record<string, number> = {};
  const refused: string[] = [];
  /** How long the last act of a kind took, in ms. */
  const took: Record<string, number> = {};
  const waiting = new Map<string, () => void>();
  const ledger: Ledger = {
    lives,
    acknowledged,
    cut,
    refused,
    gate: Promise.resolve(),
    async act(life, kind, steps, ask) {
      await ledger.gate;
      const [before] = life.states;
      let after = before;
      for (const step of steps) {
        after = changed(after, step);
        life.states.push(after);
      }
      life.last = kind;
      waiting.get(kind)?.();
      const began = performance.now();
      const { isDone, status, says } = await ask().catch((): Answered => ({ isDone: false, status: 0 }));
      took[kind] = performance.now() - began;
      if (isDone) {
        acknowledged[kind] = (acknowledged[kind] ?? 0) + 1;
        life.states = [after];
        return;
      }
      // A proxy answers for whoever is gone.
      if (status === 0 || status >= 500) cut[kind] = (cut[kind] ?? 0) + 1;
      else {
        refused.push(`${kind}: ${status} ${says ?? ""}`);
        life.states = [before];
      }
      throw new Error(`${kind} was not answered as done`);
    },
    async within(kind, atMost) {
      const begun = new Promise<void>((resolve) => waiting.set(kind, resolve));
      await Promise.race([begun, pause(atMost, undefined, { ref: false })]);
      waiting.delete(kind);
      await pause(Math.sqrt(Math.random()) * (took[kind] ?? 50));
    },
  };
  return ledger;
}
