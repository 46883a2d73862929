import { SPELLINGS } from "./spellings.ts";

/**
 * Which paths are programs' to ask, under whatever name they reach this server. All others are pages. The middleware's
 * matcher (proxy.ts) must be a literal, so it says the same once more; e2e/core/program-paths.spec.ts holds it to this.
 */

/** The contracts, in all their spellings: everything below these. */
export const CONTRACT_ROOTS: readonly string[] = [
  "/api",
  ...new Set(SPELLINGS.map(({ source }) => source.replace("/:path*", ""))),
];

/** What any service is asked, and where a mail program posts "no more of this" (RFC 8058). */
export const PROGRAM_FILES: readonly string[] = [
  "/health/live",
  "/health/ready",
  "/.well-known/jwks.json",
  "/.well-known/openid-configuration",
  "/invitation/stop/one-click",
];

/** Decides by the path as it will be read: `/api/../login` is a page. */
export function isProgramPath(url: string): boolean {
  const path = URL.parse(`http://any${url}`)?.pathname.replace(/\/$/, "") ?? "";
  return PROGRAM_FILES.includes(path) || CONTRACT_ROOTS.some((root) => path === root || path.startsWith(`${root}/`));
}
