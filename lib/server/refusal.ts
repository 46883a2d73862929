import type { IncomingMessage, ServerResponse } from "node:http";
import { isProgramPath } from "#lib/contracts/program-paths.ts";
import { barePage, headersOf } from "./bare-page.ts";

/** What is said without asking Next: to a person with a page that says what to do, to a program with the sentence in JSON. */
export type Refusal = {
  status: number;
  message: string;
  /** What a person can do about it, as HTML. Left out, there is the way to the home page. */
  advice?: string;
  /** Where the pages are, where it is not here. */
  home?: string;
  headers?: Record<string, string>;
};

export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, message, headers } = refusal;
  if (isUnread(request)) closeAfterwards(request, response);
  if (isReadByPerson(request)) {
    const page = pageOf(refusal);
    response.writeHead(status, { ...headersOf(page), ...headers });
    response.end(page);
  } else {
    response.writeHead(status, {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...headers,
    });
    response.end(JSON.stringify({ message }));
  }
}

/** Whether there is more to come that nobody will look at. */
const isUnread = ({ complete, headers }: IncomingMessage): boolean =>
  !complete && (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0);

const LAST_READ_MS = 1_000;

/**
 * Ends the connection with the answer. A connection that is closed on what still arrives is reset, and a browser then shows
 * that in place of the answer: so what comes is let go by, but for a second and no longer.
 */
function closeAfterwards(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  response.setHeader("connection", "close");
  // What Node calls when it has sent the answer.
  socket.destroySoon = () => {
    socket.end();
    request.resume();
    setTimeout(() => socket.destroy(), LAST_READ_MS).unref();
  };
}

/** A contract never answers with a page, whatever its caller says it would take. */
const isReadByPerson = ({ url = "", headers }: IncomingMessage): boolean =>
  Boolean(headers.accept?.includes("text/html")) && !isProgramPath(url);

const WAY_HOME = '<p class="ways"><a href="/">Go to the home page</a></p>';

const pageOf = ({ message, advice = WAY_HOME, home }: Refusal): string =>
  barePage({ title: message, heading: message, body: advice, home });
