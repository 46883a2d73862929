import type { IncomingMessage, ServerResponse } from "node:http";
import { pathOf } from "./endpoint-paths.ts";

/**
 * The server listens before it can answer: while the pages are made ready and warmed up, whoever is early waits for that
 * second in place of being turned away. Only whether it lives is answered at once, and that it is not ready.
 */
export function untilOpen() {
  let waiting: (() => void)[] | undefined = [];
  const opened = Promise.withResolvers<void>();
  return {
    /** Fulfilled once it is open. */
    opened: opened.promise,
    /** Lets a request go on, now or once it is open. */
    pass(request: IncomingMessage, response: ServerResponse, goOn: () => void): void {
      const status = HEALTH[pathOf(request.url)];
      if (!waiting) goOn();
      else if (status) say(response, status);
      else
        waiting.push(() => {
          // Whoever has gone meanwhile is not answered.
          if (!response.closed) goOn();
        });
    },
    open(): void {
      const early = waiting ?? [];
      waiting = undefined;
      for (const goOn of early) goOn();
      opened.resolve();
    },
  };
}

const HEALTH: Record<string, number> = { "/health/live": 200, "/health/ready": 503 };

/** As app/health answers, and that it is only starting. */
function say(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", "retry-after": "1" });
  response.end(JSON.stringify({ ok: status === 200, isStarting: true }));
}
