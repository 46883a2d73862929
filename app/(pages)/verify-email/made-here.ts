import type { Challenge } from "#lib/auth/proofs/challenges.ts";
import { isOfSameSignUp } from "#lib/auth/proofs/challenges.ts";
import { pendingMail } from "#lib/pages/pending-mail.ts";

/** Whether the sign-up of this challenge was made in this browser, as its signed cookie says. */
export async function isMadeHere(challenge: Challenge): Promise<boolean> {
  const signUp = (await pendingMail("verify-email"))?.signUp;
  return signUp?.isOwn === true && (await isOfSameSignUp(signUp.challengeId, challenge));
}
