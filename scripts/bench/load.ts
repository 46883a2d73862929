import { fork } from "node:child_process";

/** One caller: what it sends each time, one call after the other over one connection. */
export type Client = { headers: Record<string, string>; body?: Record<string, string> };

export type Load = {
  url: string;
  clients: Client[];
  warmUpMs: number;
  forMs: number;
  /** Stop at this many answered calls, should that come first. */
  atMost: number;
  /** Whether each call sends the refresh token that the one before was answered with. */
  isRefresh: boolean;
};

/** Times in milliseconds; `failures` counts answers other than 200 by their status. */
export type Measured = {
  requests: number;
  perSecond: number;
  p50: number;
  p99: number;
  failures: Record<string, number>;
};

/** Loads the server from a second process. */
export function load(wanted: Pick<Load, "url" | "clients"> & Partial<Load>): Promise<Measured> {
  const whole: Load = { warmUpMs: 500, forMs: 5_000, atMost: Number.MAX_SAFE_INTEGER, isRefresh: false, ...wanted };
  return new Promise((resolve, reject) => {
    const child = fork("scripts/bench/load-process.ts");
    child.once("message", (measured) => resolve(measured as Measured));
    child.once("exit", (code) => reject(new Error(`The load process ended with ${code} before it had measured`)));
    child.send(whole);
  });
}
