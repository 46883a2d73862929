/** The part of OpenAPI 3.1 (spec.openapis.org/oas/v3.1.1) that our description uses. */

export type Schema = {
  $ref?: string;
  type?: string | string[];
  description?: string;
  format?: string;
  pattern?: string;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  id?: string;
};

export type Example = { summary: string; value: unknown };
export type Media = { schema: Schema; example?: unknown; examples?: Record<string, Example> };
export type Header = { description: string; required: boolean; schema: Schema };
export type Answer = {
  description: string;
  headers?: Record<string, Header | { $ref: string }>;
  content?: Record<string, Media>;
};
export type Parameter = {
  name: string;
  in: "query" | "header";
  description: string;
  required: boolean;
  schema: Schema;
};
export type Body = { required: boolean; content: Record<string, Media> };

export type Operation = {
  operationId: string;
  tags: [string];
  summary: string;
  description: string;
  security: Record<string, string[]>[];
  /** Only for a browser that goes there: a program that calls it gets nothing it could use. */
  "x-browser-only"?: true;
  parameters?: Parameter[];
  requestBody?: Body;
  responses: Record<string, Answer>;
};

export type Path = {
  get?: Operation;
  post?: Operation;
  /** The other paths that this one answers at. */
  "x-spellings"?: string[];
};

export type Tag = { name: string; "x-displayName": string; description: string };

export type Description = {
  openapi: "3.1.1";
  info: { title: string; version: string; summary: string; description: string };
  servers: { url: string; description: string }[];
  tags: Tag[];
  paths: Record<string, Path>;
  components: {
    schemas: Record<string, Schema>;
    headers: Record<string, Header>;
    securitySchemes: Record<string, Record<string, string>>;
  };
};
