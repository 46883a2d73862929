import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { isAtThisMachine } from "#lib/http/at-this-machine.ts";
import { isMailKept } from "#lib/mail/mailbox.ts";

/**
 * Answers 404 where there is no local mailbox, and to everyone who is not at this machine: whoever reads the mailbox can
 * take over any account.
 */
export async function guardMailbox(): Promise<void> {
  if (!isMailKept() || !isAtThisMachine(await headers())) notFound();
}
