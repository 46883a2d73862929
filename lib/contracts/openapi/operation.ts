import type { Endpoint } from "#lib/contracts/endpoint.ts";
import type { Body, Header, Operation, Parameter, Schema } from "./document.ts";
import { ALWAYS_SENT } from "./headers.ts";
import { describeRefusals } from "./refusals.ts";
import { describeSchema, type NamedSchemas } from "./schemas.ts";

/** Describes one endpoint; the schemas it names are added to `named`. */
export function describeOperation(path: string, spec: Endpoint, named: NamedSchemas): Operation {
  return {
    operationId: operationId(path, spec),
    tags: [spec.contract.name],
    summary: spec.summary,
    description: spec.description ?? "",
    security: SECURITY[spec.credential ?? "none"],
    ...(spec.method === "POST" ? describeRequest(spec, describeSchema(spec.input, "input", named)) : {}),
    ...withSecondFactor(spec, spec.method === "POST" ? parametersOf(spec, named) : []),
    responses: {
      "200": {
        description: "Done.",
        headers: { ...ALWAYS_SENT, ...ownHeaders(spec) },
        content: {
          "application/json": { schema: describeSchema(spec.output, "output", named), example: spec.example.output },
        },
      },
      ...describeRefusals(spec, describeSchema(spec.contract.refusal, "output", named)),
    },
  };
}

const SECURITY: Record<NonNullable<Endpoint["credential"]> | "none", Operation["security"]> = {
  none: [],
  bearer: [{ bearer: [] }],
  "optional bearer": [{}, { bearer: [] }],
  token: [{ token: [] }],
};

/** The contract's name and the path's words: `authPasswordForget`, `flatUserSignup`. */
function operationId(path: string, { contract }: Endpoint): string {
  const words = path.replace(/^\/api\//, "").split(/[^A-Za-z0-9]+/);
  const own = words[0] === contract.name ? words.slice(1) : words;
  return contract.name + own.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

function ownHeaders({ outputHeaders = {} }: Endpoint): Record<string, Header> {
  return Object.fromEntries(
    Object.entries(outputHeaders).map(([name, description]) => [
      name,
      { description, required: true, schema: { type: "string" } },
    ]),
  );
}

/** Where values may stand in the query too, none of the places is required by itself. */
function describeRequest(spec: Endpoint, schema: Schema): { requestBody: Body } {
  const sources = spec.sources ?? ["json"];
  const media = { schema, example: spec.example.input };
  const inQuery = sources.includes("query");
  return {
    requestBody: {
      required: !inQuery,
      content: {
        "application/json": media,
        ...(sources.includes("form") ? { "application/x-www-form-urlencoded": media } : {}),
      },
    },
  };
}

function parametersOf(spec: Endpoint, named: NamedSchemas): Parameter[] {
  return spec.sources?.includes("query") ? queryParameters(describeSchema(spec.input, "input", named)) : [];
}

/** What an endpoint that asks for a second factor takes in a header. */
function withSecondFactor({ errors }: Endpoint, parameters: Parameter[]): { parameters?: Parameter[] } {
  const all = (errors as readonly string[]).includes("second_factor_needed") ? [...parameters, OTP] : parameters;
  return all.length > 0 ? { parameters: all } : {};
}

const OTP: Parameter = {
  name: "X-Latchkey-OTP",
  in: "header",
  description: "The code of the second factor, where the account has one: six digits of the app, or a recovery code.",
  required: false,
  schema: { type: "string" },
};

function queryParameters({ properties = {} }: Schema): Parameter[] {
  return Object.entries(properties).map(([name, { description = "", ...schema }]) => ({
    name,
    in: "query",
    description: `${description}. May stand in the body instead.`.replace(/^\. /, ""),
    required: false,
    schema,
  }));
}
