import type { IncomingMessage, ServerResponse } from "node:http";
import { type HashPurpose, Places, RETRY_AFTER } from "#lib/auth/factors/password/hash-places.ts";
import { networkOf } from "#lib/auth/limits.ts";
import { corsHeaders } from "#lib/contracts/cors.ts";
import type { Contract } from "#lib/contracts/endpoint.ts";
import { spellingsOf } from "#lib/contracts/spellings.ts";

/**
 * Turns away, before Next has done anything for them, programs whose password would find no place with the workers (see
 * lib/auth/factors/password/hash-places.ts). Through Next a refusal costs a millisecond: three hundred at once would keep everyone waiting.
 * Of those who have a place a few are let through at a time, and the others wait here: all at once they would fill each turn
 * of the event loop, which takes one new connection a turn. What gets past here, and the pages, find the bound in the core.
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

/** Enough to keep the workers busy, and apart, so that neither kind waits behind the other. */
const lines: Record<HashPurpose, { free: number; waiting: (() => void)[] }> = {
  "log-in": { free: 6, waiting: [] },
  "new-password": { free: 8, waiting: [] },
};

/** Calls `pass` at once, or when it is this request's turn; answers with the contract's 503 where there is no place. */
export function passHashDoor(request: IncomingMessage, response: ServerResponse, pass: () => void): void {
  const path = (request.url ?? "").split("?", 1)[0]?.replace(/\/$/, "") ?? "";
  const door = request.method === "POST" ? doors.get(path) : undefined;
  if (door) enter(door, request, response, pass);
  else pass();
}

function enter(door: Door, request: IncomingMessage, response: ServerResponse, pass: () => void): void {
  const address = String(request.headers["x-forwarded-for"] ?? "");
  const leave = places.take(door.purpose, networkOf({ address, userAgent: "" }));
  if (leave) {
    response.once("close", leave);
    standInLine(door.purpose, response, pass);
  } else refuse(request, response, door);
}

function standInLine(purpose: HashPurpose, response: ServerResponse, pass: () => void): void {
  const line = lines[purpose];
  const goOn = () => {
    // Gone while it waited: the next one's turn.
    if (response.closed) return nextOf(line);
    response.once("close", () => nextOf(line));
    pass();
  };
  if (line.free === 0) {
    line.waiting.push(goOn);
    return;
  }
  line.free -= 1;
  onTurn(goOn);
}

function nextOf(line: (typeof lines)[HashPurpose]): void {
  const next = line.waiting.shift();
  if (next) onTurn(next);
  else line.free += 1;
}

const due: (() => void)[] = [];

/** One a turn of the event loop, after what has arrived in it: whoever is refused hears so before others are served. */
function onTurn(goOn: () => void): void {
  if (due.push(goOn) === 1) setImmediate(takeTurn);
}

function takeTurn(): void {
  due[0]?.();
  due.shift();
  if (due.length > 0) setImmediate(takeTurn);
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
