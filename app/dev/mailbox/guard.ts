import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { isLoopback } from "#lib/env.ts";
import { isMailKept } from "#lib/mail/mailbox.ts";

/**
 * Answers 404 where there is no local mailbox, and to everyone who is not at this machine: whoever reads the mailbox can
 * take over any account.
 */
export async function guardMailbox(): Promise<void> {
  if (!isMailKept() || !isAtThisMachine(await headers())) notFound();
}

// server.ts writes these headers over whatever the caller sent.
function isAtThisMachine(headers: Headers): boolean {
  // Behind a proxy everybody comes from this machine.
  if (headers.get("x-latchkey-forwarded")) return false;
  const address = (headers.get("x-forwarded-for") ?? "").replace(/^::ffff:/, "");
  if (address !== "::1" && !isLoopback(address)) return false;
  // A site whose name is made to point at 127.0.0.1 could read the mailbox through the browser of who sits here.
  const host = URL.parse(`http://${headers.get("host")}`)?.hostname ?? "";
  return isLoopback(host);
}
