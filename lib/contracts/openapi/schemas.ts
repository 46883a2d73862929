import { z } from "zod";
import type { Schema } from "./document.ts";

/** Schemas with a name of their own (`.meta({ id })`), found on the way. */
export type NamedSchemas = Record<string, Schema>;

/**
 * A zod schema as JSON Schema (draft 2020-12, the dialect of OpenAPI 3.1): `input` is what a caller may send, `output` what
 * an answer holds. Named ones are put into `named` and referred to.
 */
export function describeSchema(schema: z.ZodType, io: "input" | "output", named: NamedSchemas): Schema {
  const described = z.toJSONSchema(schema, { io, target: "draft-2020-12", override: withoutNoise });
  const text = JSON.stringify(described).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $schema, $defs, ...own } = JSON.parse(text) as Schema & { $schema: string; $defs?: NamedSchemas };
  for (const [name, { id, ...definition }] of Object.entries($defs ?? {})) named[name] = definition;
  return own;
}

type Overridden = Parameters<NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>["override"]>>[0];

/** Bounds that only say "an integer JavaScript can hold", and patterns that repeat what the format says. */
function withoutNoise({ jsonSchema }: Overridden): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.format === "date-time" || jsonSchema.format === "uuid") delete jsonSchema.pattern;
}
