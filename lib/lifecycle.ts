import { once } from "./once.ts";

type Lifecycle = {
  stopping: boolean;
  stops: (() => Promise<void> | void)[];
  listening: boolean;
  starts: (() => void)[];
};
const lifecycle = once("lifecycle", (): Lifecycle => ({ stopping: false, stops: [], listening: false, starts: [] }));

/** Calls `stop` once the last request is answered, before the store closes. */
export function onStop(stop: () => Promise<void> | void): void {
  lifecycle.stops.push(stop);
}

/** Calls `start` once the server takes connections, or now if it already does. For work that must not delay the start. */
export function onListening(start: () => void): void {
  if (lifecycle.listening) start();
  else lifecycle.starts.push(start);
}

export function announceListening(): void {
  lifecycle.listening = true;
  for (const start of lifecycle.starts.splice(0)) start();
}

/** Whether the process is on its way out: no new work should be sent here. */
export const isStopping = (): boolean => lifecycle.stopping;

export function announceStop(): void {
  lifecycle.stopping = true;
}

export async function runStops(): Promise<void> {
  await Promise.allSettled(lifecycle.stops.map((stop) => stop()));
}
