import { ActionForm } from "#components/action-form.tsx";
import { AddressForm } from "#components/address-form.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { WhoseAccount } from "#components/whose-account.tsx";
import { type Account, AccountStatus } from "#db/schema.ts";
import { inspectLink } from "#lib/auth/links.ts";
import { currentPerson } from "#lib/http/page-session.ts";
import { MESSAGES } from "../messages.ts";
import { disownAction, requestAction, sendAnotherAction, verifyByLinkAction } from "./action.ts";

type Link = { token: string; next: string };

/** What a mailed link opens. Looking uses nothing up, since mail scanners open every link; only a button does. */
export async function MailedLink({ token, next, isDoubted }: Link & { isDoubted: boolean }) {
  const { state, account } = await inspectLink({ token, purpose: "verify-email" });
  if (!account) return <NoLinkOfOurs next={next} />;
  if (account.status === AccountStatus.blocked) return <Blocked />;
  if (account.status === AccountStatus.active || state === "used") return <AlreadyVerified account={account} />;
  if (state !== "ready") return <TooLate state={state} account={account} token={token} next={next} />;
  return isDoubted ? (
    <NotMe account={account} token={token} />
  ) : (
    <Confirm account={account} token={token} next={next} />
  );
}

function Confirm({ account, token, next }: Link & { account: Account }) {
  return (
    <>
      <PageTitle title="Confirm your address" />
      <h1>Confirm your address</h1>
      <p>Somebody made this account with your address. If that was you, one press and it is yours.</p>
      <WhoseAccount account={account} />
      <form className="form" action={verifyByLinkAction}>
        <input type="hidden" name="authToken" value={token} />
        <input type="hidden" name="next" value={next} />
        <SubmitButton>Confirm this address</SubmitButton>
      </form>
      <p className="ways">
        <a href={`/verify-email?disown&authToken=${encodeURIComponent(token)}`}>This wasn’t me</a>
      </p>
    </>
  );
}

function NotMe({ account, token }: { account: Account; token: string }) {
  return (
    <>
      <PageTitle title="Delete this account?" />
      <h1>Delete this account?</h1>
      <p>
        Somebody made it with your address and cannot use it without you. Deleted, nothing of it is kept, and no more
        mail about it will come.
      </p>
      <WhoseAccount account={account} />
      <form className="form" action={disownAction}>
        <input type="hidden" name="authToken" value={token} />
        <SubmitButton look="grave">Delete this account</SubmitButton>
      </form>
      <p className="ways">
        <a href={`/verify-email?authToken=${encodeURIComponent(token)}`}>Go back without deleting</a>
      </p>
    </>
  );
}

async function AlreadyVerified({ account }: { account: Account }) {
  const person = await currentPerson();
  return (
    <>
      <PageTitle title="Already verified" />
      <h1>Already verified</h1>
      <p>
        <b className="address">{account.email}</b> is confirmed. There is nothing more to do with this link.
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
          ? "A link works for a limited time, so that an old mail opens nothing. Ask for a new one."
          : "A newer mail has taken this one’s place, and only the newest link works. Look for it, or ask for another."}
      </p>
      <WhoseAccount account={account} />
      <ActionForm action={sendAnotherAction} submit="Send a new mail">
        <input type="hidden" name="authToken" value={token} />
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
        It is not complete, or its account is gone. Mail programs sometimes cut a link in two: try to copy all of it. Or
        ask for a new mail here.
      </p>
      <AddressForm action={requestAction} title="This link does not work" submit="Send a new mail" next={next} />
    </>
  );
}
