import { env } from "#lib/env.ts";
import type { Asked } from "./endpoint.ts";

/** What a page of another origin may read besides the body. */
const EXPOSED = "x-amzn-remapped-authorization, x-request-id, retry-after, x-latchkey-otp";

/**
 * CORS headers for an allowed origin (CORS_ORIGINS); none for any other. Credentials are never allowed: cookies do not
 * count at an endpoint of the contracts, so no page elsewhere can act with them.
 */
export function corsHeaders(origin: string | null): Record<string, string> {
  if (origin === null || !env().CORS_ORIGINS.includes(origin)) return { vary: "origin" };
  return { vary: "origin", "access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED };
}

/** Answers a preflight (Fetch standard, 4.8). */
export function preflightHeaders(request: Pick<Asked, "headers">, methods: string): Record<string, string> {
  const headers = corsHeaders(request.headers.get("origin"));
  if (!headers["access-control-allow-origin"]) return headers;
  return {
    ...headers,
    "access-control-allow-methods": methods,
    "access-control-allow-headers": "content-type, authorization, token, x-latchkey-otp",
    "access-control-max-age": "600",
  };
}
