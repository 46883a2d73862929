import { randomUUID } from "node:crypto";
import { accountIdOf, findAccount, insertAccount } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import * as store from "#db/invitations.ts";
import { type Account, AccountStatus, type Invitation } from "#db/schema.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { withPlace } from "#lib/auth/factors/password/hash-places.ts";
import { hashPassword, refuseCommonPassword } from "#lib/auth/factors/password/hashing.ts";
import { refuseLink } from "#lib/auth/proofs/mailed-links.ts";
import { resetWith } from "#lib/auth/proofs/reset-password.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import { clock } from "#lib/clock.ts";
import { readInvitation } from "./invitation-link.ts";

/**
 * Makes the invited person's account. The link was read in their mail, so the address is proved and no second mail is
 * needed; an account that somebody else made with it and never proved becomes theirs, as by a reset.
 * Throws `link_*`, `account_not_found`, `email_taken` (they are a member already), `password_common`, `busy`.
 */
export function acceptInvitation({ token, password }: { token: string; password: string }): Promise<Account> {
  return withPlace("new-password", undefined, async () => {
    const account = (await tryToAccept(token, password)) ?? (await tryToAccept(token, password));
    return account ?? closedMeanwhile(token);
  });
}

/** Null when the invitation or the address's account changed while the password was hashed: looked at once more, it says how. */
async function tryToAccept(token: string, password: string): Promise<Account | null> {
  const { invitation, inviter, state } = await readInvitation(token);
  // The page tells the two apart; a refusal says only that this mail is not the one.
  if (state !== "ready") refuseLink(state === "withdrawn" ? "superseded" : state, inviter);
  const { email } = invitation;
  await refuseCommonPassword(password, [email]);
  const existing = await findAccount({ email });
  if (!existing) return makeMember(invitation, password);
  if (existing.status !== AccountStatus.unverified) throw new AuthError("email_taken", { email });
  return resetWith(existing, password, (now) => store.acceptInvitation(invitation.id, now), {
    alongside: (now) => [
      store.acceptOthers(invitation, now),
      recordEvent("invitation_accepted", { account: existing }, now),
    ],
    // For the person invited this is a new account; a mail that its password was changed would only puzzle them.
    quietly: true,
    // Its owner may prove it meanwhile, with a password of their own, which an old invitation must not replace.
    facts: { status: AccountStatus.unverified },
  });
}

async function closedMeanwhile(token: string): Promise<never> {
  const { inviter } = await readInvitation(token);
  return refuseLink("used", inviter);
}

async function makeMember(invitation: Invitation, password: string): Promise<Account | null> {
  const { email } = invitation;
  const passwordHash = await hashPassword(password);
  const now = clock();
  const sub = randomUUID();
  const account = { sub, email, username: null, usernameKey: null, passwordHash };
  const rows = await atomically(() => [
    must(insertAccount({ ...account, status: AccountStatus.active }, now)),
    must(store.acceptInvitation(invitation.id, now)),
    store.acceptOthers(invitation, now),
    recordEvent("invitation_accepted", { account: { id: accountIdOf(sub), sub } }, now),
  ]);
  return rows?.[0][0] ?? null;
}
