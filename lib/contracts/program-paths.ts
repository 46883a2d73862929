import type { Contract } from "./endpoint.ts";
import { SPELLINGS } from "./spellings.ts";

/**
 * Which paths are programs' to ask, under whatever name they reach this server, and which others are no pages. server.ts tells
 * the middleware so in a header, since its matcher (proxy.ts) can only be a literal.
 */

/** The contracts, in all their spellings: everything below these. */
export const CONTRACT_ROOTS: readonly string[] = [
  "/api",
  ...new Set(SPELLINGS.map(({ source }) => source.replace("/:path*", ""))),
];

/** Which contract's paths lie below each, the longest first: `/api` is the flat contract's but for what is another's. */
const ROOTS_OF: readonly (readonly [root: string, contract: Contract["name"]])[] = [
  ...SPELLINGS.map(({ source, contract }) => [source.replace("/:path*", ""), contract] as const),
  ["/api/auth", "auth"],
  ["/api/users", "users"],
  ["/api", "flat"],
];

/** Whose path this is, if any contract's. */
export function contractAt(url: string): Contract["name"] | undefined {
  const path = asRead(url);
  return ROOTS_OF.find(([root]) => isBelow(path, root))?.[1];
}

/** What any service is asked, and where a mail program posts "no more of this" (RFC 8058). */
export const PROGRAM_FILES: readonly string[] = [
  "/health/live",
  "/health/ready",
  "/.well-known/jwks.json",
  "/.well-known/openid-configuration",
  "/invitation/stop/one-click",
];

/** What a browser shows or follows that is no page of ours: it brings its own policy, or has nothing to be signed in for. */
const NO_PAGES: readonly RegExp[] = [
  /^\/dev\/mailbox\/[^/]+\/html$/,
  /^\/invite\/preview$/,
  /^\/\.well-known\/change-password$/,
  /^\/icon\.svg$/,
  /^\/_next\/static\//,
];

/** The header by which server.ts says that a request is for no page. From a caller it is not believed. */
export const NO_PAGE_HEADER = "x-latchkey-no-page";

export const isPagePath = (url: string): boolean =>
  !isProgramPath(url) && !NO_PAGES.some((pattern) => pattern.test(asRead(url)));

/** Decides by the path as it will be read: `/api/../login` is a page. */
export function isProgramPath(url: string): boolean {
  const path = asRead(url);
  return PROGRAM_FILES.includes(path) || CONTRACT_ROOTS.some((root) => isBelow(path, root));
}

const isBelow = (path: string, root: string): boolean => path === root || path.startsWith(`${root}/`);

const asRead = (url: string): string => URL.parse(`http://any${url}`)?.pathname.replace(/\/$/, "") ?? "";
