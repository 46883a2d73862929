import { AuthError } from "#lib/auth/errors.ts";
import { refuseInvitations } from "#lib/auth/invitations/refuse-invitations.ts";
import { BodyError, readText } from "#lib/contracts/body.ts";
import { tokenIn } from "#lib/mail/mailed-link.ts";
import { stopPage } from "../../stop-page.ts";

/** Where the `List-Unsubscribe` header of an invitation points (RFC 8058). Cookies are not looked at. */

/** A mail program without one-click opens it in a browser: the page asks, and this does nothing. */
export function GET(request: Request): Response {
  return new Response(null, { status: 303, headers: { location: stopPage(tokenOf(request)), ...headers } });
}

/** The mail program's own button: done at once, no question and no redirect (RFC 8058, 3.1). */
export async function POST(request: Request): Promise<Response> {
  if (!(await isOneClick(request))) return say(400, "The body must be List-Unsubscribe=One-Click.");
  try {
    const { email } = await refuseInvitations({ token: tokenOf(request) });
    return say(200, `No more invitations will go to ${email}.`);
  } catch (error) {
    if (error instanceof AuthError) return say(400, "This link is incomplete or not valid.");
    throw error;
  }
}

const tokenOf = (request: Request): string => tokenIn(new URL(request.url).searchParams) ?? "";

/** Without the pair it may be anything, a scanner trying the address out included. Both types of form may come (3.2). */
async function isOneClick(request: Request): Promise<boolean> {
  try {
    const type = request.headers.get("content-type") ?? "";
    const form = await new Response(await readText(request), { headers: { "content-type": type } }).formData();
    return form.get("List-Unsubscribe") === "One-Click";
  } catch (error) {
    // Too large, or no form at all.
    if (error instanceof BodyError || error instanceof TypeError) return false;
    throw error;
  }
}

const headers = { "cache-control": "no-store" };

function say(status: number, sentence: string): Response {
  return new Response(`${sentence}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", ...headers },
  });
}
