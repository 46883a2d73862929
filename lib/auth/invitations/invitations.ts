import { randomUUID } from "node:crypto";
import { findAccount, holdAccount, insertAccount } from "#db/accounts.ts";
import * as challenges from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { insertMailRefusal, refusesMail } from "#db/mail-refusals.ts";
import { queueMail, queueRequest } from "#db/outbox.ts";
import { type Account, AccountStatus, type Challenge } from "#db/schema.ts";
import { nobodysName } from "#lib/auth/accounts/accounts.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { withPlace } from "#lib/auth/factors/password/hash-places.ts";
import { hashPassword, refuseCommonPassword } from "#lib/auth/factors/password/hashing.ts";
import { type Counter, opensAt, refuseShut, take, taking } from "#lib/auth/limits.ts";
import { type LinkState, newChallenge, readLink, readLinkToken, refuseLink } from "#lib/auth/proofs/challenges.ts";
import { countSent, mailCounters } from "#lib/auth/proofs/mail-limits.ts";
import { ANSWER_FIRST } from "#lib/auth/proofs/mail-requests.ts";
import { resetWith } from "#lib/auth/proofs/reset-password.ts";
import { securityEvent } from "#lib/auth/security-events.ts";
import type { Client } from "#lib/client.ts";
import { isEmail, normalizeEmail } from "#lib/identifiers.ts";

/** Invitations: a challenge whose account is the one that invites, and whose address is the one invited. */

/**
 * Mails an invitation, in place of an open one of the same sender. Whether the address has an account already does not
 * show: only its own reader is told.
 * Throws `email_unverified` (only who has proved an address may write to others), `too_many_tries`, `mail_refused`.
 */
export async function invite({
  inviter,
  to,
  link,
  client,
}: {
  inviter: Pick<Account, "id" | "sub" | "email" | "status">;
  to: string;
  link: string;
  client: Client;
}): Promise<void> {
  if (inviter.status !== AccountStatus.active) throw new AuthError("email_unverified", { email: inviter.email });
  const email = normalizeEmail(to);
  const now = Date.now();
  const limits = counters(inviter.id, email, client);
  if (await refusesMail(email)) {
    // Counted all the same: a second one to an address that wants none must run into the limit like one to any other.
    await take(limits, now);
    throw new AuthError("mail_refused");
  }
  const challenge = newChallenge(inviter.id, "invite", email);
  const done = await atomically(() => [
    ...taking(limits, now),
    // One blocked since writes to nobody any more.
    must(holdAccount(inviter.id, { status: AccountStatus.active })),
    challenges.supersedeInvitations(inviter.id, { email }, now),
    challenges.insertChallenge(challenge, now),
    queueMail({ template: "invite", to: email, accountId: inviter.id, challengeId: challenge.id, link, now }),
    ...countSent(email, now),
  ]);
  if (!done && (await opensAt(limits, now)) > now) await refuseShut(limits, now);
  if (!done) throw new AuthError("email_unverified", { email: inviter.email });
  securityEvent("invitation_sent", { account: inviter, client, name: email });
}

/**
 * The same in the name of somebody, for a caller who has not proved to be them. The mail names them as the caller did:
 * where anybody may have one sent, a username must not give away its address. It is written down for any name alike, and
 * counted by that name; who has it, and how many they have sent, is looked at later (lib/auth/proofs/mail-requests.ts).
 * Throws `too_many_tries`.
 */
export async function inviteInNameOf({
  inviter,
  calledBy,
  to,
  link,
  client,
}: {
  /** Whose name it is, if anybody's. */
  inviter: Pick<Account, "id" | "sub" | "username"> | undefined;
  /** The username or address the caller gave. */
  calledBy: string;
  to: string;
  link: string;
  client: Client;
}): Promise<void> {
  const email = normalizeEmail(to);
  const now = Date.now();
  const limits = counters(nobodysName(calledBy), email, client);
  const about = isEmail(calledBy) ? null : (inviter?.username ?? null);
  const done = await atomically(() => [
    ...taking(limits, now),
    queueRequest({
      template: "invite",
      to: email,
      accountId: inviter?.id ?? null,
      link,
      about,
      callerKnown: false,
      now,
      dueAt: now + ANSWER_FIRST,
    }),
  ]);
  if (!done) await refuseShut(limits, now);
  securityEvent("invitation_sent", { account: inviter, client, name: email });
}

function counters(sender: number | string, to: string, client: Client): Counter[] {
  return [["invite-destination", to], ["invite-sender", sender], ...mailCounters(to, client)];
}

/** Whether this address said "do not mail me again". For doors that tell their callers so. */
export const refusesInvitations = (email: string): Promise<boolean> => refusesMail(normalizeEmail(email));

/** What became of an invitation; all times in ms since 1970. */
export type Invitation = {
  id: string;
  to: string;
  createdAt: number;
  /** When another may go to the same address; 0 when it may now, null when they said "do not mail me again". */
  nextAt: number | null;
} & (
  | { state: "accepted" | "expired" | "withdrawn"; since: number }
  /** Until when it can be accepted; null while its mail is on its way. */
  | { state: "sent"; until: number | null }
);

/** What this person sent, the newest first; of several to one address only the last. `client`: who would send another. */
export async function listInvitations({
  inviter,
  client,
}: {
  inviter: Pick<Account, "id">;
  client: Client;
}): Promise<Invitation[]> {
  const now = Date.now();
  const newest = new Map<string, Challenge>();
  for (const row of await challenges.listInvitations(inviter.id)) {
    if (row.email !== null && !newest.has(row.email)) newest.set(row.email, row);
  }
  return Promise.all(
    [...newest].map(async ([to, row]) => ({
      id: row.id,
      to,
      createdAt: row.createdAt,
      nextAt: (await refusesMail(to)) ? null : await opensAt(counters(inviter.id, to, client), now),
      ...stateOf(row, now),
    })),
  );
}

function stateOf(row: Challenge, now: number) {
  if (row.usedAt !== null) return { state: "accepted", since: row.usedAt } as const;
  if (row.supersededAt !== null) return { state: "withdrawn", since: row.supersededAt } as const;
  const until = row.linkExpiresAt;
  if (until !== null && until <= now) return { state: "expired", since: until } as const;
  return { state: "sent", until } as const;
}

/** To whom this account sent the invitation with this id; undefined for anybody else's. */
export async function invitedBy({ accountId, id }: { accountId: number; id: string }): Promise<string | undefined> {
  const row = await challenges.findChallenge(id);
  return row?.purpose === "invite" && row.accountId === accountId ? (row.email ?? undefined) : undefined;
}

/** Ends an invitation of this account before it was accepted; says whether there was one to end. */
export async function withdrawInvitation({ accountId, id }: { accountId: number; id: string }): Promise<boolean> {
  return (await challenges.supersedeInvitations(accountId, { id }, Date.now())).length === 1;
}

export type InspectedInvitation =
  | {
      /** `superseded`: the same sender sent a newer one. */
      state: LinkState | "withdrawn";
      /** Who invites, as the mail named them. */
      inviter: string;
      /** Who is invited. */
      email: string;
      /** Whether somebody has proved this address already. */
      isMember: boolean;
    }
  | { state: "invalid" };

/** What the page behind the mailed link shows. Uses nothing up. */
export async function inspectInvitation({ token }: { token: string }): Promise<InspectedInvitation> {
  try {
    const { state, account, challenge } = await readLink(token, "invite");
    const email = challenge.email ?? "";
    const invited = await findAccount({ email });
    return {
      state: state === "superseded" ? await howEnded(challenge) : state,
      inviter: nameOfInviter(challenge, account),
      email,
      isMember: invited !== undefined && !isUnproved(invited),
    };
  } catch (error) {
    if (error instanceof AuthError) return { state: "invalid" };
    throw error;
  }
}

/** How an invitation names whoever sent it. */
export const nameOfInviter = (challenge: Pick<Challenge, "inviterName">, inviter: Pick<Account, "email">): string =>
  challenge.inviterName ?? inviter.email;

/** The row alone does not tell whether it was taken back or a newer one took its place; a newer one does. */
async function howEnded({ id, accountId, email }: Challenge): Promise<"superseded" | "withdrawn"> {
  const newest = await challenges.newestInvitation(accountId, email ?? "");
  return newest && newest.id !== id && newest.supersededAt === null ? "superseded" : "withdrawn";
}

const isUnproved = (account: Account): boolean => account.status === AccountStatus.unverified;

/**
 * Makes the invited person's account. The link was read in their mail, so the address is proved and no second mail is
 * needed; an account that somebody else made with it and never proved becomes theirs, as by a reset.
 * Throws `link_*`, `account_not_found`, `email_taken` (they are a member already), `password_common`, `busy`.
 */
export function acceptInvitation({ token, password }: { token: string; password: string }): Promise<Account> {
  return withPlace("new-password", undefined, async () => {
    const account = (await tryToAccept(token, password)) ?? (await tryToAccept(token, password));
    if (!account) return closedMeanwhile(token);
    securityEvent("invitation_accepted", { account });
    return account;
  });
}

/** Null when the invitation or the address's account changed while the password was hashed: looked at once more, it says how. */
async function tryToAccept(token: string, password: string): Promise<Account | null> {
  const { challenge, account: inviter, state } = await readLink(token, "invite");
  if (state !== "ready") refuseLink(state, inviter);
  const email = challenge.email ?? "";
  await refuseCommonPassword(password, [email]);
  const existing = await findAccount({ email });
  if (existing && !isUnproved(existing)) throw new AuthError("email_taken", { email });
  if (!existing) return makeMember(email, challenge, password);
  return resetWith(existing, password, (now) => challenges.consumeChallenge(challenge.id, "link", now), {
    // For the person invited this is a new account; a mail that its password was changed would only puzzle them.
    quietly: true,
    // Its owner may prove it meanwhile, with a password of their own, which an old invitation must not replace.
    facts: { status: AccountStatus.unverified },
  });
}

async function closedMeanwhile(token: string): Promise<never> {
  const { account: inviter } = await readLink(token, "invite");
  return refuseLink("used", inviter);
}

async function makeMember(email: string, challenge: Challenge, password: string): Promise<Account | null> {
  const passwordHash = await hashPassword(password);
  const now = Date.now();
  const account = { sub: randomUUID(), email, username: null, usernameKey: null, passwordHash };
  const rows = await atomically(() => [
    must(challenges.consumeChallenge(challenge.id, "link", now)),
    must(insertAccount({ ...account, status: AccountStatus.active }, now)),
  ]);
  return rows?.[1][0] ?? null;
}

/** Whom "do not mail me again" would be kept for, and whether it is already. Uses nothing up. */
export async function inspectRefusal({
  token,
}: {
  token: string;
}): Promise<{ state: "open" | "kept"; email: string } | { state: "invalid" }> {
  try {
    const { email } = await readLinkToken(token, "invite");
    return { state: (await refusesMail(email)) ? "kept" : "open", email };
  } catch (error) {
    if (error instanceof AuthError) return { state: "invalid" };
    throw error;
  }
}

/**
 * "Do not mail me again": kept for good. Any invitation ever mailed to an address says so for it, even one long expired and
 * forgotten. Throws `link_invalid`.
 */
export async function refuseInvitations({ token }: { token: string }): Promise<{ email: string }> {
  const { email } = await readLinkToken(token, "invite");
  await insertMailRefusal(email, Date.now());
  return { email };
}
