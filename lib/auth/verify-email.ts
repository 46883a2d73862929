import { activateAccount, deleteUnverifiedAccount } from "#db/accounts.ts";
import { consumeChallenge } from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { type Account, AccountStatus, type Challenge } from "#db/schema.ts";
import { destinationOf, findByIdentifier, nobodysName } from "./accounts.ts";
import { mailChallenge, mayMail } from "./challenge-mail.ts";
import { checkCode, readLink, refuseLink } from "./challenges.ts";
import type { Client } from "./client.ts";
import { AuthError } from "./errors.ts";

/**
 * Mails a new link and code to an account whose address is not proved yet; within the cool-down does nothing.
 * Throws `account_not_found`, `already_verified`, `too_many_tries`.
 */
export async function requestVerification(input: { identifier: string; link: string; client: Client }): Promise<void> {
  const account = await findByIdentifier(input.identifier);
  if (!account || account.status !== AccountStatus.unverified) {
    // Counted like a real one: a limit that only those with an account run into would tell who has one.
    const to = account?.email ?? destinationOf(input.identifier);
    await mayMail(`verify-email:${account?.sub ?? nobodysName(input.identifier)}`, to, input.client, Date.now());
    throw new AuthError(account ? "already_verified" : "account_not_found");
  }
  await mailChallenge({ account, purpose: "verify-email", link: input.link, client: input.client });
}

/**
 * Proves the address by the mailed link's token, once.
 * Throws `link_invalid`, `link_expired`, `link_used`, `link_superseded`, `account_not_found`, `account_blocked`.
 */
export async function verifyEmailByLink({ token }: { token: string }): Promise<Account> {
  const { challenge, account, state } = await readLink(token, "verify-email");
  if (state !== "ready") refuseLink(state, account);
  return (await prove(account, challenge, "link")) ?? refuseLink("used", account);
}

/**
 * Proves the address by the mailed code, once. Throws `account_not_found`, `already_verified`, `account_blocked`,
 * `code_wrong`, `code_dead`.
 */
export async function verifyEmailByCode({ identifier, code }: { identifier: string; code: string }): Promise<Account> {
  const account = await findByIdentifier(identifier);
  if (!account) throw new AuthError("account_not_found");
  if (account.status === AccountStatus.active) throw new AuthError("already_verified", { email: account.email });
  const challenge = await checkCode(account, "verify-email", code);
  const proved = await prove(account, challenge, "code");
  if (!proved) throw new AuthError("code_dead");
  return proved;
}

/** "This wasn't me": deletes the account the link would have proved. Throws what `verifyEmailByLink` throws. */
export async function disownAccount({ token }: { token: string }): Promise<void> {
  const { challenge, account, state } = await readLink(token, "verify-email");
  if (state !== "ready") refuseLink(state, account);
  await atomically(() => [
    must(consumeChallenge(challenge.id, "link", Date.now())),
    must(deleteUnverifiedAccount(account.id)),
  ]);
}

/** Consumes before the effect, both in one transaction: of parallel callers one gets the account, the others null. */
async function prove(account: Account, challenge: Challenge, by: "link" | "code"): Promise<Account | null> {
  if (account.status === AccountStatus.blocked) throw new AuthError("account_blocked");
  const now = Date.now();
  const rows = await atomically(() => [
    must(consumeChallenge(challenge.id, by, now)),
    activateAccount(account.id, now),
  ]);
  return rows && { ...account, status: AccountStatus.active };
}
