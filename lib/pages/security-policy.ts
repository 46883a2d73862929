import { randomBytes } from "node:crypto";
import { env } from "#lib/env.ts";

/**
 * The Content-Security-Policy of a page, with a nonce of its own: only scripts that we put there run, whatever else finds
 * its way into the page.
 */
export function pagePolicy(): { nonce: string; policy: string } {
  const nonce = randomBytes(16).toString("base64");
  const isDev = env().NODE_ENV !== "production";
  const policy = [
    "default-src 'none'",
    // React's development build evaluates code to show where an error came from.
    `script-src 'nonce-${nonce}' 'strict-dynamic'${isDev ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${isDev ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...(env().APP_URL.startsWith("https:") ? ["upgrade-insecure-requests"] : []),
  ].join("; ");
  return { nonce, policy };
}
