// server.ts runs outside Next's bundles; they meet on globalThis.
type Lifecycle = { stopping: boolean; stops: (() => Promise<void> | void)[] };
const shared = globalThis as typeof globalThis & { latchkeyLifecycle?: Lifecycle };
const lifecycle = (): Lifecycle => (shared.latchkeyLifecycle ??= { stopping: false, stops: [] });

/** Has `stop` called once the last request is answered, before the store closes. */
export function onStop(stop: () => Promise<void> | void): void {
  lifecycle().stops.push(stop);
}

/** Whether the process is on its way out: no new work should be sent here. */
export const isStopping = (): boolean => lifecycle().stopping;

export function announceStop(): void {
  lifecycle().stopping = true;
}

export async function runStops(): Promise<void> {
  await Promise.allSettled(lifecycle().stops.map((stop) => stop()));
}
