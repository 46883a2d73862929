import { AsyncLocalStorage } from "node:async_hooks";
import { once } from "./once.ts";

/** What this process knows of a request while it is answered, wherever the work for it is done. */
export type Call = {
  id: string;
  /** When it came, in ms of `performance.now()`. */
  since?: number;
  /** Adds a header to the answer, which a server action cannot do by any means of Next's. */
  setHeader?: (name: string, value: string) => void;
  /** The answer is sent; what the request set going may live on. */
  isOver?: boolean;
  /** What it has met of the store's trouble (db/trouble.ts). */
  giveUpAt?: number;
  trouble?: string;
  /** How to take back what was counted against its caller. */
  counted?: (() => PromiseLike<unknown>)[];
};

const calls = once("calls", () => new AsyncLocalStorage<Call>());

/** Runs what answers a request. */
export const withCall = <T>(call: Call, work: () => T): T => calls.run(call, work);

/** The request that this is done for; undefined for what runs beside them, and once it is answered. */
export function currentCall(): Call | undefined {
  const call = calls.getStore();
  return call?.isOver ? undefined : call;
}

/** The id of the request that this is done for, or was: what a caller began and did not wait for is told under it too. */
export const callId = (): string | undefined => calls.getStore()?.id;
