import { keepMail } from "#lib/mail/mailbox.ts";
import type { Transport } from "./transport.ts";

/** Sends nothing: the mail is kept on this machine, to be read at /dev/mailbox. */
export function mailboxTransport(): Transport {
  return keepMail;
}
