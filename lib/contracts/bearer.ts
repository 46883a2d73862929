import { AuthError } from "#lib/auth/errors.ts";

/** The token of `Authorization: Bearer ...` (RFC 6750, 2.1). Throws `session_invalid` when there is none. */
export function bearerToken(request: Request): string {
  const match = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(request.headers.get("authorization")?.trim() ?? "");
  if (!match?.[1]) throw new AuthError("session_invalid");
  return match[1];
}
