import { redirect } from "next/navigation";
import { CheckMail } from "#components/check-mail.tsx";
import { tokenIn } from "#lib/mail/mailed-link.ts";
import { noticeOf } from "#lib/pages/notices.ts";
import { pendingMail } from "#lib/pages/pending-mail.ts";
import type { SearchParams } from "#lib/pages/search-params.ts";
import { resendAction } from "./action.ts";
import { MailedLink } from "./mailed-link.tsx";
import { ResetByCodeForm } from "./reset-password-form.tsx";

/** With a mailed link's token: the page that link opens. Without: where one waits for the mail, or types its code. */
export default async function ResetPasswordPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await searchParams;
  const token = tokenIn(query);
  if (token !== undefined) return <MailedLink token={token} notice={noticeOf(query.notice)} />;
  const mail = await pendingMail("reset-password");
  if (!mail) redirect("/forgot-password");
  return (
    <CheckMail
      mail={mail}
      resend={resendAction}
      story={
        query.notice === "locked-out" ? (
          <>
            Everyone is logged out, and the old password no longer works. We are sending a mail to{" "}
            <b className="address">{mail.email}</b>. Open the link in it, or type its code here with a new password.
          </>
        ) : (
          <>
            If <b className="address">{mail.email}</b> has an account, we are sending it a mail. Open the link in it, or
            type its code here with a new password.
          </>
        )
      }
      startOver={<a href="/forgot-password">Use another address</a>}
    >
      <ResetByCodeForm email={mail.email} />
    </CheckMail>
  );
}
