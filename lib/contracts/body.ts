import type { Asked } from "./endpoint.ts";

/** What a body can be refused with, before anything in it is looked at. */
export type BodyProblem = "malformed" | "too_large" | "unsupported_type";

export class BodyError extends Error {
  readonly problem: BodyProblem;
  constructor(problem: BodyProblem) {
    super(problem);
    this.problem = problem;
  }
}

/** No endpoint reads more. */
export const MAX_BYTES = 16 * 1024;

/** Where a contract's values may stand. */
export type Source = "json" | "form" | "query";

/**
 * The values of a request as one object, not yet checked. Throws `BodyError`. A body without a Content-Type counts as JSON;
 * one of a type the endpoint does not take is refused unread.
 */
export async function readValues(request: Asked, sources: readonly Source[]): Promise<unknown> {
  const query = sources.includes("query")
    ? Object.fromEntries(new URL(request.url, "http://localhost").searchParams)
    : {};
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const isForm = type === "application/x-www-form-urlencoded";
  if (isForm ? !sources.includes("form") : type !== "" && !isJson(type)) throw new BodyError("unsupported_type");
  const text = await readText(request);
  if (text.trim() === "") return query;
  if (isForm) return { ...query, ...Object.fromEntries(new URLSearchParams(text)) };
  const values = parseJson(text);
  return isPlainObject(values) ? { ...query, ...values } : values;
}

const isJson = (type: string): boolean => type === "application/json" || type.endsWith("+json");

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The body as text. Reads no more than the limit: a caller that never stops sending costs 16 KiB. Throws `BodyError`. */
export async function readText({ headers, body }: Pick<Asked, "headers" | "body">): Promise<string> {
  if (Number(headers.get("content-length") ?? 0) > MAX_BYTES) throw new BodyError("too_large");
  try {
    return decode(await readChunks(body));
  } catch (error) {
    // The caller went away in the middle. Nobody hears of it, and it is no fault of ours to be told in the log.
    throw error instanceof BodyError ? error : new BodyError("malformed");
  }
}

async function readChunks(body: Asked["body"]): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new BodyError("too_large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new BodyError("malformed");
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BodyError("malformed");
  }
}
