import type { Contract, Endpoint, Endpoints } from "#lib/contracts/endpoint.ts";
import { spellingsOf } from "#lib/contracts/spellings.ts";
import { env } from "#lib/env.ts";
import packageJson from "../../../package.json" with { type: "json" };
import { withBrowserPaths } from "./browser-paths.ts";
import type { Description, Path, Tag } from "./document.ts";
import { HEADERS } from "./headers.ts";
import { describeOperation } from "./operation.ts";
import type { NamedSchemas } from "./schemas.ts";
import { SERVER_TAG, serverPaths } from "./server-paths.ts";

/** The description of this server's API (OpenAPI 3.1), made from the endpoints themselves. */
export function describeApi(all: Endpoints): Description {
  const url = env().APP_URL;
  const named: NamedSchemas = {};
  const endpoints = Object.entries(all).flatMap(([path, { spec }]) => (spec ? [{ path, spec }] : []));
  const paths = Object.fromEntries(endpoints.map(({ path, spec }) => [path, describePath(path, spec, named)]));
  return {
    openapi: "3.1.1",
    info: {
      title: "Latchkey",
      version: packageJson.version,
      summary: "Three APIs, one set of accounts.",
      description: STORY,
    },
    servers: [{ url, description: "This server" }],
    tags: [...contractsOf(endpoints.map(({ spec }) => spec)).map(describeContract), SERVER_TAG],
    paths: withBrowserPaths({ ...paths, ...serverPaths(named) }),
    components: { schemas: named, headers: HEADERS, securitySchemes: SECURITY_SCHEMES },
  };
}

function describePath(path: string, spec: Endpoint, named: NamedSchemas): Path {
  const spellings = spellingsOf(path, spec.contract.name);
  const operation = describeOperation(path, spec, named);
  const also = spellings.length > 0 ? `Also answers at ${spellings.map((one) => `\`${one}\``).join(", ")}.` : "";
  operation.description = [operation.description, also].filter(Boolean).join("\n\n");
  return { [spec.method === "GET" ? "get" : "post"]: operation, "x-spellings": spellings };
}

const contractsOf = (specs: Endpoint[]): Contract[] => [...new Set(specs.map((spec) => spec.contract))];

const describeContract = ({ name, title, story }: Contract): Tag => ({
  name,
  "x-displayName": title,
  description: story,
});

const SECURITY_SCHEMES = {
  bearer: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "The access token of a log-in through the auth or the flat contract.",
  },
  token: {
    type: "apiKey",
    in: "header",
    name: "token",
    description: "The token of the session in the answer of `signUp` or `resetPassword` (users contract).",
  },
};

const STORY = `
One account store behind three contracts: sign up through one, log in through another. Pick the one your client was written against, or the first for a new one.

- Bodies are JSON in UTF-8, of 16 KiB at most; a body without a \`Content-Type\` counts as JSON. Fields that are not described are ignored.
- Every path answers with and without a slash at its end, and at each of its other spellings, without a redirect.
- Cookies count nowhere here: a token in the body or in a header does.
- Every answer carries \`X-Request-Id\`, which names the request in the server's log.
- Browsers on other origins need to be on the server's list (\`CORS_ORIGINS\`); this description and the keys may be read from anywhere.
- Fields may be added to answers; none is renamed, dropped or retyped.
`.trim();
