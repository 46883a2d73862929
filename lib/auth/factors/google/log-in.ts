import { randomUUID } from "node:crypto";
import {
  type AccountFacts,
  accountIdOf,
  claimAccount,
  clearPassword,
  findAccount,
  holdAccount,
  insertAccount,
} from "#db/accounts.ts";
import { consumeChallenge, insertChallenge, supersedeChallenges, supersedeOffers } from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { endCodeTokens } from "#db/code-tokens.ts";
import {
  deleteIdentity,
  findAccountByIdentity,
  findAccountEndedFor,
  findLinkOffer,
  forgetEnded,
  type IdentityKey,
  insertIdentity,
  insertLinkOffer,
  listIdentities,
  rememberEnded,
  unlessEnded,
  wasEnded,
} from "#db/identities.ts";
import { queueMail } from "#db/outbox.ts";
import { type Account, AccountStatus, type Identity, type Session } from "#db/schema.ts";
import { endSessions } from "#db/sessions.ts";
import { forgetSignUps } from "#db/sign-ups.ts";
import { AuthError, refusals } from "#lib/auth/errors.ts";
import { SECOND_FACTOR_REFUSALS } from "#lib/auth/factors/authenticator/second-factor.ts";
import { forgetGuesses } from "#lib/auth/factors/password/guesses.ts";
import { networkOf, refuseShut, take, taking } from "#lib/auth/limits.ts";
import { newChallenge, readLink } from "#lib/auth/proofs/challenges.ts";
import { countSent, mailCountersOf, queueCounted } from "#lib/auth/proofs/mail-limits.ts";
import { refuseLink } from "#lib/auth/proofs/mailed-links.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import { holdConfirmed, isConfirmed } from "#lib/auth/sessions/confirmed.ts";
import { openSession } from "#lib/auth/sessions/open-session.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import type { Door } from "#lib/doors.ts";
import { env } from "#lib/env.ts";
import { isAddress, normalizeEmail } from "#lib/identifiers.ts";
import type { ProviderClaims } from "./provider.ts";

export type { Identity } from "#db/schema.ts";

export const LOG_IN_WITH_GOOGLE_REFUSALS = refusals(
  "provider_unverified",
  "provider_link_needed",
  "account_blocked",
  "session_invalid",
  ...SECOND_FACTOR_REFUSALS,
);

/**
 * Opens a session for whoever the provider says it is. People are known by issuer and subject; an address only links them
 * to an account, the first time, and only when the provider has verified it. An account that is somebody's already is
 * linked unasked only by a provider that has the say over the address; else its owner is asked by mail.
 * Throws `provider_unverified`, `provider_link_needed`, `account_blocked`, `too_many_tries`.
 */
export async function logInWithGoogle(input: {
  claims: ProviderClaims;
  door: Door;
  client: Client;
  /** The code of the second factor, where the caller gave one. */
  code?: string | undefined;
}): Promise<{ account: Account; session: Session }> {
  const { claims, door, client, code } = input;
  const linked = await findAccountByIdentity(claims.issuer, claims.subject);
  const { account, isVouchedFor } = linked ? { account: linked } : await linkOrMake(claims, client);
  const { issuer, subject } = claims;
  const proof = isVouchedFor ? "mail" : "provider";
  return { account, session: await openSession({ account, proof, identity: { issuer, subject }, code, door, client }) };
}

/** `isVouchedFor`: nobody had proved the address before, and the provider does. */
type Entered = { account: Account; isVouchedFor?: true };

async function linkOrMake(claims: ProviderClaims, client: Client): Promise<Entered> {
  const email = normalizeEmail(claims.email);
  // An address the provider did not verify is anybody's to claim: linking by it would hand over the account.
  // Nor is another spelling of an address enough: whoever has that one at the provider need not have the usual one.
  if (!claims.emailVerified || claims.email !== email || !isAddress(email)) throw new AuthError("provider_unverified");
  const existing = await findAccount({ email });
  // Linked before, and ended since: its owner is asked, also where they have another address at the provider.
  const before = existing ?? (await findAccountEndedFor(claims));
  if (!before) return { account: await makeAccount(email, claims, client), isVouchedFor: true };
  if (before.status === AccountStatus.blocked) throw new AuthError("account_blocked");
  if (!existing || !isAuthoritative(claims) || (await wasEnded(existing.id, claims)))
    return askByMail(before, claims, client);
  if (existing.status === AccountStatus.unverified)
    return { account: await takeOver(existing, claims), isVouchedFor: true };
  return { account: await link(existing, claims, client) };
}

/**
 * Whether what the provider says of this address is the owner's own word. Google's is for its own mail and for domains it
 * runs (its guide to verifying ID tokens says so); anywhere else an address may have changed hands since Google asked.
 */
export function isAuthoritative({
  issuer,
  email,
  hostedDomain,
}: Pick<ProviderClaims, "issuer" | "email" | "hostedDomain">): boolean {
  if (env().TRUSTED_ISSUERS.includes(issuer)) return true;
  const domain = email.slice(email.lastIndexOf("@") + 1);
  return issuer === "https://accounts.google.com" && (domain === "gmail.com" || domain === hostedDomain);
}

async function makeAccount(email: string, claims: ProviderClaims, client: Client): Promise<Account> {
  const now = clock();
  await take([["sign-up-address", networkOf(client)]], now);
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
    recordEvent("sign_up", { account: { id: accountIdOf(sub), sub }, client, issuer: claims.issuer }, now),
  ]);
  return rows?.[0][0] ?? madeMeanwhile(claims);
}

/**
 * An account that never proved its address may have been made by somebody who waits for its owner to come ("pre-hijack"):
 * password, sessions, links and codes go before the owner gets it, and the names are the owner's.
 */
async function takeOver(account: Account, claims: ProviderClaims): Promise<Account> {
  const now = clock();
  const rows = await atomically(() => [
    ...takingOver(account, claims, now),
    must(insertIdentity({ ...identityOf(claims, now), accountId: account.id })),
    recordEvent("address_verified", { account, issuer: claims.issuer }, now),
    recordEvent("provider_linked", { account, issuer: claims.issuer }, now),
  ]);
  const mine = rows && (await findAccount({ id: account.id }));
  return mine ?? madeMeanwhile(claims);
}

/** Statements for `atomically`: the account is proved, and what its maker gave it goes. */
function takingOver(
  account: Account,
  { firstName, lastName }: Pick<ProviderClaims, "firstName" | "lastName">,
  now: number,
) {
  return [
    must(claimAccount(account.id, now, { firstName, lastName })),
    clearPassword(account.id, now),
    endSessions(account.id, now),
    supersedeChallenges(account.id, "verify-email", now),
    supersedeChallenges(account.id, "reset-password", now),
    forgetSignUps(account.id),
    endCodeTokens(account.id, now),
    ...forgetGuesses(account),
  ];
}

/** Throws `provider_link_needed` once the mail is on its way. The one before it ends when it has gone out. */
async function askByMail(account: Account, claims: ProviderClaims, client: Client): Promise<never> {
  const now = clock();
  const counters = await mailCountersOf({ to: account.email, account, client }, now);
  const challenge = newChallenge(account.id, "link-provider");
  await queueCounted(`link-provider:${account.sub}`, counters, now, () => [
    // Had it another address by now, whoever reads the old one's mail could say yes.
    must(holdAccount(account.id, { email: account.email })),
    insertChallenge(challenge, now),
    insertLinkOffer(challenge.id, claims),
    queueMail({
      template: "link-provider",
      to: account.email,
      accountId: account.id,
      challengeId: challenge.id,
      now,
    }),
    ...countSent(account.email, now),
  ]);
  throw new AuthError("provider_link_needed");
}

/**
 * The owner's yes to the mail that asked: links whom it asked about. Lets nobody in by itself.
 * Throws `link_*`, `account_not_found`.
 */
export async function confirmLink({ token }: { token: string }): Promise<void> {
  const { challenge, account, state } = await readLink(token, "link-provider");
  if (state !== "ready") refuseLink(state, account);
  const offer = await findLinkOffer(challenge.id);
  if (!offer) throw new AuthError("link_invalid");
  const { issuer, subject } = offer;
  const now = clock();
  const isUnproved = account.status === AccountStatus.unverified;
  const rows = await atomically(() => [
    // Whoever reads its mail owns the address, and takes nothing over from whom it did not belong to.
    ...(isUnproved
      ? takingOver(account, { firstName: "", lastName: "" }, now)
      : [must(holdAccount(account.id, linkable(account)))]),
    must(consumeChallenge(challenge.id, "link", now)),
    // What was answered is not asked once more, by a mail that is still on its way.
    supersedeOffers(account.id, offer, now),
    must(insertIdentity({ issuer, subject, email: account.email, createdAt: now, accountId: account.id })),
    forgetEnded(account.id, offer),
    ...(isUnproved ? [recordEvent("address_verified", { account, issuer }, now)] : []),
    recordEvent("provider_linked", { account, issuer }, now),
  ]);
  if (!rows) refuseLink("used", account);
}

/** An account is linked only while it is active, and the address the link was decided on is its own. */
const linkable = ({ email }: Account): AccountFacts => ({ email, status: AccountStatus.active });

async function link(account: Account, claims: ProviderClaims, client: Client): Promise<Account> {
  const now = clock();
  const counters = await mailCountersOf({ to: account.email, account, client }, now);
  const rows = await atomically(() => [
    must(holdAccount(account.id, linkable(account))),
    must(unlessEnded(account.id, claims)),
    must(insertIdentity({ ...identityOf(claims, now), accountId: account.id })),
    // A new way into an account is something its owner should hear of.
    queueMail({ template: "google-linked", to: account.email, accountId: account.id, now }),
    // The link and the mail about it are written together: the owner must hear of every new link.
    ...taking(counters, now),
    ...countSent(account.email, now),
    recordEvent("provider_linked", { account, client, issuer: claims.issuer }, now),
  ]);
  if (!rows) return (await findAccountByIdentity(claims.issuer, claims.subject)) ?? refuseShut(counters, now);
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

/** All that open the account through a provider, the oldest first. */
export const providerLinks = (accountId: number): Promise<Identity[]> => listIdentities(accountId);

/**
 * Removes a link for good: it never links itself again, and all sessions but the one that asks end, since the link may
 * have opened any of them. Throws `last_way_in` where nobody could get in any more, `confirmation_needed`.
 */
export async function unlinkProvider(
  input: { account: Pick<Account, "id" | "sub">; sessionId: string } & IdentityKey,
): Promise<void> {
  const { account, sessionId } = input;
  const accountId = account.id;
  const now = clock();
  const rows = await atomically(() => [
    // Of two links removed at once, the second waits here and then sees that its own is the last.
    must(holdAccount(accountId)),
    must(holdConfirmed(sessionId, now)),
    must(deleteIdentity(accountId, input)),
    rememberEnded(accountId, input, now),
    endSessions(accountId, now, sessionId),
    recordEvent("provider_unlinked", { account, session: sessionId, issuer: input.issuer }, now),
  ]);
  if (rows) return;
  const isStillThere = (await listIdentities(accountId)).some(
    ({ issuer, subject }) => issuer === input.issuer && subject === input.subject,
  );
  if (isStillThere) throw new AuthError((await isConfirmed(sessionId)) ? "last_way_in" : "confirmation_needed");
}
