import { ActionForm } from "#components/action-form.tsx";
import { AddressForm } from "#components/address-form.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { TokenField } from "#components/token-field.tsx";
import { WhoseAccount } from "#components/whose-account.tsx";
import { type Account, AccountStatus } from "#lib/auth/accounts/accounts.ts";
import type { Challenge } from "#lib/auth/proofs/challenges.ts";
import { inspectLink } from "#lib/auth/proofs/links.ts";
import { bringsPasskey } from "#lib/auth/proofs/verify-email.ts";
import { withToken } from "#lib/mail/mailed-link.ts";
import { MESSAGES } from "#lib/pages/messages.ts";
import { withNext } from "#lib/pages/next-link.ts";
import { currentPerson } from "#lib/pages/session.ts";
import { disownAction, requestAction, sendAnotherAction, verifyByLinkAction } from "./action.ts";
import { isMadeHere } from "./made-here.ts";
import { ClaimByLinkForm, VerifyPasswordForm } from "./password-form.tsx";

type Link = { token: string; next: string };

/** What a mailed link opens. Looking uses nothing up, since mail scanners open every link; only a button does. */
export async function MailedLink({
  token,
  next,
  isDoubted,
  wantsNewPassword,
}: Link & { isDoubted: boolean; wantsNewPassword: boolean }) {
  const { state, account: found, challenge } = await inspectLink({ token, purpose: "verify-email" });
  if (!found) return <NoLinkOfOurs next={next} />;
  const account = asSignedUp(found, challenge);
  if (account.status === AccountStatus.blocked) return <Blocked />;
  if (account.status === AccountStatus.active || state === "used") return <AlreadyVerified account={account} />;
  if (state !== "ready") return <TooLate state={state} account={account} token={token} next={next} />;
  const link = { account, token, next };
  if (isDoubted) return <NotMe {...link} />;
  if (wantsNewPassword) return <ChooseNewPassword {...link} />;
  if (await isMadeHere(challenge)) return <Confirm {...link} />;
  return (await bringsPasskey(challenge)) ? <ConfirmElsewhere {...link} /> : <ConfirmWithPassword {...link} />;
}

/** The username is that of the sign-up which made the account; another one's mail and page must not show it. */
function asSignedUp(account: Account, { signUpId }: Challenge): Account {
  return account.status === AccountStatus.unverified && signUpId !== null ? { ...account, username: null } : account;
}

function Confirm({ account, token, next }: Link & { account: Account }) {
  return (
    <>
      <PageTitle title="Confirm your address" />
      <h1>Confirm your address</h1>
      <p>Someone created this account with your address. If that was you, press the button to confirm.</p>
      <WhoseAccount account={account} />
      <form className="form" action={verifyByLinkAction}>
        <TokenField token={token} />
        <input type="hidden" name="next" value={next} />
        <SubmitButton>Confirm this address</SubmitButton>
      </form>
      <p className="ways">
        <a href={linkPage("disown", token, next)}>This wasn’t me</a>
      </p>
    </>
  );
}

/** Where the sign-up was not made: who reads the mail owns the address, but whose password the sign-up brought is not known. */
function ConfirmWithPassword({ account, token, next }: Link & { account: Account }) {
  return (
    <>
      <h1>Confirm your address</h1>
      <p>
        Someone created this account with your address, in another browser. If that was you, enter the password you
        chose there.
      </p>
      <WhoseAccount account={account} />
      <VerifyPasswordForm token={token} next={next} email={account.email} />
      <p className="ways">
        <a href={linkPage("new", token, next)}>Choose a new password instead</a>
        <a href={linkPage("disown", token, next)}>This wasn’t me</a>
      </p>
    </>
  );
}

/** The same, of a sign-up with a passkey: whether this is its maker, only the other browser knows. */
function ConfirmElsewhere({ account, token, next }: Link & { account: Account }) {
  return (
    <>
      <PageTitle title="Confirm your address" />
      <h1>Confirm your address</h1>
      <p>
        Someone created this account with your address and a passkey, in another browser. If that was you, open this
        link in that browser, or type the code from the mail there.
      </p>
      <WhoseAccount account={account} />
      <p className="ways">
        <a href={linkPage("new", token, next)}>Choose a password here instead</a>
        <a href={linkPage("disown", token, next)}>This wasn’t me</a>
      </p>
    </>
  );
}

function ChooseNewPassword({ account, token, next }: Link & { account: Account }) {
  return (
    <>
      <h1>Choose a new password</h1>
      <p>It replaces the password chosen at sign-up. Names given at sign-up are removed.</p>
      <WhoseAccount account={{ email: account.email, username: null }} />
      <ClaimByLinkForm token={token} next={next} email={account.email} />
      <p className="ways">
        <a href={linkPage("", token, next)}>Go back</a>
      </p>
    </>
  );
}

/** The same link, asking for something else. */
function linkPage(what: "disown" | "new" | "", token: string, next: string): string {
  const path = withNext("/verify-email", next);
  return withToken(what === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${what}`, token);
}

function NotMe({ account, token, next }: Link & { account: Account }) {
  return (
    <>
      <PageTitle title="Delete this account?" />
      <h1>Delete this account?</h1>
      <p>
        Someone created it with your address and cannot use it without you. If you delete it, we keep nothing of it and
        send no more mail about it.
      </p>
      <WhoseAccount account={account} />
      <form className="form" action={disownAction}>
        <TokenField token={token} />
        <SubmitButton look="grave">Delete this account</SubmitButton>
      </form>
      <p className="ways">
        <a href={linkPage("", token, next)}>Go back without deleting</a>
      </p>
    </>
  );
}

async function AlreadyVerified({ account }: { account: Account }) {
  const person = await currentPerson();
  return (
    <>
      <PageTitle title="Already confirmed" />
      <h1>Already confirmed</h1>
      <p>
        <b className="address">{account.email}</b> is confirmed. You do not need this link any more.
      </p>
      <p>
        {person?.account.id === account.id ? (
          <a className="button primary" href="/account">
            Go to your account
          </a>
        ) : (
          <a className="button primary" href="/login">
            Log in
          </a>
        )}
      </p>
    </>
  );
}

function TooLate({ state, account, token, next }: Link & { account: Account; state: "expired" | "superseded" }) {
  const isExpired = state === "expired";
  const title = isExpired ? "This link has expired" : "There is a newer mail";
  return (
    <>
      <PageTitle title={title} />
      <h1>{title}</h1>
      <p>
        {isExpired
          ? "A link works for a limited time only. Ask for a new one."
          : "A newer mail has replaced this one, and only the newest link works. Look for it, or ask for another."}
      </p>
      <WhoseAccount account={account} />
      <ActionForm action={sendAnotherAction} submit="Send a new mail">
        <TokenField token={token} />
        <input type="hidden" name="next" value={next} />
      </ActionForm>
    </>
  );
}

function Blocked() {
  return (
    <>
      <PageTitle title="This account is blocked" />
      <h1>This account is blocked</h1>
      <p>{MESSAGES.account_blocked}</p>
    </>
  );
}

function NoLinkOfOurs({ next }: { next: string }) {
  return (
    <>
      <h1>This link does not work</h1>
      <p>
        It is incomplete, or its account no longer exists. Mail programs sometimes cut a link in two: copy the whole
        link, or ask for a new mail here.
      </p>
      <AddressForm action={requestAction} title="This link does not work" submit="Send a new mail" next={next} />
    </>
  );
}
