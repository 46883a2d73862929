import { LinkOver } from "#components/link-over.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { TokenField } from "#components/token-field.tsx";
import { inspectEmailChange } from "#lib/auth/proofs/confirm-email-change.ts";
import { withToken } from "#lib/mail/mailed-link.ts";
import { requirePerson } from "#lib/pages/session.ts";
import { confirmByLinkAction, logOutToConfirmAction } from "./action.ts";

const OVER = {
  used: { title: "This link has been used", story: "A link works once." },
  expired: {
    title: "This link has expired",
    story: "A link works for a limited time only. Ask for the change again.",
  },
  superseded: {
    title: "This link no longer works",
    story: "A newer mail has replaced it, or the change was withdrawn, or your password was changed since.",
  },
  ended: {
    title: "This link no longer works",
    story: "You logged out where you asked for the change, so your address stays as it is. Ask for it again.",
  },
  taken: {
    title: "This address has an account already",
    story: "Somebody has confirmed this address for another account meanwhile, so your address stays as it is.",
  },
  invalid: {
    title: "This link does not work",
    story: "It is incomplete. Mail programs sometimes cut a link in two: copy the whole link.",
  },
} as const;

/** What the mail to a new address opens. Looking uses nothing up, since mail scanners open every link; only the button does. */
export async function MailedLink({ token }: { token: string }) {
  const { account: here } = await requirePerson(withToken("/account/email", token));
  const change = await inspectEmailChange({ token });
  if (change.state !== "invalid" && change.account.id !== here.id)
    return <SomebodyElse here={here.email} token={token} />;
  if (change.state !== "ready")
    return (
      <LinkOver {...OVER[change.state]}>
        <a href="/account/email">Your e-mail address</a>
      </LinkOver>
    );
  return (
    <>
      <PageTitle title="Confirm your new address" />
      <h1>Confirm your new address</h1>
      <p>Press the button, and the new address takes the place of the old one. We tell the old one by mail.</p>
      <dl className="facts">
        <div>
          <dt>New address</dt>
          <dd className="address">{change.email}</dd>
        </div>
        <div>
          <dt>Old address</dt>
          <dd className="address">{here.email}</dd>
        </div>
      </dl>
      <form className="form" action={confirmByLinkAction}>
        <TokenField token={token} />
        <SubmitButton>Confirm this address</SubmitButton>
      </form>
    </>
  );
}

/** Says no more of the other account than that there is one: the mail may have been meant for a mistyped address. */
function SomebodyElse({ here, token }: { here: string; token: string }) {
  const title = "This link is for another account";
  return (
    <>
      <PageTitle title={title} />
      <h1>{title}</h1>
      <p>
        You are logged in as <b className="address">{here}</b>. Log in to the account whose address you want to change.
      </p>
      <form className="form" action={logOutToConfirmAction}>
        <TokenField token={token} />
        <SubmitButton>Log out and confirm</SubmitButton>
      </form>
      <p className="ways">
        <a href="/account">Stay logged in</a>
      </p>
    </>
  );
}
