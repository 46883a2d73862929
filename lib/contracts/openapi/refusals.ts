import type { AuthErrorCode } from "#lib/auth/errors.ts";
import type { Endpoint } from "#lib/contracts/endpoint.ts";
import { EXAMPLE } from "#lib/contracts/examples.ts";
import { BODY_REFUSALS, invalidBody, OUR_FAULT, refusalTo, wrongMethod } from "#lib/contracts/refusals.ts";
import type { Answer, Example, Schema } from "./document.ts";
import { ALWAYS_SENT, header } from "./headers.ts";
import { MEANINGS } from "./meanings.ts";

/** The names of the refusals that every endpoint has, as they come. */
export const GENERAL_REFUSALS: ReadonlySet<string> = new Set([
  "invalid",
  "malformed",
  "wrong_method",
  "too_large",
  "unsupported_type",
  "our_fault",
  "store_unavailable",
]);

type Said = { name: string; status: number; body: unknown; meaning: string };

/** All answers of an endpoint that are refusals, by status, each sentence with when it is said. */
export function describeRefusals(spec: Endpoint, schema: Schema): Record<string, Answer> {
  const byStatus = Map.groupBy(
    [...generalRefusals(spec), ...spec.errors.map((code) => ownRefusal(spec, code))],
    (one) => String(one.status),
  );
  return Object.fromEntries([...byStatus].map(([status, said]) => [status, describeStatus(status, said, schema)]));
}

function describeStatus(status: string, said: Said[], schema: Schema): Answer {
  const sentences = [...Map.groupBy(said, ({ body }) => JSON.stringify(body)).values()];
  const examples = sentences.flatMap((same): [string, Example][] => {
    const [first] = same;
    const summary = [...new Set(same.map(({ meaning }) => meaning))].join(" Or: ");
    return first ? [[first.name, { summary, value: first.body }]] : [];
  });
  return {
    description: examples.map(([, { summary }]) => summary).join("\n\n"),
    headers: { ...ALWAYS_SENT, ...headersOf(status), ...(said.some(isOfSecondFactor) ? OTP : {}) },
    content: { "application/json": { schema, examples: Object.fromEntries(examples) } },
  };
}

const isOfSecondFactor = ({ name }: Said): boolean => name === "second_factor_needed" || name === "second_factor_wrong";
const OTP = { "X-Latchkey-OTP": header("X-Latchkey-OTP") };

function headersOf(status: string): Record<string, { $ref: string }> {
  if (status === "405") return { Allow: header("Allow") };
  return status === "429" || status === "503" ? { "Retry-After": header("Retry-After") } : {};
}

function ownRefusal(spec: Endpoint, code: AuthErrorCode): Said {
  const { status, message } = refusalTo(code, spec, EXAMPLE.email);
  return { name: code, status, body: spec.contract.refusalBody(message, {}), meaning: MEANINGS[code] };
}

/** What comes before an endpoint's own work, and what comes instead of it. */
function generalRefusals(spec: Endpoint): Said[] {
  const { contract, method, input } = spec;
  const say = (name: string, { status, message }: { status: number; message: string }, meaning: string): Said => ({
    name,
    status,
    body: contract.refusalBody(message, {}),
    meaning,
  });
  const nothingSent = input.safeParse({});
  const ofBodies = [
    ...(nothingSent.error
      ? [{ name: "invalid", status: 400, body: invalidBody(contract, nothingSent.error), meaning: INVALID }]
      : []),
    say("malformed", BODY_REFUSALS.malformed, "The body cannot be read."),
    say("too_large", BODY_REFUSALS.too_large, "The body is too large."),
    say("unsupported_type", BODY_REFUSALS.unsupported_type, "The body is of a type this path does not take."),
  ];
  const busy = refusalTo("busy", spec, EXAMPLE.email);
  const requestId = "3f1c9a52-8c0e-4d0b-9a3e-6d7d1f0c2b11";
  return [
    ...(method === "POST" ? ofBodies : []),
    say("wrong_method", wrongMethod(method), "The path is called with another method; `Allow` names the right ones."),
    {
      name: "our_fault",
      status: 500,
      body: contract.refusalBody(OUR_FAULT, { requestId }),
      meaning: "A fault of this server. The log has the rest, by the same id.",
    },
    say(
      "store_unavailable",
      busy,
      "The store cannot be reached just now; `Retry-After` says how many seconds to wait.",
    ),
  ];
}

const INVALID = "Values are missing or wrong; `errors` names each.";
