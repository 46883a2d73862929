// The worker (lib/mail/outbox.ts) lives in one bundle and those who queue mail in others; they meet here.
const shared = globalThis as typeof globalThis & { latchkeyNudgeOutbox?: () => void };

/** Tells the outbox worker that there is mail. Without a worker in this process nothing happens: its timer finds the row. */
export function nudgeOutbox(): void {
  shared.latchkeyNudgeOutbox?.();
}

/** The worker's side: what a nudge shall do; undefined when it stops. */
export function onNudge(wake: (() => void) | undefined): void {
  if (wake) shared.latchkeyNudgeOutbox = wake;
  else delete shared.latchkeyNudgeOutbox;
}
