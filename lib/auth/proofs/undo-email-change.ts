import { changeEmail, clearPassword, findAccount, holdAccount } from "#db/accounts.ts";
import * as store from "#db/address-changes.ts";
import { insertChallenge } from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { queueMail } from "#db/outbox.ts";
import { type Account, AccountStatus, type AddressChange, type Challenge } from "#db/schema.ts";
import { removingUnverified } from "#lib/auth/accounts/remove-unverified.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import { clock } from "#lib/clock.ts";
import { newChallenge, stampChallenge } from "./challenges.ts";
import { type LinkState, linkStateOf, linkToken, readLinkToken, refuseLink } from "./mailed-links.ts";
import { endingAllOthers } from "./reset-password.ts";

/**
 * Whoever reads the old address's mail can put it back for some days: an account that a thief has moved to a mailbox of theirs is not lost.
 * The link is worth what a mail to reset the password is, and no more: a second factor stands before a log-in after it too. No
 * reset, nor change of password, ends it: those the thief can do.
 */

/** How long the old address can be put back, in ms. */
const UNDO_TTL = 7 * 24 * 60 * 60_000;

/** Starts the lifetime as the mail goes out at `now` (ms). Returns the row, or undefined where there is nothing left to undo. */
export const stampUndo = (id: string, now: number): Promise<AddressChange | undefined> =>
  store.stampAddressChange(id, { sentAt: now, linkExpiresAt: now + UNDO_TTL });

/** The token of its link. */
export const undoToken = (change: AddressChange): Promise<string> =>
  linkToken({ ...change, purpose: "undo-email-change", email: change.oldEmail });

/** The changes of this account that somebody at an old address could still undo, the newest first. */
export const undoableChanges = (accountId: number): Promise<AddressChange[]> => store.listUndoable(accountId, clock());

export type InspectedUndo =
  /** `taken`: by now the old address has another account, which somebody proved. */
  { state: LinkState | "taken"; account: Account; change: AddressChange } | { state: "invalid" };

/** What a page shows of the mailed link before its button is pressed. Uses nothing up. */
export async function inspectUndo({ token }: { token: string }): Promise<InspectedUndo> {
  try {
    const { account, change, state } = await readUndo(token);
    const isTaken = state === "ready" && (await hasOtherOwner(change, account));
    return { state: isTaken ? "taken" : state, account, change };
  } catch (error) {
    if (error instanceof AuthError) return { state: "invalid" };
    throw error;
  }
}

/**
 * Puts the old address back, once, and ends all that a reset ends: sessions, the password, links to a provider, and changes of the
 * address that came after. Returns the token of a link that sets the new password.
 * Throws `link_invalid`, `link_expired`, `link_used`, `link_superseded`, `account_not_found`, `email_taken`.
 */
export async function undoEmailChange({ token }: { token: string }): Promise<string> {
  const challenge = (await tryToUndo(token)) ?? (await tryToUndo(token));
  if (!challenge) throw new AuthError("link_used");
  const { email, stamped } = challenge;
  return linkToken({ ...stamped, email });
}

/** Null where the change or the account's address changed in this moment: looked at once more, it says how. */
async function tryToUndo(token: string): Promise<{ stamped: Challenge; email: string } | null> {
  const { account, change, state } = await readUndo(token);
  if (state !== "ready") refuseLink(state, { email: change.oldEmail });
  if (await hasOtherOwner(change, account)) throw new AuthError("email_taken", { email: change.oldEmail });
  const now = clock();
  const challenge = { ...newChallenge(account.id, "reset-password"), accountId: account.id };
  const isOther = account.email !== change.oldEmail;
  const rows = await atomically(() => [
    must(holdAccount(account.id, { email: account.email })),
    must(store.undoAddressChange(change.id, now)),
    store.supersedeLaterChanges(change, now),
    ...(isOther ? removingUnverified(change.oldEmail, now) : []),
    must(changeEmail(account.id, change.oldEmail, now)),
    // At once, and not with the new one: whoever knows it must not be back before its owner has thought of another.
    clearPassword(account.id, now),
    ...endingAllOthers(account, now),
    insertChallenge(challenge, now),
    // Whoever has the other address may be the owner, and the old mailbox in a thief's hands.
    ...(isOther
      ? [queueMail({ template: "address-change-undone", to: account.email, accountId: account.id, now })]
      : []),
    recordEvent("address_change_undone", { account }, now),
  ]);
  if (!rows) return null;
  const unsent = { ...challenge, createdAt: now, sentAt: null, linkExpiresAt: null, codeExpiresAt: null };
  const stamped = await stampChallenge({ ...unsent, usedAt: null, supersededAt: null }, now);
  return stamped ? { stamped, email: change.oldEmail } : null;
}

async function readUndo(token: string): Promise<{ account: Account; change: AddressChange; state: LinkState }> {
  const { id, email } = await readLinkToken(token, "undo-email-change");
  const change = await store.findAddressChange(id);
  const account = change && (await findAccount({ id: change.accountId }));
  if (!account) throw new AuthError("account_not_found", { email });
  return { account, change, state: linkStateOf({ ...change, usedAt: change.undoneAt }, clock()) };
}

async function hasOtherOwner({ oldEmail }: AddressChange, { id }: Account): Promise<boolean> {
  const holder = await findAccount({ email: oldEmail });
  return holder !== undefined && holder.id !== id && holder.status !== AccountStatus.unverified;
}
