import { apiDescription } from "#app/api/endpoints.ts";

/** The description of this API (OpenAPI 3.1). Nothing in it is secret: tools and pages of any origin may read it. */
export function GET(): Response {
  return Response.json(apiDescription(), {
    headers: { "cache-control": "public, max-age=60", "access-control-allow-origin": "*" },
  });
}
