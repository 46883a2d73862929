import type { ReactNode } from "react";
import type { FormAction } from "#lib/forms/form-state.ts";
import { nextMail, type PendingMail } from "#lib/http/pending-mail.ts";
import { isMailKept } from "#lib/mail/mailbox.ts";
import { Resend } from "./resend.tsx";

/**
 * What waits for whoever was sent a mail: where it went, the form for its code, and another mail in a while. The same for an
 * address nobody has, since who has an account is nobody else's business.
 */
export function CheckMail({
  mail,
  resend,
  story,
  startOver,
  children,
}: {
  mail: PendingMail;
  resend: FormAction;
  story: ReactNode;
  startOver: ReactNode;
  children: ReactNode;
}) {
  return (
    <>
      <h1>Check your mail</h1>
      <p>{story}</p>
      {isMailKept() && (
        <p className="local-mail">
          This server keeps its mail to itself.{" "}
          <a href={`/dev/mailbox?to=${encodeURIComponent(mail.email)}`}>Open the mailbox</a>
        </p>
      )}
      {children}
      <Resend action={resend} {...nextMail(mail, Date.now())} />
      <p className="ways">{startOver}</p>
    </>
  );
}
