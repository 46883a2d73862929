import type { IncomingMessage, ServerResponse } from "node:http";
import { env } from "#lib/env.ts";
import { FIELDS } from "#lib/pages/forms/fields.ts";
import { typedValues } from "#lib/pages/forms/read-form.ts";
import { serializeTyped } from "#lib/pages/forms/typed-before.ts";
import { barePage, escaped, headersOf } from "./bare-page.ts";
import type { ReceivedForm } from "./posted-form.ts";

/**
 * A form may be sent that was opened before an update and whose action is gone since. Next answers it with three words of
 * text, and what was typed is lost; this shows it in a page, and in the form of today that the page leads to. With
 * JavaScript, which names the action in a header, the form itself says so (components/use-server-form.ts).
 */
export function showOldForms({ request, fields }: ReceivedForm, response: ServerResponse): void {
  if (request.headers["next-action"]) return;
  const { writeHead, end } = response;
  const isOld = () => response.hasHeader("x-nextjs-action-not-found");
  response.writeHead = (...head: unknown[]) => (isOld() ? response : Reflect.apply(writeHead, response, head));
  response.end = (...sent: unknown[]) => {
    if (!isOld()) return Reflect.apply(end, response, sent);
    Object.assign(response, { writeHead, end });
    answer(request, response, typedValues(fields));
    return response;
  };
}

function answer(request: IncomingMessage, response: ServerResponse, values: Record<string, string>): void {
  const page = oldFormPage(values);
  // All are about what Next would have sent: how it is compressed, what to load for it, what it is known by.
  for (const name of ["content-encoding", "link", "etag"]) response.removeHeader(name);
  const path = (request.url ?? "").split("?", 1)[0] ?? "";
  if (Object.keys(values).length > 0)
    response.appendHeader("set-cookie", serializeTyped({ path, values }, env().APP_URL.startsWith("https:")));
  response.writeHead(response.statusCode, headersOf(page));
  response.end(page);
}

function oldFormPage(values: Record<string, string>): string {
  const typed = Object.entries(values).filter(([name, value]) => value !== "" && LABELS.has(name));
  const list = typed
    .map(([name, value]) => `<div><dt>${LABELS.get(name)}</dt><dd class="address">${escaped(value)}</dd></div>`)
    .join("");
  return barePage({
    title: "This site was updated",
    heading: "This site was updated",
    body: `<p>You opened this form before the update, so nothing was done with it. Open it again and send it once more${
      list ? "; what you typed will still be there, except passwords" : ""
    }.</p>
${list && `<dl class="facts">${list}</dl>`}
<a class="button primary" href="">Open the form again</a>`,
  });
}

/** What each field is called; an address by its plainest name. What was chosen, not typed, has none. */
const LABELS = new Map<string, string>([
  ...Object.values(FIELDS).flatMap((fields) => Object.values(fields).map(({ name, label }) => [name, label] as const)),
  [FIELDS.address.email.name, FIELDS.address.email.label],
]);
