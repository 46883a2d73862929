import { AuthError } from "#lib/auth/errors.ts";
import { beginGoogleLogIn, finishGoogleLogIn, PENDING_TTL } from "#lib/auth/google.ts";
import { logInWithGoogle } from "#lib/auth/google-log-in.ts";
import { issueTokens } from "#lib/auth/tokens.ts";
import { env } from "#lib/env.ts";
import { describeError, log } from "#lib/log.ts";
import { browserClient } from "./browser-client.ts";
import { rememberBrowser } from "./device-cookie.ts";
import { safeNextPath } from "./next-path.ts";
import {
  type Cookie,
  cookie,
  deviceCookie,
  providerCookie,
  readCookie,
  serializeCookie,
  sessionCookies,
} from "./session-cookies.ts";

/** The two redirects of a browser's log-in with Google. They end on a page, whatever happens on the way. */

const callback = () => `${env().APP_URL}/api/login_google/callback`;

/** Sends the browser to the provider; `?next=` is where the person was going. */
export async function startGoogleLogIn(request: Request): Promise<Response> {
  const next = safeNextPath(new URL(request.url).searchParams.get("next"));
  return orBackToLogIn(request, async () => {
    const { url, pending } = await beginGoogleLogIn({ redirectUri: callback(), next });
    return redirect(url, [cookie(providerCookie(), pending, PENDING_TTL)]);
  });
}

/** Takes the provider's answer, signs the browser in, and sends it on. */
export async function finishGoogleLogInHere(request: Request): Promise<Response> {
  return orBackToLogIn(request, async () => {
    // The provider sends the browser to APP_URL, whatever this server is called behind a proxy.
    const callbackUrl = new URL(callback() + new URL(request.url).search);
    const { claims, next } = await finishGoogleLogIn({ callbackUrl, pending: readCookie(request, providerCookie()) });
    const client = await browserClient(request.headers, (name) => readCookie(request, name));
    const live = await logInWithGoogle({ claims, kind: "pages", client });
    return redirect(env().APP_URL + safeNextPath(next), [
      cookie(providerCookie(), "", 0),
      ...sessionCookies(await issueTokens(live)),
      await rememberBrowser(readCookie(request, deviceCookie()), live.account),
    ]);
  });
}

/** Whatever went wrong, the person is back at the log-in page, which says it in a sentence. */
async function orBackToLogIn(request: Request, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof AuthError ? error.code : "provider_refused";
    if (!(error instanceof AuthError))
      log.error("request_failed", { id: request.headers.get("x-request-id") ?? "", ...describeError(error) });
    return redirect(`${env().APP_URL}/login?problem=${code}`, [cookie(providerCookie(), "", 0)]);
  }
}

function redirect(location: string, cookies: Cookie[]): Response {
  const headers = new Headers({ location, "cache-control": "no-store" });
  for (const one of cookies) headers.append("set-cookie", serializeCookie(one));
  return new Response(null, { status: 303, headers });
}
