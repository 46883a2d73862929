import { type NextRequest, NextResponse } from "next/server";
import type { Cookie } from "./lib/pages/cookies.ts";
import { renewedCookies } from "./lib/pages/renewal.ts";
import { pagePolicy } from "./lib/pages/security-policy.ts";

/**
 * The middleware, for pages only: an expired access cookie is renewed by the refresh cookie, on the request (so the page
 * renders signed in) and on the response. It keeps nobody out: the guard stands in each page and action
 * (lib/pages/session.ts).
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { nonce, policy } = pagePolicy();
  const renewed = await renewedCookies((name) => request.cookies.get(name)?.value);
  for (const { name, value, maxAge } of renewed) {
    if (maxAge > 0) request.cookies.set(name, value);
    else request.cookies.delete(name);
  }
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  for (const cookie of renewed) response.cookies.set(cookie.maxAge > 0 ? cookie : removal(cookie));
  return response;
}

/** By date: where a page redirects, Next writes the cookies once more and forgets a Max-Age of 0, which leaves empty ones. */
function removal({ maxAge: _, ...cookie }: Cookie) {
  return { ...cookie, expires: new Date(0) };
}

export const config = {
  // Which paths are pages, lib/contracts/program-paths.ts knows; a matcher can only be a literal, and so goes by the header.
  matcher: [{ source: "/:path*", missing: [{ type: "header", key: "x-latchkey-no-page" }] }],
};
