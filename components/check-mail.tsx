import type { ReactNode } from "react";
import type { FormAction } from "#lib/pages/forms/form-state.ts";
import { nextMail, type PendingMail } from "#lib/pages/pending-mail.ts";
import { MailboxHint } from "./mailbox-hint.tsx";
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
  startOver?: ReactNode;
  children: ReactNode;
}) {
  return (
    <>
      <h1>Check your mail</h1>
      <p>{story}</p>
      <MailboxHint to={mail.email} />
      {children}
      <Resend action={resend} {...nextMail(mail, Date.now())} />
      {startOver && <p className="ways">{startOver}</p>}
    </>
  );
}
