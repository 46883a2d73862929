import { randomUUID } from "node:crypto";
import { changeEmail, findAccount, holdAccount } from "#db/accounts.ts";
import { findAddressRequest, insertAddressChange } from "#db/address-changes.ts";
import { consumeChallenge, supersedeChallenges } from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { endCodeTokens } from "#db/code-tokens.ts";
import { queueMail } from "#db/outbox.ts";
import { type Account, AccountStatus, type Challenge } from "#db/schema.ts";
import { type Caller, findLiveSession, holdUnusedSession } from "#db/sessions.ts";
import { removingUnverified } from "#lib/auth/accounts/remove-unverified.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { checkCode, countCode, readLink } from "./challenges.ts";
import { inspectLink } from "./links.ts";
import { type LinkState, refuseLink } from "./mailed-links.ts";

/**
 * A new address takes effect once its reader has answered the mail, who must also be logged in to the account: whoever an address
 * was mistyped into would else own the account with one press.
 */

export type InspectedEmailChange =
  /** `ended`: the session that asked has. `taken`: by now somebody else has proved the address. */
  { state: LinkState | "ended" | "taken"; account: Account; email: string } | { state: "invalid" };

/** What a page shows of the mailed link before its button is pressed. Uses nothing up. */
export async function inspectEmailChange({ token }: { token: string }): Promise<InspectedEmailChange> {
  const { state, account, challenge } = await inspectLink({ token, purpose: "change-email" });
  const request = challenge && (await findAddressRequest(challenge.id));
  if (!account || !request) return { state: "invalid" };
  const { email, sessionId } = request;
  if (state !== "ready") return { state, account, email };
  if (!(await findLiveSession({ id: sessionId }, clock()))) return { state: "ended", account, email };
  return { state: (await isTaken(email)) ? "taken" : "ready", account, email };
}

/**
 * Gives the account its new address, once, for whoever is logged in to it and has the mailed link.
 * Throws `link_invalid` (also where it is another account's), `link_expired`, `link_used`, `link_superseded` (also where the session
 * that asked has ended), `account_not_found`, `email_taken`.
 */
export async function confirmEmailChangeByLink(input: Pick<Caller, "account"> & { token: string }): Promise<void> {
  const { challenge, account, state } = await readLink(input.token, "change-email");
  if (account.id !== input.account.id) throw new AuthError("link_invalid");
  if (state !== "ready") refuseLink(state, account);
  if (!(await applied(account, challenge, "link"))) refuseLink("superseded", account);
}

/** The same by the code. Throws `code_wrong`, `code_dead`, `too_many_tries`, `email_taken`. */
export async function confirmEmailChangeByCode(
  input: Pick<Caller, "account"> & { code: string; client: Client },
): Promise<void> {
  await countCode(input.client);
  const account = await findAccount({ id: input.account.id });
  if (!account) throw new AuthError("code_dead");
  const challenge = await checkCode(account, "change-email", input.code);
  if (!(await applied(account, challenge, "code"))) throw new AuthError("code_dead");
}

/** A sign-up with the address, begun in this very moment, undoes it once: nobody has proved that one, and it makes way. */
const applied = async (...input: Parameters<typeof apply>): Promise<boolean> =>
  (await apply(...input)) || (await apply(...input));

/** Says whether it took effect: of parallel callers one is told so. Throws `email_taken`. */
async function apply(account: Account, challenge: Challenge, by: "link" | "code"): Promise<boolean> {
  const request = await findAddressRequest(challenge.id);
  if (!request) return false;
  const now = clock();
  const change = { id: randomUUID(), accountId: account.id, oldEmail: account.email, changedAt: now };
  const rows = await atomically(() => [
    // The account's row first, as everywhere: a reset under way waits, and then finds its link ended; one that was faster has
    // ended the session that asked.
    must(holdAccount(account.id, { email: account.email, status: AccountStatus.active })),
    must(holdUnusedSession(request.sessionId, now)),
    must(consumeChallenge(challenge.id, by, now)),
    // A sign-up that nobody proved would else keep its owner from an address that they have just proved.
    ...removingUnverified(request.email, now),
    must(changeEmail(account.id, request.email, now)),
    // What was mailed to the old address must not open the account any more: its mailbox may be why the address is changed.
    supersedeChallenges(account.id, "all", now),
    endCodeTokens(account.id, now),
    insertAddressChange(change),
    queueMail({ template: "address-changed", to: account.email, accountId: account.id, about: change.id, now }),
    recordEvent("address_changed", { account, session: request.sessionId }, now),
  ]);
  if (!rows && (await isTaken(request.email, account))) throw new AuthError("email_taken", { email: request.email });
  return rows !== null;
}

async function isTaken(email: string, by?: Account): Promise<boolean> {
  const holder = await findAccount({ email });
  return holder !== undefined && holder.id !== by?.id && holder.status !== AccountStatus.unverified;
}
