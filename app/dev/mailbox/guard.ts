import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { isMailKept } from "#lib/mail/mailbox.ts";
import { isAtThisMachine } from "#lib/pages/at-this-machine.ts";

/**
 * Answers 404 where there is no local mailbox, and to everyone who is not at this machine: whoever reads the mailbox can
 * take over any account.
 */
export async function guardMailbox(): Promise<void> {
  if (!isMailKept() || !isAtThisMachine(await headers())) notFound();
}
