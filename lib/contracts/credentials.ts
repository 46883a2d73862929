import { AuthError } from "#lib/auth/errors.ts";
import { authenticate, type Caller } from "#lib/auth/sessions/sessions.ts";
import { BEARER_DOORS } from "#lib/doors.ts";

/** What a call can show of who makes it, and what its handler is given of that. */
export type Credentials = {
  none: undefined;
  /** An access token in `Authorization: Bearer ...` (RFC 6750, 2.1); whoever has none is refused before the handler runs. */
  bearer: Caller;
  /** The same where it is there. One that is there and not valid is refused all the same. */
  "optional bearer": Caller | undefined;
  /** The users contract's `token` header, which the use-case looks into. */
  token: string;
};
export type Credential = keyof Credentials;
type Shown = Pick<Headers, "get" | "has">;

/** Throws `session_invalid` or `token_invalid` where the credential is missing or no longer good. */
const RESOLVE: { [C in Credential]: (headers: Shown) => Promise<Credentials[C]> | Credentials[C] } = {
  none: () => undefined,
  bearer: bearerOf,
  "optional bearer": (headers) => (headers.has("authorization") ? bearerOf(headers) : undefined),
  token: tokenOf,
};

export async function resolveCredential<C extends Credential>(credential: C, headers: Shown): Promise<Credentials[C]> {
  return RESOLVE[credential](headers);
}

function bearerOf(headers: Shown): Promise<Caller> {
  const match = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(headers.get("authorization")?.trim() ?? "");
  if (!match?.[1]) throw new AuthError("session_invalid");
  return authenticate({ accessToken: match[1], doors: BEARER_DOORS });
}

function tokenOf(headers: Shown): string {
  const token = headers.get("token")?.trim();
  if (!token) throw new AuthError("token_invalid");
  return token;
}
