import { readAccessToken, readRefreshToken } from "#lib/auth/tokens/tokens.ts";
import { type Client, clientOf } from "#lib/client.ts";
import { DOORS } from "#lib/doors.ts";
import { accessCookie, deviceCookie, refreshCookie } from "./cookies.ts";
import { readDevice } from "./known-browser.ts";

/**
 * A browser that calls, with what its signed cookies say: whether it has been here before, and which session it came with.
 * `read` gives the value of a cookie.
 */
export async function browserClient(headers: Headers, read: (name: string) => string | undefined): Promise<Client> {
  const [device, session] = await Promise.all([readDevice(read(deviceCookie())), sessionIn(read)]);
  return { ...clientOf(headers), device, session };
}

/** Either cookie names the session; a browser may have lost the other one. */
async function sessionIn(read: (name: string) => string | undefined): Promise<string | undefined> {
  const [access, refresh] = [read(accessCookie()), read(refreshCookie())];
  const claims =
    (access ? await readAccessToken(access) : null) ?? (refresh ? await readRefreshToken(refresh, DOORS.pages) : null);
  return claims?.sessionId;
}
