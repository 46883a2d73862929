import { once } from "#lib/once.ts";

/** The worker (lib/webhooks/worker.ts) lives in one bundle and the acts it tells of in others; they meet here. */
const worker = once("webhooks-worker", (): { wake?: (() => void) | undefined } => ({}));

/** Tells the worker that there may be something to deliver. Without a worker in this process nothing happens: its timer finds the row. */
export function nudgeWebhooks(): void {
  worker.wake?.();
}

/** The worker's side: what a nudge shall do; undefined when it stops. */
export function onWebhookNudge(wake: (() => void) | undefined): void {
  worker.wake = wake;
}
