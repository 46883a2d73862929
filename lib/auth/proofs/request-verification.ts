import { randomUUID } from "node:crypto";
import { findAccount } from "#db/accounts.ts";
import { findChallenge, newestChallenge } from "#db/challenges.ts";
import { AccountStatus } from "#db/schema.ts";
import { destinationOf } from "#lib/auth/accounts/accounts.ts";
import { AuthError, refusals } from "#lib/auth/errors.ts";
import type { Client } from "#lib/client.ts";
import { normalizeEmail } from "#lib/identifiers.ts";
import { requestMail, requestMailByName } from "./mail-requests.ts";

export const REQUEST_VERIFICATION_REFUSALS = refusals("account_not_found", "already_verified", "too_many_tries");

/**
 * Mails a new link and code to an account whose address is not proved yet; within the cool-down does nothing.
 * Throws `account_not_found`, `already_verified`, `too_many_tries`.
 */
export async function requestVerification(input: { identifier: string; link: string; client: Client }): Promise<void> {
  const account = await requestMailByName({ template: "verify-email", ...input });
  if (!account) throw new AuthError("account_not_found");
  if (account.status !== AccountStatus.unverified) throw new AuthError("already_verified");
}

/**
 * Mails another link and code for the sign-up of a challenge, with its password, and ends those it had. Other sign-ups with
 * the address keep theirs, and do not make this one wait. Throws `too_many_tries`.
 */
export async function requestSignUpMail(input: {
  /** Any of the sign-up's challenges; one that nothing stands behind is counted alike. */
  challengeId: string;
  /** Whether the caller made that sign-up; anybody else only typed an address, and is counted by it. */
  isMadeHere: boolean;
  /** Where the mail goes if there is such a sign-up. */
  email: string;
  link: string;
  client: Client;
}): Promise<void> {
  const typed = destinationOf(input.email);
  const challenge = await findChallenge(input.challengeId);
  const account = challenge && (await findAccount({ id: challenge.accountId }));
  await requestMail({
    template: "verify-email",
    typed,
    account,
    cooldown: input.isMadeHere ? input.challengeId : typed,
    signUp: input.challengeId,
    link: input.link,
    client: input.client,
  });
}

/** The id of the newest challenge of the sign-up that made this address's account; a random one where there is none. */
export async function ownSignUp(email: string): Promise<string> {
  const account = await findAccount({ email: normalizeEmail(email) });
  const newest = account && (await newestChallenge({ accountId: account.id, purpose: "verify-email", signUpId: null }));
  return newest?.id ?? randomUUID();
}
