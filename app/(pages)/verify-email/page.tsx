import { redirect } from "next/navigation";
import { AddressForm } from "#components/address-form.tsx";
import { CheckMail } from "#components/check-mail.tsx";
import { tokenIn } from "#lib/mail/mailed-link.ts";
import { withNext } from "#lib/pages/next-link.ts";
import { safeNextPath } from "#lib/pages/next-path.ts";
import { pendingMail } from "#lib/pages/pending-mail.ts";
import { one, type SearchParams } from "#lib/pages/search-params.ts";
import { currentPerson } from "#lib/pages/session.ts";
import { requestAction, resendAction } from "./action.ts";
import { ClaimByCodeForm, CodeForm } from "./code-form.tsx";
import { MailedLink } from "./mailed-link.tsx";

/** With a mailed link's token: the page that link opens. Without: where one waits for the mail. */
export default async function VerifyEmailPage({ searchParams }: { searchParams: SearchParams }) {
  const params = await searchParams;
  const next = one(params.next);
  const token = tokenIn(params);
  if (token !== undefined)
    return (
      <MailedLink
        token={token}
        next={safeNextPath(next)}
        isDoubted={params.disown !== undefined}
        wantsNewPassword={params.new !== undefined}
      />
    );
  if (await currentPerson()) redirect(safeNextPath(next));
  const mail = await pendingMail("verify-email");
  return mail?.signUp ? (
    <CheckMail
      mail={mail}
      resend={resendAction}
      story={
        <>
          We are sending a mail to <b className="address">{mail.email}</b>. Open the link in it, or type its code here
          {mail.signUp.isOwn ? "." : ", with a new password, which replaces any chosen before."}
        </>
      }
      startOver={<a href={withNext("/sign-up", next)}>Use another address</a>}
    >
      {mail.signUp.isOwn ? (
        <CodeForm next={safeNextPath(next)} />
      ) : (
        <ClaimByCodeForm next={safeNextPath(next)} email={mail.email} />
      )}
    </CheckMail>
  ) : (
    <>
      <h1>Confirm your address</h1>
      <p>Which address did you sign up with? We send a new mail there.</p>
      <AddressForm
        action={requestAction}
        title="Confirm your address"
        submit="Send the mail"
        next={safeNextPath(next)}
      />
    </>
  );
}
