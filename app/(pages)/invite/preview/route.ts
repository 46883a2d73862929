import { previewInvitation } from "#lib/mail/compose.ts";
import { mailDocument } from "#lib/pages/mail-document.ts";
import { requirePerson } from "#lib/pages/session.ts";

/** The invitation as it would be mailed in the name of whoever is logged in, for the frame on the page. */
export async function GET(): Promise<Response> {
  const { account } = await requirePerson("/invite");
  return mailDocument(await previewInvitation(account));
}
