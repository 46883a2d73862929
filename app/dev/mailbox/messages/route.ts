import { listMail } from "#lib/mail/mailbox.ts";
import { guardMailbox } from "../guard.ts";

/** The mailbox for programs, newest first: `[{id, to, subject, sentAt, html, text, link, code}]`, only those `?to=` an address. */
export async function GET(request: Request): Promise<Response> {
  await guardMailbox();
  const to = new URL(request.url).searchParams.get("to") ?? undefined;
  return Response.json(await listMail({ to }), { headers: { "cache-control": "no-store" } });
}
