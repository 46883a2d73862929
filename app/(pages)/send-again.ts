import type { ChallengePurpose } from "#db/schema.ts";
import type { FormState } from "#lib/forms/form-state.ts";
import { untouched } from "#lib/forms/form-state.ts";
import { nextMail, type PendingMail, rememberMail, type SignUpOfBrowser } from "#lib/http/pending-mail.ts";
import { waitSentence } from "./messages.ts";
import { neutrally } from "./neutrally.ts";
import { refused } from "./refusal.ts";

/**
 * Asks for another mail in place of `mail`, unless that one went out just now, and starts the count anew. `request` may
 * say by which challenge the sign-up is known from now on.
 */
export async function sendAgain(
  mail: PendingMail,
  purpose: ChallengePurpose,
  request: () => Promise<SignUpOfBrowser | null>,
): Promise<FormState> {
  const { seconds } = nextMail(mail, Date.now());
  if (seconds > 0) return { ...untouched, problem: `A mail has just gone out. ${waitSentence(seconds)}` };
  let signUp: SignUpOfBrowser | null | undefined;
  try {
    signUp = await neutrally(request());
  } catch (error) {
    return refused(error, new FormData());
  }
  await rememberMail(purpose, mail.email, signUp ?? null);
  return { ...untouched, done: "Another mail is on its way. Only the newest one works." };
}
