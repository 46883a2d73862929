import { AuthError } from "#lib/auth/errors.ts";
import { confirmDelivery, refresh } from "#lib/auth/sessions/refresh.ts";
import { issueTokens, readAccessToken } from "#lib/auth/tokens/tokens.ts";
import { DOORS } from "#lib/doors.ts";
import { accessCookie, type Cookie, refreshCookie, removedSessionCookies, sessionCookies } from "./cookies.ts";

/**
 * What a page request's session cookies should become: nothing while the access token is good, a fresh pair after one
 * rotation when it has expired, none at all when the session is over. `read` gives the value of a cookie as it was sent.
 */
export async function renewedCookies(read: (name: string) => string | undefined): Promise<Cookie[]> {
  const accessToken = read(accessCookie());
  const access = accessToken ? await readAccessToken(accessToken) : null;
  if (access) {
    await confirmDelivery(access);
    return [];
  }
  const refreshToken = read(refreshCookie());
  if (!refreshToken) return accessToken ? removedSessionCookies() : [];
  try {
    return sessionCookies(await issueTokens(await refresh({ refreshToken, door: DOORS.pages })));
  } catch (error) {
    if (error instanceof AuthError && error.code === "session_invalid") return removedSessionCookies();
    throw error;
  }
}
