import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { oneSpelling } from "./address-spelling.ts";

/**
 * Writes over every header that says where a request came from. What a caller may claim of itself (X-Forwarded-*,
 * Forwarded) counts only as far as `TRUST_PROXY` proxies of ours wrote it; otherwise every limit per address could be
 * walked round with a header, and a server action be told that it was asked by our own origin.
 */
export function settleForwardedHeaders(request: IncomingMessage, trustedProxies: number): void {
  const { headers } = request;
  if (isOurs(text(headers["x-latchkey-own"]))) return;
  headers["x-latchkey-own"] = OWN.toString();
  const claimed = text(headers["x-forwarded-for"]);
  const wasForwarded = Object.keys(headers).some((name) => name.startsWith("x-forwarded-") || PROXY_MARKS.has(name));
  const host = saidByProxy(text(headers["x-forwarded-host"]), trustedProxies);
  const proto = saidByProxy(text(headers["x-forwarded-proto"]), trustedProxies);
  for (const name of CLAIMS) delete headers[name];
  delete headers["x-latchkey-forwarded"];
  headers["x-forwarded-for"] = clientAddress(claimed, request.socket.remoteAddress ?? "unknown", trustedProxies);
  headers["x-forwarded-host"] = host ?? headers.host ?? "";
  headers["x-forwarded-proto"] = proto === "https" ? "https" : "http";
  // The local mailbox opens only for someone at the machine itself.
  if (wasForwarded) headers["x-latchkey-forwarded"] = "1";
}

/**
 * Known to this process alone. When a server action redirects, Next asks this server for the next page with the headers of
 * the request that caused it: those were settled already, and say who really asks, where the connection would say "this machine".
 */
const OWN = Buffer.from(randomBytes(32).toString("base64url"));

function isOurs(mark: string): boolean {
  const given = Buffer.from(mark);
  return given.length === OWN.length && timingSafeEqual(given, OWN);
}

const CLAIMS = [
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "forwarded",
  "x-real-ip",
];

/** What proxies and tunnels leave on a request, beside X-Forwarded-*: one that came through any of them came from elsewhere. */
const PROXY_MARKS = new Set([
  "forwarded",
  "forwarded-for",
  "via",
  "x-real-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "x-original-forwarded-for",
  "x-original-host",
  "true-client-ip",
  "cf-connecting-ip",
  "cf-connecting-ipv6",
  "cf-ray",
  "fastly-client-ip",
  "fly-client-ip",
  "cdn-loop",
]);

/**
 * Each proxy appends whom it was called by, so the client is as many steps from the end as there are proxies of ours.
 * Text that is no address counts as the proxy that wrote it: otherwise each made-up name would have a counter of its own.
 */
function clientAddress(claimed: string, peer: string, trustedProxies: number): string {
  const chain = [...claimed.split(",").flatMap((part) => part.trim() || []), peer];
  const believed = chain.slice(Math.max(0, chain.length - 1 - trustedProxies));
  return believed.map(oneSpelling).find((address) => address !== undefined) ?? peer;
}

/**
 * What the outermost proxy of ours says. Most put it in place of what their caller claimed; some append it, and then the
 * claim, which any script may send, stands before it.
 */
function saidByProxy(list: string, trustedProxies: number): string | undefined {
  if (trustedProxies === 0) return undefined;
  const said = list.split(",").flatMap((part) => part.trim() || []);
  return said[Math.max(0, said.length - trustedProxies)];
}

const text = (value: string | string[] | undefined): string => (Array.isArray(value) ? value.join(",") : (value ?? ""));
