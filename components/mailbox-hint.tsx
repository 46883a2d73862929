import { headers } from "next/headers";
import { isMailKept } from "#lib/mail/mailbox.ts";
import { isAtThisMachine } from "#lib/pages/at-this-machine.ts";

/** Where the mail is, on a server that sends none: a link for whoever sits at it, and for everybody else whom to ask. */
export async function MailboxHint({ to }: { to?: string }) {
  if (!isMailKept()) return null;
  const mailbox = to ? `/dev/mailbox?to=${encodeURIComponent(to)}` : "/dev/mailbox";
  return (
    <p className="local-mail">
      Test mode: no mail is sent.{" "}
      {isAtThisMachine(await headers()) ? (
        <a href={mailbox}>Read it here.</a>
      ) : (
        "The person who runs this server can read it there."
      )}
    </p>
  );
}
