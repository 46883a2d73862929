import { CheckMail } from "#components/check-mail.tsx";
import { LocalTime } from "#components/local-time.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { type PendingEmailChange, pendingEmailChange } from "#lib/auth/proofs/request-email-change.ts";
import { undoableChanges } from "#lib/auth/proofs/undo-email-change.ts";
import type { Caller } from "#lib/auth/sessions/sessions.ts";
import { tokenIn } from "#lib/mail/mailed-link.ts";
import { requireConfirmed } from "#lib/pages/confirmed.ts";
import type { SearchParams } from "#lib/pages/search-params.ts";
import { requirePerson } from "#lib/pages/session.ts";
import { resendAction, withdrawAction } from "./action.ts";
import { CodeForm, EmailForm } from "./email-form.tsx";
import { MailedLink } from "./mailed-link.tsx";

const HERE = "/account/email";

/** With a mailed link's token: the page that link opens. Without: where a new address is asked for, and its mail waited for. */
export default async function EmailPage({ searchParams }: { searchParams: SearchParams }) {
  const token = tokenIn(await searchParams);
  if (token !== undefined) return <MailedLink token={token} />;
  const person = await requirePerson(HERE);
  const pending = await pendingEmailChange(person.account.id);
  if (pending) return <Waiting {...person} pending={pending} />;
  // Before anything is typed.
  await requireConfirmed(HERE);
  const undoable = await undoableChanges(person.account.id);
  return (
    <>
      <h1>Change your address</h1>
      <p>
        Your address is <b className="address">{person.account.email}</b>. It changes once you have answered a mail to
        the new one.
      </p>
      <EmailForm />
      {undoable.map(({ id, oldEmail, linkExpiresAt }) => (
        <p key={id} className="hint">
          We mailed a link to your old address, <b className="address">{oldEmail}</b>, that puts it back. It works until{" "}
          <LocalTime at={linkExpiresAt ?? 0} />.
        </p>
      ))}
    </>
  );
}

function Waiting({ account, pending }: Pick<Caller, "account"> & { pending: PendingEmailChange }) {
  return (
    <>
      <CheckMail
        mail={{ email: pending.email, sentAt: pending.askedAt, signUp: null }}
        resend={resendAction}
        story={
          <>
            We are sending a mail to <b className="address">{pending.email}</b>. Open the link in it, or type its code
            here. Until then your address is still <b className="address">{account.email}</b>. If you log out before
            that, it stays as it is.
          </>
        }
      >
        <CodeForm />
      </CheckMail>
      <form className="form" action={withdrawAction}>
        <SubmitButton look="quiet">Do not change my address</SubmitButton>
      </form>
    </>
  );
}
