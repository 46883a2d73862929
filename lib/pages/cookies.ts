import { env } from "#lib/env.ts";

/** The cookies of the pages, and only of the pages: no endpoint of the contracts reads them. */

// Over https the name itself promises what a browser then enforces: Secure, our host alone, no Path (RFC 6265bis, 4.1.3).
const prefix = () => (env().APP_URL.startsWith("https:") ? "__Host-" : "");

export const accessCookie = () => `${prefix()}latchkey_access`;
export const refreshCookie = () => `${prefix()}latchkey_refresh`;
/** A log-in with Google that is under way. One for each, or those of two tabs would erase each other. */
export const providerCookie = (state: string) => `${prefix()}latchkey_google_${state}`;
export const deviceCookie = () => `${prefix()}latchkey_device`;
/** What was proved of a log-in that waits for its second factor. */
export const firstFactorCookie = () => `${prefix()}latchkey_first_factor`;
/** By what this browser is known while it shows a passkey. */
export const ceremonyCookie = () => `${prefix()}latchkey_ceremony`;
/** A secret that was made a moment ago, to be shown. */
export const shownOnceCookie = (what: string) => `${prefix()}latchkey_new_${what}`;
export const pendingMailCookie = () => `${prefix()}latchkey_pending_mail`;

export type Cookie = {
  name: string;
  value: string;
  httpOnly: true;
  secure: boolean;
  sameSite: "lax";
  path: "/";
  /** Seconds; 0 removes it. */
  maxAge: number;
};

/** A cookie no script can read. Lax: another site's forms come without it, its links with it. */
export function cookie(name: string, value: string, maxAge: number): Cookie {
  return { name, value, httpOnly: true, secure: prefix() !== "", sameSite: "lax", path: "/", maxAge };
}

/** The pair of a session's tokens as cookies. The access cookie goes when its token expires: it is then simply missing. */
export function sessionCookies(tokens: { accessToken: string; refreshToken: string }): Cookie[] {
  return [
    cookie(accessCookie(), tokens.accessToken, env().ACCESS_TOKEN_TTL / 1000),
    cookie(refreshCookie(), tokens.refreshToken, env().REFRESH_TOKEN_TTL / 1000),
  ];
}

/** Removes the session's cookies. */
export function removedSessionCookies(): Cookie[] {
  return [cookie(accessCookie(), "", 0), cookie(refreshCookie(), "", 0)];
}

/** Of the cookies a browser sent, removes all that are ours; the device cookie stays, it says who has been here and lets nobody in. */
export function removedCookies(sent: readonly string[]): Cookie[] {
  const ours = sent.filter((name) => name.startsWith(`${prefix()}latchkey_`) && name !== deviceCookie());
  return ours.map((name) => cookie(name, "", 0));
}

/** As a Set-Cookie header, for answers that Next does not write. */
export function serializeCookie({ name, value, secure, maxAge }: Cookie): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
}

/** Our values need no unescaping: they are tokens of base64url and dots. */
export function readCookie(request: Request, name: string): string | undefined {
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
