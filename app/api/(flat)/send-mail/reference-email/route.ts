import { AccountStatus, findByIdentifier } from "#lib/auth/accounts/accounts.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { invite } from "#lib/auth/invitations/invite.ts";
import { inviteInNameOf } from "#lib/auth/invitations/invite-in-name-of.ts";
import type { Caller } from "#lib/auth/sessions/sessions.ts";
import { endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { email, fields, identifier } from "#lib/contracts/fields.ts";
import { accountsAreHidden } from "#lib/contracts/hidden-accounts.ts";
import { mailLink } from "#lib/contracts/redirect-url.ts";
import { env } from "#lib/env.ts";
import { emptyEnvelope, flatContract, said } from "../../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = endpoint({
  contract: flatContract,
  method: "POST",
  summary: "Mail an invitation in the name of an account",
  description:
    "The document asks for no credentials. With a bearer token, it must be the sender's; INVITES_NEED_LOGIN=true demands one. Without, the mail names the sender as `username` does, so that a username does not give away its address.",
  credential: "optional bearer",
  input: fields({ username: identifier, destination_email: email }),
  output: emptyEnvelope,
  refusals: { email_unverified: { status: 403, message: "This account is not confirmed yet" } },
  errors: ["account_not_found", "session_invalid", "email_unverified", "too_many_tries"],
  example: {
    input: { username: EXAMPLE.username, destination_email: "grace@example.com" },
    output: said("The mail has been sent"),
  },
  async run({ input, client, caller }) {
    const { username: identifier, destination_email: to } = input;
    const inviter = await findByIdentifier(identifier);
    const isSender = provesToBe(inviter?.id, caller);
    const link = mailLink(undefined, "/invitation");
    if (isSender && inviter) await invite({ inviter, to, link, client }).catch(unlessRefused);
    else {
      const isActive = inviter?.status === AccountStatus.active;
      if (!inviter && !accountsAreHidden()) throw new AuthError("account_not_found");
      if (inviter && !isActive && !accountsAreHidden()) throw new AuthError("email_unverified");
      await inviteInNameOf({ inviter: isActive ? inviter : undefined, calledBy: identifier, to, link, client });
    }
    return { body: said("The mail has been sent") };
  },
});

/** Whether the call carries the sender's token. Throws `session_invalid` for anybody else's, and for none where one is demanded. */
function provesToBe(senderId: number | undefined, caller: Caller | undefined): boolean {
  if (!caller && !env().INVITES_NEED_LOGIN) return false;
  if (!caller || caller.account.id !== senderId) throw new AuthError("session_invalid");
  return true;
}

/** That somebody wants no more mail is for no stranger to find out. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof AuthError && error.code === "mail_refused")) throw error;
}
