import type { Mail } from "#lib/mail/mail.ts";

/** A way out for mail. It resolves once the other side has taken the mail over, and throws `DeliveryError` otherwise. */
export type Transport = (mail: Mail) => Promise<void>;

/** Longest wait for the other side, in ms. */
export const PATIENCE = 10_000;

export class DeliveryError extends Error {
  /** True when the same mail to the same address would be refused again, however often it is tried. */
  readonly permanent: boolean;

  constructor(message: string, { permanent = false, cause }: { permanent?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.name = "DeliveryError";
    this.permanent = permanent;
  }
}
