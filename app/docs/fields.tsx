import type { Schema } from "#lib/contracts/openapi/document.ts";
import { Prose } from "./prose.tsx";

type Schemas = Record<string, Schema>;

/** The fields of a schema, those of the objects within it below their name. `isRequest`: says which may be left out. */
export function Fields({
  schema,
  schemas,
  isRequest = false,
}: {
  schema: Schema;
  schemas: Schemas;
  isRequest?: boolean;
}) {
  const { type, properties, required = [], description = "" } = resolved(schema, schemas);
  const fields = Object.entries(properties ?? {});
  if (type !== "object") return <p>{description || typeName(schema, schemas)}.</p>;
  if (fields.length === 0) return null;
  return (
    <dl className="fields">
      {fields.map(([name, field]) => {
        const within = objectWithin(field, schemas);
        return (
          <div key={name}>
            <dt>
              <code>{name}</code> <span className="type">{typeName(field, schemas)}</span>{" "}
              {!required.includes(name) && <span className="optional">{isRequest ? "optional" : "not always"}</span>}
            </dt>
            <dd>
              <Prose markdown={field.description ?? ""} />
              {within && <Fields schema={within} schemas={schemas} isRequest={isRequest} />}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function resolved(schema: Schema, schemas: Schemas): Schema {
  const name = schema.$ref?.split("/").at(-1);
  return name === undefined ? schema : (schemas[name] ?? {});
}

function objectWithin(field: Schema, schemas: Schemas): Schema | null {
  const own = resolved(field, schemas);
  const inner = own.items ? resolved(own.items, schemas) : own;
  return inner.properties && Object.keys(inner.properties).length > 0 ? inner : null;
}

/** In a reader's words: "e-mail address", "text or null", "0, 8 or 9". */
function typeName(field: Schema, schemas: Schemas): string {
  const schema = resolved(field, schemas);
  if (schema.anyOf) return schema.anyOf.map((one) => typeName(one, schemas)).join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(", ");
  if (schema.type === "array" && schema.items) return `list of ${typeName(schema.items, schemas)}`;
  const type = String(schema.type ?? "anything");
  return FORMATS[schema.format ?? ""] ?? TYPES[type] ?? type;
}

const FORMATS: Record<string, string> = {
  email: "e-mail address",
  uri: "URL",
  uuid: "UUID",
  "date-time": "date and time",
};
const TYPES: Record<string, string> = { string: "text", integer: "whole number" };
