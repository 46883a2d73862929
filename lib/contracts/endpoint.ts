import type { z } from "zod";
import { AuthError, type AuthErrorCode, RETRY_AFTER, troubleOf } from "#lib/auth/errors.ts";
import type { HashPurpose } from "#lib/auth/factors/password/hash-places.ts";
import { callBehind } from "#lib/call.ts";
import { type Client, clientOf } from "#lib/client.ts";
import { describeError, log } from "#lib/log.ts";
import { BodyError, readValues, type Source } from "./body.ts";
import { corsHeaders, preflightHeaders } from "./cors.ts";
import { type Credential, type Credentials, resolveCredential } from "./credentials.ts";
import {
  allowedMethods,
  BODY_REFUSALS,
  invalidBody,
  isOfSecondFactor,
  OTP_HEADER,
  OUR_FAULT,
  refusalTo,
  wrongMethod,
} from "./refusals.ts";

/** A status and the sentence that goes with it. */
export type Refusal = { status: number; message: string };
/** What a contract says to a code; it may name the address the caller sent. */
export type RefusalOf = Refusal | ((about: { email: string }) => Refusal);
export type FieldError = { field: string; message: string };

/** Any endpoint may find the server busy. */
export type Sentences = Partial<Record<AuthErrorCode, RefusalOf>> & { busy: RefusalOf };
/** The codes a contract has words for. */
export type CodeOf<C extends Contract> = keyof C["refusals"] & AuthErrorCode;

/** How one of the three contracts speaks. */
export type Contract = {
  name: "auth" | "users" | "flat" | "latchkey";
  /** What it is called in the API description, and its story there (Markdown: paragraphs, lists, `code`). */
  title: string;
  story: string;
  /**
   * A sentence for each code that one of its endpoints is refused with, and for no other: a code without words does not
   * compile where an endpoint names it, nor words nobody can hear where the endpoints are listed (app/api/endpoints.ts).
   */
  refusals: Sentences;
  /** The body a refusal has in this contract, and the schema that describes it. */
  refusal: z.ZodType;
  refusalBody: (message: string, more: { errors?: FieldError[]; requestId?: string }) => unknown;
};

/** What a handler is given. There is no request in it: who calls, and as whom, was settled before. */
export type Call<Input, Caller> = {
  input: Input;
  /** Whom the declared credential speaks for; nothing where none is declared. */
  caller: Caller;
  /** The address as the caller wrote it, for answers that name it. */
  emailSent: string;
  client: Client;
  /** The code of the second factor, from its header. */
  otp: string | undefined;
};
/** What it answers with: 200 and a JSON body. */
export type Answer<Body> = { body: Body; headers?: Record<string, string> };

export type Endpoint<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  Shown extends Credential = Credential,
  C extends Contract = Contract,
  Code extends CodeOf<C> = CodeOf<C>,
> = {
  contract: C;
  method: "GET" | "POST";
  /** What it compares or hashes a password for: whom there is no place for is turned away before (lib/server/hash-doors.ts). */
  hashes?: HashPurpose;
  /** One line for the API description. */
  summary: string;
  /** What a caller should know beyond it. */
  description?: string;
  /** Where the values may stand; JSON only unless said otherwise. */
  sources?: readonly Source[];
  input: Input;
  /** A header that carries a token. It is checked after what was sent, and before `run`, which is given whom it speaks for. */
  credential?: Shown;
  /** The answer. What it does not name does not leave the server, whatever the handler returns. */
  output: Output;
  /** Headers of the answer, by name, each with what it holds. */
  outputHeaders?: Record<string, string>;
  /** Sentences this endpoint's document has in place of the contract's common ones. */
  refusals?: Partial<Record<AuthErrorCode, RefusalOf>>;
  /** The codes it can be refused with; what every endpoint is refused with goes without saying. */
  errors: readonly Code[];
  /** One call and its answer, for the API description. */
  example: { input: z.input<Input>; output: z.input<Output> };
  /** Methods that the lane leaves to Next: what only its build can do (see lib/server/lane.ts). */
  throughNext?: readonly (typeof METHODS)[number][];
  run: (call: Call<z.output<Input>, Credentials[Shown]>) => Promise<Answer<z.input<Output>>>;
};

/** A request as far as an endpoint looks at it; a web `Request` is one. */
export type Asked = {
  method: string;
  url: string;
  headers: Pick<Headers, "get" | "has">;
  body: AsyncIterable<Uint8Array> | null;
};
/** What is answered. Its body is null where HTTP wants none. */
export type Reply = { status: number; headers: Record<string, string>; body: string | null };
/** What a server says of a call beside the request itself, and no header may contradict. */
export type Heard = { client: Client; requestId: string };
type Handler = (request: Request) => Promise<Response>;
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
/** How an endpoint is called by whoever knows who calls; and its `spec`, of which the API description is made. */
export type Served<Code extends AuthErrorCode = AuthErrorCode> = {
  serve: (asked: Asked, heard: Heard) => Promise<Reply>;
  spec?: Endpoint & { errors: readonly Code[] };
};
/** The endpoints of all contracts by the path they are documented under. */
export type Endpoints = Record<string, Served>;
/** What Next finds in a route's file: a handler a method. */
export type Handlers<Code extends AuthErrorCode = AuthErrorCode> = Record<
  (typeof METHODS)[number],
  Handler & Served<Code>
>;

/**
 * The handlers of one path, for every method: parse, guard, call, present. Any server can `serve` them, and says who calls;
 * Next's routes find that in the headers that server.ts writes.
 */
export function endpoint<
  Input extends z.ZodType,
  Output extends z.ZodType,
  C extends Contract,
  const Code extends CodeOf<C>,
  Shown extends Credential = "none",
>(spec: Endpoint<Input, Output, Shown, C, Code>): Handlers<Code> {
  const allowed = allowedMethods(spec.method);
  const serve: Served["serve"] = async (request, heard) => {
    if (request.method === "OPTIONS") return preflight({ allow: allowed, ...preflightHeaders(request, allowed) });
    if (request.method !== spec.method && !(request.method === "HEAD" && spec.method === "GET"))
      return refuse(request, spec.contract, wrongMethod(spec.method), { allow: allowed });
    return answer(request, spec, heard);
  };
  return forAllMethods<Code>({ serve, spec: spec as unknown as Endpoint & { errors: readonly Code[] } });
}

/** The handlers of a path that a contract does not know: 404 in its own shape. */
export function unknownPath(contract: Contract): Handlers<never> {
  return forAllMethods<never>({
    serve: async (request) =>
      request.method === "OPTIONS"
        ? preflight(preflightHeaders(request, "POST, OPTIONS"))
        : refuse(request, contract, { status: 404, message: "There is nothing at this path" }),
  });
}

function forAllMethods<Code extends AuthErrorCode>(served: Served<Code>): Handlers<Code> {
  const handler = Object.assign(async (request: Request) => {
    const { body, ...rest } = await served.serve(request, heardFrom(request.headers));
    return new Response(body, rest);
  }, served);
  return Object.fromEntries(METHODS.map((method) => [method, handler])) as Handlers<Code>;
}

/** For Next alone, behind which server.ts has written these headers over whatever the caller sent. */
const heardFrom = (headers: Headers): Heard => ({
  client: clientOf(headers),
  requestId: headers.get("x-request-id") ?? "",
});

async function answer<Input extends z.ZodType, Output extends z.ZodType, Shown extends Credential>(
  request: Asked,
  spec: Pick<
    Endpoint<Input, Output, Shown>,
    "contract" | "refusals" | "sources" | "input" | "credential" | "output" | "run"
  >,
  { client, requestId }: Heard,
): Promise<Reply> {
  const call = callBehind();
  if (call) call.door = spec.contract.name;
  let values: unknown;
  try {
    values = request.method === "POST" ? await readValues(request, spec.sources ?? ["json"]) : {};
    const parsed = spec.input.safeParse(values);
    if (!parsed.success) return respond(request, 400, invalidBody(spec.contract, parsed.error));
    const caller = await resolveCredential((spec.credential ?? "none") as Shown, request.headers);
    const otp = request.headers.get(OTP_HEADER)?.trim() || undefined;
    const { body, headers } = await spec.run({ input: parsed.data, caller, emailSent: emailSent(values), client, otp });
    return respond(request, 200, spec.output.parse(body), headers);
  } catch (error) {
    return refuseError(request, spec, error, { values, requestId });
  }
}

function refuseError(
  request: Asked,
  spec: Pick<Endpoint, "contract" | "refusals">,
  error: unknown,
  { values, requestId }: { values: unknown; requestId: string },
): Reply {
  if (error instanceof BodyError) return refuse(request, spec.contract, BODY_REFUSALS[error.problem]);
  if (error instanceof AuthError) {
    const said = refusalTo(error.code, spec, emailSent(values) || (error.email ?? ""));
    const wait = error.retryAfter === undefined ? undefined : { "retry-after": String(error.retryAfter) };
    const wanted = isOfSecondFactor(error.code) ? { [OTP_HEADER]: "required" } : undefined;
    return refuse(request, spec.contract, said, { ...wait, ...wanted });
  }
  if (troubleOf(error))
    return refuse(request, spec.contract, refusalTo("busy", spec, ""), { "retry-after": String(RETRY_AFTER) });
  // What went wrong stays in the log; the caller gets the id to ask about it with.
  log.error("request_failed", { id: requestId, ...describeError(error) });
  return respond(request, 500, spec.contract.refusalBody(OUR_FAULT, { requestId }));
}

/** The address as the caller wrote it, to be named in a refusal the way the document does. */
function emailSent(values: unknown): string {
  const email = (values as { email?: unknown } | null | undefined)?.email;
  return typeof email === "string" ? email.trim() : "";
}

function refuse(
  request: Asked,
  contract: Contract,
  { status, message }: Refusal,
  headers?: Record<string, string>,
): Reply {
  return respond(request, status, contract.refusalBody(message, {}), headers);
}

function respond(request: Asked, status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { ...ANSWER_HEADERS, ...corsHeaders(request.headers.get("origin")), ...headers },
    body: request.method === "HEAD" ? null : JSON.stringify(body),
  };
}

const preflight = (headers: Record<string, string>): Reply => ({ status: 204, headers, body: null });

const ANSWER_HEADERS = {
  "content-type": "application/json; charset=utf-8",
  // Answers hold tokens and accounts: no cache on the way may keep one.
  "cache-control": "no-store",
  // Should a browser be made to show an answer as a page, nothing in it runs.
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};

/** The answer to whom there is no place for, where no request is made of it: three hundred of them come at once. */
export function busyAnswer(
  { contract, refusals }: Pick<Endpoint, "contract" | "refusals">,
  origin: string | null,
): Reply {
  const { status, message } = refusalTo("busy", { contract, refusals }, "");
  const headers = { ...ANSWER_HEADERS, ...corsHeaders(origin), "retry-after": String(RETRY_AFTER) };
  return { status, headers, body: JSON.stringify(contract.refusalBody(message, {})) };
}
