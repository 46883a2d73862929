import type { z } from "zod";
import { AuthError, type AuthErrorCode, RETRY_AFTER, troubleOf } from "#lib/auth/errors.ts";
import { type Client, clientOf } from "#lib/client.ts";
import { describeError, log } from "#lib/log.ts";
import { BodyError, readValues, type Source } from "./body.ts";
import { corsHeaders, preflightHeaders } from "./cors.ts";
import { allowedMethods, BODY_REFUSALS, invalidBody, OUR_FAULT, refusalTo, wrongMethod } from "./refusals.ts";

/** A status and the sentence that goes with it. */
export type Refusal = { status: number; message: string };
/** What a contract says to a code; it may name the address the caller sent. */
export type RefusalOf = Refusal | ((about: { email: string }) => Refusal);
export type FieldError = { field: string; message: string };

/** How one of the three contracts speaks. */
export type Contract = {
  name: "auth" | "users" | "flat" | "latchkey";
  /** What it is called in the API description, and its story there (Markdown: paragraphs, lists, `code`). */
  title: string;
  story: string;
  /** A sentence for every code of the core: a new one does not compile until all contracts answer it. */
  refusals: Record<AuthErrorCode, RefusalOf>;
  /** The body a refusal has in this contract, and the schema that describes it. */
  refusal: z.ZodType;
  refusalBody: (message: string, more: { errors?: FieldError[]; requestId?: string }) => unknown;
};

/** What a handler is given. */
export type Call<Input> = {
  input: Input;
  /** The address as the caller wrote it, for answers that name it. */
  emailSent: string;
  client: Client;
  request: Request;
};
/** What it answers with: 200 and a JSON body. */
export type Answer<Body> = { body: Body; headers?: Record<string, string> };

export type Endpoint<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> = {
  contract: Contract;
  method: "GET" | "POST";
  /** One line for the API description. */
  summary: string;
  /** What a caller should know beyond it. */
  description?: string;
  /** Where the values may stand; JSON only unless said otherwise. */
  sources?: readonly Source[];
  input: Input;
  /** Headers that carry a token: a bearer one, or the users contract's `token`. */
  credential?: "bearer" | "optional bearer" | "token";
  /** The answer. What it does not name does not leave the server, whatever the handler returns. */
  output: Output;
  /** Headers of the answer, by name, each with what it holds. */
  outputHeaders?: Record<string, string>;
  /** Sentences this endpoint's document has in place of the contract's common ones. */
  refusals?: Partial<Record<AuthErrorCode, RefusalOf>>;
  /** The codes it can be refused with, for the API description; what every endpoint is refused with goes without saying. */
  errors: readonly AuthErrorCode[];
  /** One call and its answer, for the API description. */
  example: { input: z.input<Input>; output: z.input<Output> };
  run: (call: Call<z.output<Input>>) => Promise<Answer<z.input<Output>>>;
};

type Handler = (request: Request) => Promise<Response>;
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
/** `spec` is there for the API description, which is made from the endpoints themselves. */
export type Handlers = Record<(typeof METHODS)[number], Handler & { spec?: Endpoint }>;

/**
 * The handlers of one path, for every method: parse, call, present. Plain `(Request) => Promise<Response>`, so any server
 * that speaks the web's own types can call them.
 */
export function endpoint<Input extends z.ZodType, Output extends z.ZodType>(spec: Endpoint<Input, Output>): Handlers {
  const allowed = allowedMethods(spec.method);
  const handlers = forAllMethods(async (request) => {
    if (request.method === "OPTIONS")
      return new Response(null, { status: 204, headers: { allow: allowed, ...preflightHeaders(request, allowed) } });
    if (request.method !== spec.method && !(request.method === "HEAD" && spec.method === "GET"))
      return refuse(request, spec.contract, wrongMethod(spec.method), { allow: allowed });
    return answer(request, spec);
  });
  handlers[spec.method] = Object.assign(handlers[spec.method].bind(null), { spec: spec as unknown as Endpoint });
  return handlers;
}

/** The handlers of a path that a contract does not know: 404 in its own shape. */
export function unknownPath(contract: Contract): Handlers {
  return forAllMethods(async (request) =>
    request.method === "OPTIONS"
      ? new Response(null, { status: 204, headers: preflightHeaders(request, "POST, OPTIONS") })
      : refuse(request, contract, { status: 404, message: "There is nothing at this path" }),
  );
}

const forAllMethods = (handler: Handler): Handlers =>
  Object.fromEntries(METHODS.map((method) => [method, handler])) as Handlers;

async function answer<Input extends z.ZodType, Output extends z.ZodType>(
  request: Request,
  spec: Endpoint<Input, Output>,
): Promise<Response> {
  let values: unknown;
  try {
    values = request.method === "POST" ? await readValues(request, spec.sources ?? ["json"]) : {};
    const parsed = spec.input.safeParse(values);
    if (!parsed.success) return respond(request, 400, invalidBody(spec.contract, parsed.error));
    const call = { input: parsed.data, emailSent: emailSent(values), client: clientOf(request.headers), request };
    const { body, headers } = await spec.run(call);
    return respond(request, 200, spec.output.parse(body), headers);
  } catch (error) {
    return refuseError(request, spec, error, values);
  }
}

function refuseError(
  request: Request,
  spec: Pick<Endpoint, "contract" | "refusals">,
  error: unknown,
  values: unknown,
): Response {
  if (error instanceof BodyError) return refuse(request, spec.contract, BODY_REFUSALS[error.problem]);
  if (error instanceof AuthError) {
    const said = refusalTo(error.code, spec, emailSent(values) || (error.email ?? ""));
    const wait = error.retryAfter === undefined ? undefined : { "retry-after": String(error.retryAfter) };
    return refuse(request, spec.contract, said, wait);
  }
  if (troubleOf(error))
    return refuse(request, spec.contract, refusalTo("busy", spec, ""), { "retry-after": String(RETRY_AFTER) });
  // What went wrong stays in the log; the caller gets the id to ask about it with.
  const requestId = request.headers.get("x-request-id") ?? "";
  log.error("request_failed", { id: requestId, ...describeError(error) });
  return respond(request, 500, spec.contract.refusalBody(OUR_FAULT, { requestId }));
}

/** The address as the caller wrote it, to be named in a refusal the way the document does. */
function emailSent(values: unknown): string {
  const email = (values as { email?: unknown } | null | undefined)?.email;
  return typeof email === "string" ? email.trim() : "";
}

function refuse(
  request: Request,
  contract: Contract,
  { status, message }: Refusal,
  headers?: Record<string, string>,
): Response {
  return respond(request, status, contract.refusalBody(message, {}), headers);
}

function respond(request: Request, status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(request.method === "HEAD" ? null : JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/json; charset=utf-8",
      // Answers hold tokens and accounts: no cache on the way may keep one.
      "cache-control": "no-store",
      // Should a browser be made to show an answer as a page, nothing in it runs.
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      ...corsHeaders(request),
      ...headers,
    },
  });
}
