import { AuthError } from "#lib/auth/errors.ts";

/** The users contract's `token` header. Throws `token_invalid` when there is none. */
export function tokenHeader(request: Request): string {
  const token = request.headers.get("token")?.trim();
  if (!token) throw new AuthError("token_invalid");
  return token;
}
