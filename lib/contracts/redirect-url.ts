import { AuthError, refusals } from "#lib/auth/errors.ts";
import { env, isLoopback } from "#lib/env.ts";

export const MAIL_LINK_REFUSALS = refusals("redirect_refused");

/**
 * Where a mailed link shall lead: the caller's `redirectURL` if it is on our list, `fallback` (one of our own pages) when
 * none was sent. Throws `redirect_refused`: a link to anywhere else would hand the mail's token to a stranger, so it is
 * never quietly replaced by the fallback either.
 */
export function mailLink(redirectURL: string | undefined, fallback: string): string {
  if (redirectURL === undefined) return env().APP_URL + fallback;
  if (!isAllowedRedirect(redirectURL)) throw new AuthError("redirect_refused");
  return new URL(redirectURL).href;
}

/** Compares parsed URLs, as a browser would read them; comparing text is how open redirects are made. */
export function isAllowedRedirect(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.username || url.password) return false;
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) return false;
  return [env().APP_URL, ...env().REDIRECT_URLS].some((allowed) => isWithin(url, new URL(allowed)));
}

/** Same origin, and the path is the allowed one or below it: `/app` allows `/app/x` and not `/apple`. */
function isWithin(url: URL, allowed: URL): boolean {
  if (url.origin !== allowed.origin) return false;
  const prefix = allowed.pathname.replace(/\/$/, "");
  if (prefix === "") return true;
  return (url.pathname === prefix || url.pathname.startsWith(`${prefix}/`)) && !climbs(url.pathname);
}

/**
 * Whether a server could read the path as one that leaves the prefix. A browser resolves `..`, but not `..%2f` nor `..;x`,
 * which some servers decode or cut off before they look: `/app/..%2fadmin` would be their `/admin`.
 */
function climbs(path: string): boolean {
  const asDecoded = path
    .replace(/%2e/gi, ".")
    .replace(/%2f|%5c/gi, "/")
    .replace(/%3b/gi, ";");
  return asDecoded.split("/").some((segment) => /^\.\.(;|$)/.test(segment));
}
