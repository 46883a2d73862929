import { AuthError } from "#lib/auth/errors.ts";
import { logInWithGoogle } from "#lib/auth/factors/google/log-in.ts";
import { beginGoogleLogIn, finishGoogleLogIn, PENDING_TTL } from "#lib/auth/factors/google/provider.ts";
import { SecondFactorNeeded } from "#lib/auth/sessions/open-session.ts";
import { issueTokens } from "#lib/auth/tokens/tokens.ts";
import { DOORS } from "#lib/doors.ts";
import { env } from "#lib/env.ts";
import { describeError, log } from "#lib/log.ts";
import { pathAfterLogIn } from "./after-log-in.ts";
import { browserClient } from "./browser-client.ts";
import {
  type Cookie,
  cookie,
  deviceCookie,
  providerCookie,
  readCookie,
  serializeCookie,
  sessionCookies,
} from "./cookies.ts";
import { codePage, firstFactorToKeep } from "./first-factor.ts";
import { rememberBrowser } from "./known-browser.ts";
import { safeNextPath } from "./next-path.ts";

/** The two redirects of a browser's log-in with Google. They end on a page, whatever happens on the way. */

const callback = () => `${env().APP_URL}/api/login_google/callback`;

/** Sends the browser to the provider; `?next=` is where the person was going. */
export async function startGoogleLogIn(request: Request): Promise<Response> {
  const next = safeNextPath(new URL(request.url).searchParams.get("next"));
  return orBackToLogIn(request, [], async () => {
    const { url, state, pending } = await beginGoogleLogIn({ redirectUri: callback(), next });
    return redirect(url, [cookie(providerCookie(state), pending, PENDING_TTL), ...surplusLogIns(request)]);
  });
}

/** Takes the provider's answer, signs the browser in, and sends it on. */
export async function finishGoogleLogInHere(request: Request): Promise<Response> {
  const { search, searchParams } = new URL(request.url);
  const state = searchParams.get("state") ?? "";
  // Ours are base64url; anything else could say more to the browser than a cookie's name.
  const name = /^[\w-]{1,100}$/.test(state) ? providerCookie(state) : undefined;
  const done = name ? [cookie(name, "", 0)] : [];
  return orBackToLogIn(request, done, async () => {
    // The provider sends the browser to APP_URL, whatever this server is called behind a proxy.
    const callbackUrl = new URL(callback() + search);
    const pending = name && readCookie(request, name);
    const { claims, next } = await finishGoogleLogIn({ callbackUrl, pending });
    const client = await browserClient(request.headers, (name) => readCookie(request, name));
    const live = await logInWithGoogle({ claims, door: DOORS.pages, client }).catch(orCodeNeeded);
    if (live instanceof SecondFactorNeeded)
      return redirect(env().APP_URL + codePage(next), [...done, await firstFactorToKeep(live.first)]);
    return redirect(env().APP_URL + pathAfterLogIn(live.account, safeNextPath(next)), [
      ...done,
      ...sessionCookies(await issueTokens(live)),
      await rememberBrowser(readCookie(request, deviceCookie()), live.account),
    ]);
  });
}

/** Not a refusal: the log-in goes on at the page that asks for the code. */
function orCodeNeeded(error: unknown): SecondFactorNeeded {
  if (error instanceof SecondFactorNeeded) return error;
  throw error;
}

/** How many log-ins a browser may have under way, so that its cookies stay small. */
const MOST_UNDER_WAY = 5;

/** Removes cookies of log-ins that were begun and left, where there are many. */
function surplusLogIns(request: Request): Cookie[] {
  const names = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim().split("=")[0] ?? "");
  const underWay = names.filter((one) => one.startsWith(providerCookie("")));
  return underWay.slice(0, Math.max(0, underWay.length - MOST_UNDER_WAY + 1)).map((name) => cookie(name, "", 0));
}

/** Whatever went wrong, the person is back at the log-in page, which says it in a sentence. */
async function orBackToLogIn(request: Request, done: Cookie[], work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof AuthError ? error.code : "provider_refused";
    if (!(error instanceof AuthError))
      log.error("request_failed", { id: request.headers.get("x-request-id") ?? "", ...describeError(error) });
    return redirect(`${env().APP_URL}/login?problem=${code}`, done);
  }
}

function redirect(location: string, cookies: Cookie[]): Response {
  const headers = new Headers({ location, "cache-control": "no-store" });
  for (const one of cookies) headers.append("set-cookie", serializeCookie(one));
  return new Response(null, { status: 303, headers });
}
