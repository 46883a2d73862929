import { IncomingMessage } from "node:http";
import { isFetchedForm, isPlainForm } from "./action-form.ts";
import { notWhole, tooLarge } from "./page-door.ts";
import type { Refusal } from "./refusal.ts";

/**
 * Reads the whole body that is posted to a page before Next sees any of it. Next answers a body that it cannot decode with
 * a 500, and keeps a large one in memory before it refuses it.
 */

const MOST_BYTES = 1024 * 1024;

/** The request to hand on in place of the one that came, and the form's fields. */
export type ReceivedForm = { request: IncomingMessage; fields: FormData };

/** Reads a form, or says why it is refused; undefined where the caller has gone. */
export async function receiveForm(request: IncomingMessage): Promise<ReceivedForm | Refusal | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > MOST_BYTES) return tooLarge;
  const body = await readBody(request);
  if (!Buffer.isBuffer(body)) return body;
  const form = await wellFormed(request.headers, body);
  return form ? { request: replayed(request, form), fields: form.fields } : notWhole;
}

/** Keeps no more than the limit, so that a caller who never stops sending costs no more memory than that. */
function readBody(request: IncomingMessage): Promise<Buffer | Refusal | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    request.on("data", function keep(chunk: Buffer) {
      size += chunk.byteLength;
      chunks.push(chunk);
      if (size <= MOST_BYTES) return;
      request.off("data", keep).pause();
      chunks.length = 0;
      resolve(tooLarge);
    });
    request.once("end", () => resolve(Buffer.concat(chunks)));
    request.once("error", () => resolve(undefined));
    request.once("close", () => resolve(undefined));
  });
}

type Form = { type: string; body: Buffer; fields: FormData };

/** The form, written anew, so that every later parser reads the same as this one did. */
async function wellFormed(headers: IncomingMessage["headers"], body: Buffer): Promise<Form | undefined> {
  const type = headers["content-type"] ?? "";
  const action = headers["next-action"];
  const fields = await fieldsOf(type, body);
  if (!fields || !(action === undefined ? isPlainForm(fields) : isFetchedForm(String(action), fields)))
    return undefined;
  const anew = new Response(fields);
  return { type: anew.headers.get("content-type") ?? "", body: Buffer.from(await anew.arrayBuffer()), fields };
}

/** A script that calls an action without a form sends the arguments as text. A form has them in a part named "0". */
async function fieldsOf(type: string, body: Buffer): Promise<FormData | undefined> {
  if (type.startsWith("text/plain")) {
    const fields = new FormData();
    fields.set("0", body.toString());
    return fields;
  }
  if (!type.startsWith("multipart/form-data")) return undefined;
  try {
    return await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  } catch {
    return undefined;
  }
}

/** The same request with its body still to be read. */
function replayed(request: IncomingMessage, { type, body }: Form): IncomingMessage {
  const again = new IncomingMessage(request.socket);
  const { "transfer-encoding": _, ...headers } = request.headers;
  const { method, url, httpVersion, httpVersionMajor, httpVersionMinor } = request;
  Object.assign(again, { method, url, httpVersion, httpVersionMajor, httpVersionMinor, complete: true });
  again.headers = { ...headers, "content-type": type, "content-length": String(body.byteLength) };
  // A reader that stops early must not close the connection.
  again._destroy = (error, done) => done(error);
  again.push(body);
  again.push(null);
  return again;
}
