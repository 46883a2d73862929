import type { ChallengePurpose } from "#lib/auth/proofs/challenges.ts";
import { clock } from "#lib/clock.ts";
import type { FormState } from "./forms/form-state.ts";
import { untouched } from "./forms/form-state.ts";
import { waitSentence } from "./messages.ts";
import { neutrally } from "./neutrally.ts";
import { nextMail, type PendingMail, rememberMail } from "./pending-mail.ts";
import { refused } from "./refusal.ts";

/** Asks for another mail in place of `mail`, unless that one went out just now, and starts the count anew. */
export function sendAgain(
  mail: PendingMail,
  purpose: ChallengePurpose,
  request: () => Promise<void>,
): Promise<FormState> {
  return sendOnceMore(mail, async () => {
    await neutrally(request());
    await rememberMail(purpose, mail.email, mail.signUp);
  });
}

/** The same where no browser has to remember that it waits. */
export async function sendOnceMore(
  mail: Pick<PendingMail, "sentAt">,
  request: () => Promise<void>,
): Promise<FormState> {
  const { seconds } = nextMail(mail, clock());
  if (seconds > 0) return { ...untouched, problem: `We have just sent a mail. ${waitSentence(seconds)}` };
  try {
    await request();
  } catch (error) {
    return refused(error, new FormData());
  }
  return { ...untouched, done: "Another mail is on its way. Only the newest one works." };
}
