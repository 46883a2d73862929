import type { IncomingMessage, ServerResponse } from "node:http";
import { clientOf } from "#lib/client.ts";
import type { Asked, Endpoints, Served } from "#lib/contracts/endpoint.ts";
import { COMMON_HEADERS } from "./common-headers.ts";
import { byEverySpelling, pathOf } from "./endpoint-paths.ts";

/**
 * The contracts' own way in: the handlers of app/api, called without Next's router, which is most of what such a call would
 * cost. Next keeps the pages, whatever no endpoint has the path of, and the few methods an endpoint leaves to it. The answers
 * are the same by either way (e2e/contracts/lane.spec.ts).
 */

type Lane = {
  /** Answers, where an endpoint has this path and takes the method here. */
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void> | undefined;
};

export function openLane(endpoints: Endpoints): Lane {
  const table = byEverySpelling(endpoints, (served) => served);
  return {
    answer: (request, response) => {
      const served = table.get(pathOf(request.url));
      if (!served || served.spec?.throughNext?.some((method) => method === request.method)) return undefined;
      return serve(served, request, response);
    },
  };
}

async function serve(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { headers } = request;
  const get = (name: string) => textOf(headers[name]);
  // Who calls is passed beside the request: its own headers may hold whatever the caller claims.
  const heard = { client: clientOf({ get }), requestId: get("x-request-id") ?? "" };
  const { status, headers: own, body } = await served.serve(askedOf(request, get), heard);
  // Whoever has gone meanwhile is not answered.
  if (response.closed) return;
  response.writeHead(status, {
    ...COMMON_HEADERS,
    ...own,
    ...(body === null ? {} : { "content-length": Buffer.byteLength(body) }),
  });
  response.end(body ?? undefined);
  if (!request.complete) endUnread(request);
}

function askedOf(request: IncomingMessage, get: (name: string) => string | null): Asked {
  return {
    method: request.method ?? "",
    url: request.url ?? "",
    headers: { get, has: (name) => get(name) !== null },
    // Refused in the middle of its body, a caller must still hear why: the connection is not to end with the reading.
    body: request.iterator({ destroyOnReturn: false }),
  };
}

/** Long enough for a caller who is still sending to look at the answer. */
const UNREAD_MS = 500;

/** What is left of a body that was refused is thrown away, and a caller who goes on sending is cut off. */
function endUnread(request: IncomingMessage): void {
  request.resume();
  const timer = setTimeout(() => request.complete || request.socket.destroy(), UNREAD_MS);
  request.socket.once("close", () => clearTimeout(timer));
}

const textOf = (value: string | string[] | undefined): string | null =>
  Array.isArray(value) ? value.join(", ") : (value ?? null);
