import type { IncomingMessage, ServerResponse } from "node:http";
import { type HashPurpose, Places } from "#lib/auth/factors/password/hash-places.ts";
import { networkOf } from "#lib/auth/limits.ts";
import { MAX_BYTES } from "#lib/contracts/body.ts";
import { busyAnswer, type Endpoint, type Endpoints } from "#lib/contracts/endpoint.ts";
import { onArrival } from "./arrival.ts";
import { COMMON_HEADERS } from "./common-headers.ts";
import { byEverySpelling, pathOf } from "./endpoint-paths.ts";

/**
 * Turns away, before Next has done anything for them, programs whose password would find no place with the workers (see
 * lib/auth/factors/password/hash-places.ts). Through Next a refusal costs a millisecond: three hundred at once would keep everyone waiting.
 * Of those who have a place a few are let through at a time, and the others wait here: all at once they would fill each turn
 * of the event loop, which takes one new connection a turn. What gets past here, and the pages, find the bound in the core.
 *
 * A place and a turn are held by work, and never by a caller: from when the request has come whole until it is answered. Six
 * who send theirs byte by byte, or never take the answer, would otherwise keep everybody from logging in.
 */

type Door = Endpoint & { hashes: HashPurpose };
/** Resolves when the request is answered, whether or not the answer was taken. */
type Pass = () => Promise<void>;
/** Calls `pass` at once, or when it is this request's turn; answers with the contract's 503 where there is no place. */
type PassDoor = (request: IncomingMessage, response: ServerResponse, pass: Pass) => void;

export function hashDoors(endpoints: Endpoints): PassDoor {
  const doors = byEverySpelling(endpoints, ({ spec }) => (spec?.hashes ? (spec as Door) : undefined));
  return (request, response, pass) => {
    const door = request.method === "POST" ? doors.get(pathOf(request.url)) : undefined;
    if (door) onArrival(request, MAX_BYTES, () => enter(door, request, response, pass));
    else pass();
  };
}

const places = new Places();

/** Enough to keep the workers busy, and apart, so that neither kind waits behind the other. */
const lines: Record<HashPurpose, { free: number; waiting: (() => void)[] }> = {
  "log-in": { free: 6, waiting: [] },
  "new-password": { free: 8, waiting: [] },
};

function enter(door: Door, request: IncomingMessage, response: ServerResponse, pass: Pass): void {
  if (response.closed) return;
  const address = String(request.headers["x-forwarded-for"] ?? "");
  const leave = places.take(door.hashes, networkOf({ address, userAgent: "" }));
  if (leave) standInLine(door.hashes, response, pass, leave);
  else refuse(request, response, door);
}

function standInLine(purpose: HashPurpose, response: ServerResponse, pass: Pass, leave: () => void): void {
  const line = lines[purpose];
  const closed = new Promise<void>((resolve) => response.once("close", resolve));
  closed.then(leave);
  const goOn = () => {
    // Gone while it waited: the next one's turn.
    if (response.closed) return nextOf(line);
    Promise.race([pass(), closed]).finally(() => {
      leave();
      nextOf(line);
    });
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

function refuse(request: IncomingMessage, response: ServerResponse, door: Door): void {
  const { status, headers, body } = busyAnswer(door, request.headers.origin ?? null);
  response.writeHead(status, { ...COMMON_HEADERS, ...headers });
  response.end(body);
}
