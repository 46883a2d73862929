import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { AuthError } from "#lib/auth/errors.ts";
import { logOut } from "#lib/auth/sessions/refresh.ts";
import { authenticate, type Caller, endSession, type LiveSession } from "#lib/auth/sessions/sessions.ts";
import { issueTokens } from "#lib/auth/tokens/tokens.ts";
import { currentCall } from "#lib/call.ts";
import type { Client } from "#lib/client.ts";
import { DOORS } from "#lib/doors.ts";
import { browserClient } from "./browser-client.ts";
import { accessCookie, deviceCookie, refreshCookie, removedCookies, sessionCookies } from "./cookies.ts";
import { readDevice, rememberBrowser } from "./known-browser.ts";

/** The session of whoever looks at a page. For pages and their actions only. */

/** Signs this browser in, in a server action: sets the session's cookies, and remembers the browser as a known one. */
export async function signIn({ account, session }: LiveSession): Promise<void> {
  const jar = await cookies();
  for (const one of sessionCookies(await issueTokens({ account, session }))) jar.set(one);
  jar.set(await rememberBrowser(jar.get(deviceCookie())?.value, account));
}

/** The id of this browser, once somebody has signed in in it. */
export async function deviceId(): Promise<string | undefined> {
  return (await readDevice((await cookies()).get(deviceCookie())?.value))?.id;
}

/**
 * Ends this browser's session and removes what it keeps of it, in a server action. The cookies one by one: told to clear them
 * all, a browser clears those of every site under the same domain too, and the device cookie whatever else the answer
 * says (docs/decisions/2026-11-24-what-a-log-out-clears.md).
 */
export async function signOut(): Promise<void> {
  const jar = await cookies();
  const refreshToken = jar.get(refreshCookie())?.value;
  const live = await currentPerson();
  // Either cookie names the session; a browser may have lost the other one.
  if (live) await endSession({ account: live.account, sessionId: live.session.id });
  else if (refreshToken) await logOut({ refreshToken, door: DOORS.pages }).catch(ignoreInvalid);
  for (const one of removedCookies(jar.getAll().map(({ name }) => name))) jar.set(one);
  currentCall()?.setHeader?.("clear-site-data", '"storage"');
}

/**
 * Who looks at this page, if their session lives now; asked of the store for each page, so a session ended elsewhere is out.
 * The parts of one page share the answer (React's `cache`); an action asks each time, since what it does may change it.
 */
export const currentPerson = cache(async (): Promise<Caller | null> => {
  const accessToken = (await cookies()).get(accessCookie())?.value;
  if (!accessToken) return null;
  return authenticate({ accessToken, doors: [DOORS.pages] }).catch(ignoreInvalid);
});

/** As `currentPerson`, but sends a stranger to the log-in page, and from there back to `returnTo`. */
export async function requirePerson(returnTo: string): Promise<Caller> {
  return (await currentPerson()) ?? redirect(`/login?next=${encodeURIComponent(returnTo)}`);
}

/** Who calls, with what the browser's signed cookies say. */
export async function pageClient(): Promise<Client> {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  return browserClient(head, (name) => jar.get(name)?.value);
}

/** The id that the log line of this request carries, for a person to name when they ask for help. */
export async function requestId(): Promise<string> {
  return (await headers()).get("x-request-id") ?? "";
}

/** The nonce of this response's Content-Security-Policy. */
export async function nonce(): Promise<string> {
  return (await headers()).get("x-nonce") ?? "";
}

function ignoreInvalid(error: unknown): null {
  if (error instanceof AuthError && error.code === "session_invalid") return null;
  throw error;
}
