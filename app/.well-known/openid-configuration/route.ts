import { env } from "#lib/env.ts";

/**
 * What other services need to check our ID tokens (OpenID Connect Discovery 1.0, 3). There is no authorization endpoint to
 * name: this server issues ID tokens to its own clients and logs nobody in for others.
 */
export async function GET(): Promise<Response> {
  const issuer = env().APP_URL;
  const description = {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
    scopes_supported: ["openid", "email", "profile"],
    claims_supported: ["iss", "sub", "aud", "iat", "exp", "email", "email_verified", "name"],
  };
  return Response.json(description, {
    headers: { "cache-control": "public, max-age=3600", "access-control-allow-origin": "*" },
  });
}
