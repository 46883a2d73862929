import { notFound } from "next/navigation";
import { findMail } from "#lib/mail/mailbox.ts";
import { mailDocument } from "#lib/pages/mail-document.ts";
import { guardMailbox } from "../../guard.ts";

/** The mail's HTML as a document of its own, for the frame on the mail's page. */
export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  await guardMailbox();
  const mail = await findMail((await params).id);
  if (!mail) notFound();
  return mailDocument(mail.html, "allow-popups allow-popups-to-escape-sandbox");
}
