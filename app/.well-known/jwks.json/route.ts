import { publicKeys } from "#lib/auth/tokens/signing-keys.ts";

/** The public halves of the keys that sign access tokens (RFC 7517). Public by design: any origin may read it. */
export async function GET(): Promise<Response> {
  return Response.json(await publicKeys(), {
    headers: {
      "content-type": "application/jwk-set+json",
      "cache-control": "public, max-age=60",
      "access-control-allow-origin": "*",
    },
  });
}
