import { AsyncLocalStorage } from "node:async_hooks";
import type { Client } from "./client.ts";
import { once } from "./once.ts";

/** What this process knows of a request while it is answered, wherever the work for it is done. */
export type Call = {
  id: string;
  /** When it came, in ms of `performance.now()`. */
  since?: number;
  /** Who calls, and through which door (lib/doors.ts): for the record of what happened to an account. */
  client?: Pick<Client, "address" | "userAgent">;
  door?: string;
  /** Adds a header to the answer; Next gives a server action no way to do that. */
  setHeader?: (name: string, value: string) => void;
  /** A page was asked for that there is not, as its own code found out: the status, which Next lets a page set in no other way that shows it without JavaScript. */
  isNothing?: boolean;
  /** The status that was sent, where a page was: Next writes another one over `statusCode` afterwards. */
  answered?: number;
  /** Whether the answer is sent. Work that the request started may still be running. */
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

/** The request that this work is done for; undefined for work beside the requests, and once the request is answered. */
export function currentCall(): Call | undefined {
  const call = calls.getStore();
  return call?.isOver ? undefined : call;
}

/** The id of the request that started this work. It stays when the request is answered and its work still goes on. */
export const callId = (): string | undefined => calls.getStore()?.id;

/** The request that started this work, whether it is answered by now or not. */
export const callBehind = (): Call | undefined => calls.getStore();
