import type { IncomingMessage, ServerResponse } from "node:http";
import { isProgramPath } from "#lib/contracts/program-paths.ts";
import { refusedBecause } from "#lib/pages/messages.ts";
import { barePage, headersOf } from "./bare-page.ts";
import { COMMON_HEADERS } from "./common-headers.ts";

/** What is said without asking Next: to a person with a page that says what to do, to a program with the sentence in JSON. */
export type Refusal = {
  status: number;
  message: string;
  /** What a person can do about it, as HTML. Left out, there is the way to the home page. */
  advice?: string;
  /** Where the pages are, where it is not here. */
  home?: string;
  headers?: Record<string, string>;
  /** What a program is told, where that is more than the sentence. */
  body?: unknown;
};

export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, message, headers, body = { message } } = refusal;
  if (isUnread(request)) closeAfterwards(request, response);
  if (isReadByPerson(request)) {
    const page = pageOf(refusal);
    response.writeHead(status, { ...headersOf(page), ...headers });
    response.end(page);
  } else if (request.headers["next-action"]) {
    // The router shows an answer of exactly this type to the form, and hides any other.
    response.writeHead(status, {
      ...COMMON_HEADERS,
      "content-type": "text/plain",
      "cache-control": "no-store",
      ...headers,
    });
    response.end(refusedBecause(message));
  } else {
    response.writeHead(status, {
      ...COMMON_HEADERS,
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      ...headers,
    });
    response.end(JSON.stringify(body));
  }
}

/** Whether there is more to come that nobody will look at. */
const isUnread = ({ complete, headers }: IncomingMessage): boolean =>
  !complete && (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0);

const LAST_READ_MS = 1_000;

/**
 * Ends the connection with the answer. Closing it while the body still arrives would reset it, and a browser then shows the
 * reset in place of the answer. So what still arrives is read and dropped, for a second at most.
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
