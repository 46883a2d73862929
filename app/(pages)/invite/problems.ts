import { AuthError } from "#lib/auth/errors.ts";
import { LIMITS, type LimitName } from "#lib/auth/limits.ts";
import { MESSAGES, waitSentence } from "#lib/pages/messages.ts";

/** Why an invitation could not be sent; `?problem=` names it where it was asked for again from the list. */
export const PROBLEMS = {
  mail_refused: "The owner of this address has asked for no more invitations, so we send none there.",
  too_many_tries: "It is too soon to send this one again. The list says when you can.",
} as const;

export function problemOf(value: unknown): keyof typeof PROBLEMS | undefined {
  return typeof value === "string" && Object.hasOwn(PROBLEMS, value) ? (value as keyof typeof PROBLEMS) : undefined;
}

/** Which limit was reached and when to come back; undefined for any other error. */
export function limitReached(error: unknown): string | undefined {
  if (!(error instanceof AuthError) || error.code !== "too_many_tries") return undefined;
  const said = (error.limit && REACHED[error.limit]) ?? MESSAGES.too_many_tries;
  return `${said} ${waitSentence(error.retryAfter ?? 60)}`;
}

const REACHED: Partial<Record<LimitName, string>> = {
  "invite-destination": "This address has already been invited today.",
  "invite-sender": `You have sent ${LIMITS["invite-sender"].max} invitations today. That is the most for one day.`,
  "mail-hour": "We have already sent a lot of mail to this address.",
  "mail-day": "We have already sent a lot of mail to this address.",
  "mail-address": "A lot of mail has already been requested from your network.",
};
