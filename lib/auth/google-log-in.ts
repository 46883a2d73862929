import { randomUUID } from "node:crypto";
import { accountIdOf, claimAccount, clearPassword, findAccount, insertAccount } from "#db/accounts.ts";
import { supersedeChallenges } from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { endCodeTokens } from "#db/code-tokens.ts";
import { deleteIdentities, findAccountByIdentity, insertIdentity, listIdentities } from "#db/identities.ts";
import { queueMail } from "#db/outbox.ts";
import { type Account, AccountStatus, type Identity, type Session, type SessionKind } from "#db/schema.ts";
import { endSessions } from "#db/sessions.ts";
import { nudgeOutbox } from "#lib/mail/nudge.ts";
import { hasPassword } from "./accounts.ts";
import type { Client } from "./client.ts";
import { AuthError } from "./errors.ts";
import type { ProviderClaims } from "./google.ts";
import { forgetGuesses } from "./guesses.ts";
import { emailPattern, normalizeEmail } from "./identifiers.ts";
import { openSession } from "./open-session.ts";

/**
 * Opens a session for whoever the provider says it is. People are known by issuer and subject; an address only links them
 * to an account, the first time, and only when the provider has verified it.
 * Throws `provider_unverified`, `account_blocked`.
 */
export async function logInWithGoogle(input: {
  claims: ProviderClaims;
  kind: SessionKind;
  client: Client;
}): Promise<{ account: Account; session: Session }> {
  const { claims, kind, client } = input;
  const account = (await findAccountByIdentity(claims.issuer, claims.subject)) ?? (await linkOrMake(claims));
  return { account, session: await openSession({ account, kind, client }) };
}

async function linkOrMake(claims: ProviderClaims): Promise<Account> {
  const email = normalizeEmail(claims.email);
  // An address the provider did not verify is anybody's to claim: linking by it would hand over the account.
  if (!claims.emailVerified || !emailPattern.test(email)) throw new AuthError("provider_unverified");
  const existing = await findAccount({ email });
  if (!existing) return makeAccount(email, claims);
  if (existing.status === AccountStatus.blocked) throw new AuthError("account_blocked");
  return existing.status === AccountStatus.unverified ? takeOver(existing, claims) : link(existing, claims);
}

async function makeAccount(email: string, claims: ProviderClaims): Promise<Account> {
  const now = Date.now();
  const sub = randomUUID();
  const { firstName, lastName } = claims;
  const rows = await atomically(() => [
    must(
      insertAccount(
        {
          sub,
          email,
          username: null,
          usernameKey: null,
          passwordHash: null,
          firstName,
          lastName,
          status: AccountStatus.active,
        },
        now,
      ),
    ),
    must(insertIdentity({ ...identityOf(claims, now), accountId: accountIdOf(sub) })),
  ]);
  return rows?.[0][0] ?? (await madeMeanwhile(claims));
}

/**
 * An account that never proved its address may have been made by somebody who waits for its owner to come ("pre-hijack"):
 * password, sessions, links and codes go before the owner gets it, and the names are the owner's.
 */
async function takeOver(account: Account, claims: ProviderClaims): Promise<Account> {
  const now = Date.now();
  const rows = await atomically(() => [
    must(insertIdentity({ ...identityOf(claims, now), accountId: account.id })),
    must(claimAccount(account.id, now, { firstName: claims.firstName, lastName: claims.lastName })),
    clearPassword(account.id, now),
    endSessions(account.id, now),
    supersedeChallenges(account.id, "all", now),
    endCodeTokens(account.id, now),
    ...forgetGuesses(account),
  ]);
  return rows?.[2][0] ?? (await madeMeanwhile(claims));
}

async function link(account: Account, claims: ProviderClaims): Promise<Account> {
  const now = Date.now();
  const rows = await atomically((tx) => [
    must(insertIdentity({ ...identityOf(claims, now), accountId: account.id })),
    // A new way into an account is something its owner should hear of.
    queueMail(tx, { template: "google-linked", to: account.email, accountId: account.id, now }),
  ]);
  if (!rows) return madeMeanwhile(claims);
  nudgeOutbox();
  return account;
}

/** Another tab of the same log-in was faster. */
async function madeMeanwhile(claims: ProviderClaims): Promise<Account> {
  const account = await findAccountByIdentity(claims.issuer, claims.subject);
  if (!account) throw new AuthError("provider_refused");
  return account;
}

const identityOf = (claims: ProviderClaims, now: number): Omit<Identity, "accountId"> => ({
  issuer: claims.issuer,
  subject: claims.subject,
  email: normalizeEmail(claims.email),
  createdAt: now,
});

/** The account's link to Google, for its page; null when there is none. */
export async function googleLink(accountId: number): Promise<Identity | null> {
  return (await listIdentities(accountId))[0] ?? null;
}

/** Removes the link to Google. Throws `last_way_in` when the account has no password: nobody could get in any more. */
export async function unlinkGoogle(accountId: number): Promise<void> {
  if (!(await hasPassword(accountId))) throw new AuthError("last_way_in");
  await deleteIdentities(accountId);
}
