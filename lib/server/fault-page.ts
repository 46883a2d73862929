import type { ServerResponse } from "node:http";
import { RETRY_AFTER } from "#db/trouble.ts";
import type { Call } from "#lib/call.ts";
import { barePage, headersOf } from "./bare-page.ts";

/**
 * What a browser is shown when a page of ours cannot be rendered. The document that Next answers with then is empty until
 * JavaScript fills it; this one needs none, and says nothing of the fault but the id under which the log has it.
 */
export function showFaults(call: Call, response: ServerResponse): void {
  const { writeHead, write, end } = response;
  let isReplaced = false;
  const page = () => (call.trouble ? busyPage(call.id) : faultPage(call.id));
  /** The status to send: a failure that the store's trouble caused is a 503 and not a 500. */
  function look(said: number): number {
    const status = said === 500 && call.trouble ? 503 : said === 200 && call.isNothing ? 404 : said;
    call.answered = status;
    if (status === 503) response.setHeader("retry-after", RETRY_AFTER);
    isReplaced ||= status >= 500 && FOR_PEOPLE.test(String(response.getHeader("content-type") ?? ""));
    if (!isReplaced) return status;
    // Both are about what Next would have sent: how it is compressed, and what to load for it.
    for (const name of ["content-encoding", "link"]) response.removeHeader(name);
    response.setHeaders(new Map(Object.entries(headersOf(page()))));
    return status;
  }
  // Any of these three may write the head, and only then are status and type settled.
  response.writeHead = (status: number, ...more: unknown[]) => {
    const shown = look(status);
    return Reflect.apply(writeHead, response, isReplaced ? [shown] : [shown, ...more]);
  };
  response.write = (...sent: unknown[]) => {
    if (!response.headersSent) response.statusCode = look(response.statusCode);
    return isReplaced || Reflect.apply(write, response, sent);
  };
  response.end = (...sent: unknown[]) => {
    if (!response.headersSent) response.statusCode = look(response.statusCode);
    const told = sent.filter((one) => typeof one === "function");
    return Reflect.apply(end, response, isReplaced ? [page(), ...told] : sent);
  };
}

/** A page, or the three words in its place that Next has where the middleware fails. Programs are answered in JSON. */
const FOR_PEOPLE = /^text\/(html|plain)\b/;

/** The page itself, for a fault that is noticed before Next answers. */
export function answerWithFault(id: string, response: ServerResponse): void {
  response.writeHead(500, headersOf(faultPage(id)));
  response.end(faultPage(id));
}

const faultPage = (id: string): string =>
  pageOf(
    id,
    "Something went wrong",
    "Something went wrong on our side",
    "This is our fault, not yours. It has been logged. Trying again often helps.",
  );

const busyPage = (id: string): string =>
  pageOf(id, "Busy", "The server is busy", "This is not your fault, and nothing is lost. Try again in a moment.");

const pageOf = (id: string, title: string, heading: string, told: string): string =>
  barePage({
    title,
    heading,
    body: `<p>${told}</p>
<a class="button primary" href="">Try again</a>
<p class="hint">Quote this reference: <code class="reference">${id}</code></p>`,
  });
