import { z } from "zod";
import type { Answer, Media, Operation, Path, Tag } from "./document.ts";
import { ALWAYS_SENT, header } from "./headers.ts";
import { describeSchema, type NamedSchemas } from "./schemas.ts";

/** What belongs to no contract: the keys, the checks and this description itself. */

export const SERVER_TAG: Tag = {
  name: "server",
  "x-displayName": "The server itself",
  description:
    "For the machines around a client: the keys that access tokens are checked with, and whether the server is well.",
};

const health = z.object({ ok: z.boolean() }).meta({ id: "Health" });

const keySet = z
  .object({
    keys: z.array(
      z.object({
        kty: z.literal("EC"),
        crv: z.literal("P-256"),
        x: z.string(),
        y: z.string(),
        kid: z.string().describe("The `kid` in the header of the tokens it signed"),
        alg: z.literal("ES256"),
        use: z.literal("sig"),
      }),
    ),
  })
  .meta({ id: "KeySet" });

const provider = z
  .object({
    issuer: z.string(),
    jwks_uri: z.string(),
    response_types_supported: z.array(z.string()),
    subject_types_supported: z.array(z.string()),
    id_token_signing_alg_values_supported: z.array(z.string()),
    scopes_supported: z.array(z.string()),
    claims_supported: z.array(z.string()),
  })
  .meta({ id: "ProviderConfiguration" });

const description = z.looseObject({ openapi: z.string() });

/** Their paths; the schemas they name are added to `named`. */
export function serverPaths(named: NamedSchemas): Record<string, Path> {
  const healthy: Media = { schema: describeSchema(health, "output", named), example: { ok: true } };
  const unwell: Answer = {
    description: "It cannot do its work now: it is stopping, or its store does not answer.",
    headers: ALWAYS_SENT,
    content: { "application/json": { ...healthy, example: { ok: false } } },
  };
  return {
    "/.well-known/jwks.json": {
      get: operation({
        operationId: "serverKeys",
        summary: "The public keys that access tokens are signed with",
        description:
          "A key set (RFC 7517). A key stays here until the last token it signed has expired; a client may keep the set for a minute.",
        answer: {
          headers: mayBeKept(60),
          content: {
            "application/jwk-set+json": { schema: describeSchema(keySet, "output", named), example: EXAMPLE_KEYS },
          },
        },
      }),
    },
    "/.well-known/openid-configuration": {
      get: operation({
        operationId: "serverOpenIdConfiguration",
        summary: "What another service needs to check our ID tokens",
        description:
          "OpenID Connect Discovery. There is no authorization endpoint: this server logs nobody in for others.",
        answer: {
          headers: mayBeKept(3600),
          content: {
            "application/json": { schema: describeSchema(provider, "output", named), example: EXAMPLE_PROVIDER },
          },
        },
      }),
    },
    "/health/live": {
      get: operation({
        operationId: "serverIsLive",
        summary: "Whether the process answers",
        answer: { headers: ALWAYS_SENT, content: { "application/json": healthy } },
      }),
    },
    "/health/ready": {
      get: operation({
        operationId: "serverIsReady",
        summary: "Whether it can do its work",
        answer: { headers: ALWAYS_SENT, content: { "application/json": healthy } },
        refusals: { "503": unwell },
      }),
    },
    "/api/openapi.json": {
      get: operation({
        operationId: "serverDescription",
        summary: "This description",
        description: "OpenAPI 3.1, made from the schemas that the endpoints themselves read and answer with.",
        answer: {
          headers: mayBeKept(60),
          content: {
            "application/json": { schema: describeSchema(description, "output", named), example: { openapi: "3.1.1" } },
          },
        },
      }),
    },
  };
}

const mayBeKept = (seconds: number): Answer["headers"] => ({
  "X-Request-Id": header("X-Request-Id"),
  "Cache-Control": {
    description: "How many seconds it may be kept.",
    required: true,
    schema: { type: "string", const: `public, max-age=${seconds}` },
  },
  "Access-Control-Allow-Origin": {
    description: "Pages of any origin may read it.",
    required: true,
    schema: { type: "string", const: "*" },
  },
});

const EXAMPLE_KEYS: z.input<typeof keySet> = {
  keys: [
    {
      kty: "EC",
      crv: "P-256",
      x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
      y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
      kid: "2026-05",
      alg: "ES256",
      use: "sig",
    },
  ],
};

const EXAMPLE_PROVIDER: z.input<typeof provider> = {
  issuer: "https://accounts.example.com",
  jwks_uri: "https://accounts.example.com/.well-known/jwks.json",
  response_types_supported: ["id_token"],
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: ["ES256"],
  scopes_supported: ["openid", "email", "profile"],
  claims_supported: ["iss", "sub", "aud", "iat", "exp", "email", "email_verified", "name"],
};

function operation({
  operationId,
  summary,
  description = "",
  answer,
  refusals = {},
}: {
  operationId: string;
  summary: string;
  description?: string;
  answer: Omit<Answer, "description">;
  refusals?: Record<string, Answer>;
}): Operation {
  return {
    operationId,
    tags: [SERVER_TAG.name],
    summary,
    description,
    security: [],
    responses: { "200": { description: "Done.", ...answer }, ...refusals },
  };
}
