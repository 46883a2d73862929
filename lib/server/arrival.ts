import type { IncomingMessage } from "node:http";

/**
 * Goes on once all of a body has arrived, or more than `most` bytes, which nobody will read. Nothing is read here: what has
 * come waits in the request. Of a caller who never sends the rest nothing more is heard, until the server's own time-out.
 */
export function onArrival(request: IncomingMessage, most: number, goOn: () => void): void {
  const isLarge = Number(request.headers["content-length"] ?? 0) > most;
  if (isLarge || request.complete) goOn();
  else
    request.on("readable", function look() {
      if (!request.complete && request.readableLength <= most) return;
      request.off("readable", look);
      goOn();
    });
}
