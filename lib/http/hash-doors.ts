import type { IncomingMessage, ServerResponse } from "node:http";
import { type HashPurpose, Places, RETRY_AFTER } from "#lib/auth/hash-places.ts";
import { networkOf } from "#lib/auth/limits.ts";
import { corsHeaders } from "./cors.ts";
import type { Contract } from "./endpoint.ts";
import { spellingsOf } from "./spellings.ts";

/**
 * Turns away, before Next has done anything for them, programs whose password would find no place with the workers (see
 * lib/auth/hash-places.ts). Through Next a refusal costs a millisecond: three hundred at once would keep everyone waiting.
 * What gets past here, and the pages, find the same bound in the core.
 */

type Door = { contract: Contract["name"]; purpose: HashPurpose };

const DOORS: [path: string, Door][] = [
  ["/api/auth/login", { contract: "auth", purpose: "log-in" }],
  ["/api/auth/signup", { contract: "auth", purpose: "new-password" }],
  ["/api/auth/password/reset", { contract: "auth", purpose: "new-password" }],
  ["/api/users/login", { contract: "users", purpose: "log-in" }],
  ["/api/users/signUp", { contract: "users", purpose: "new-password" }],
  ["/api/users/updatePassword", { contract: "users", purpose: "new-password" }],
  ["/api/user_login", { contract: "flat", purpose: "log-in" }],
  ["/api/user_signup", { contract: "flat", purpose: "new-password" }],
  ["/api/confirm_code_forgot_password", { contract: "flat", purpose: "new-password" }],
];

const doors = new Map(
  DOORS.flatMap(([path, door]) => [path, ...spellingsOf(path, door.contract)].map((one) => [one, door] as const)),
);
const places = new Places();

/** Answers with the contract's 503 and returns true where there is no place; otherwise holds one until the answer is out. */
export function refuseWithoutPlace(request: IncomingMessage, response: ServerResponse): boolean {
  const path = (request.url ?? "").split("?", 1)[0]?.replace(/\/$/, "") ?? "";
  const door = request.method === "POST" ? doors.get(path) : undefined;
  if (!door) return false;
  const address = String(request.headers["x-forwarded-for"] ?? "");
  const leave = places.take(door.purpose, networkOf({ address, userAgent: "" }));
  if (!leave) {
    refuse(request, response, door);
    return true;
  }
  response.once("close", leave);
  return false;
}

function refuse(request: IncomingMessage, response: ServerResponse, { contract }: Door): void {
  const message = "The server is busy. Try again in a moment";
  const { origin } = request.headers;
  response.writeHead(503, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "retry-after": String(RETRY_AFTER),
    ...corsHeaders({ headers: new Headers(origin === undefined ? {} : { origin }) }),
  });
  response.end(JSON.stringify(contract === "flat" ? { message, data: {}, error: true } : { message }));
}
