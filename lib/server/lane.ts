import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { clientOf } from "#lib/client.ts";
import type { Endpoints, Served } from "#lib/contracts/endpoint.ts";
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

const common = Object.entries(COMMON_HEADERS);

export function openLane(endpoints: Endpoints): Lane {
  // Next shares this process, and the classes it knows stay what they are.
  const listen = (served: Served) =>
    getRequestListener(
      // Who calls is passed beside the request: its own headers may hold whatever the caller claims.
      (request, { incoming }) => served.serve(request, heardOf(incoming as IncomingMessage)),
      { overrideGlobalObjects: false },
    );
  const table = byEverySpelling(endpoints, (served) => ({ served, listener: listen(served) }));
  return {
    answer: (request, response) => {
      const lane = table.get(pathOf(request.url));
      if (!lane || lane.served.spec?.throughNext?.some((method) => method === request.method)) return undefined;
      // The contracts answer under any host name, even one that no URL can hold, and no handler reads it.
      request.headers.host = "localhost";
      for (const [name, value] of common) response.setHeader(name, value);
      return lane.listener(request, response) as Promise<void>;
    },
  };
}

/** From the headers as server.ts has settled them, which a web Request made of the raw ones would not show. */
const heardOf = ({ headers }: IncomingMessage) => ({
  client: clientOf({ get: (name) => textOf(headers[name]) }),
  requestId: textOf(headers["x-request-id"]) ?? "",
});

const textOf = (value: string | string[] | undefined): string | null =>
  Array.isArray(value) ? value.join(", ") : (value ?? null);
