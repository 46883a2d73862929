import { once } from "#lib/once.ts";

/** The worker (lib/mail/outbox.ts) lives in one bundle and those who queue mail in others; they meet here. */
const worker = once("outbox-worker", (): { wake?: (() => void) | undefined } => ({}));

/** Tells the outbox worker that there is mail. Without a worker in this process nothing happens: its timer finds the row. */
export function nudgeOutbox(): void {
  worker.wake?.();
}

/** The worker's side: what a nudge shall do; undefined when it stops. */
export function onNudge(wake: (() => void) | undefined): void {
  worker.wake = wake;
}
