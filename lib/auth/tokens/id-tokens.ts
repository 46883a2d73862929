import { SignJWT } from "jose";
import { type Account, AccountStatus, type Session } from "#db/schema.ts";
import { clock } from "#lib/clock.ts";
import { env } from "#lib/env.ts";
import { howOpened } from "./how-opened.ts";
import { signingKey } from "./signing-keys.ts";

/** Whom an ID token is for: the one client this server has. AWS roles and other services name it as the audience. */
export const ID_TOKEN_AUDIENCE = "latchkey";

/** An OpenID Connect ID token (Core 1.0, section 2), signed with the published ES256 key. It lives as long as an access token. */
export async function issueIdToken({ account, session }: { account: Account; session: Session }): Promise<string> {
  const { kid, key } = await signingKey();
  const now = Math.floor(clock() / 1000);
  const name = `${account.firstName} ${account.lastName}`.trim() || account.username || account.email;
  return new SignJWT({
    email: account.email,
    email_verified: account.status === AccountStatus.active,
    name,
    ...howOpened(session),
  })
    .setProtectedHeader({ alg: "ES256", typ: "JWT", kid })
    .setIssuer(env().APP_URL)
    .setAudience(ID_TOKEN_AUDIENCE)
    .setSubject(account.sub)
    .setIssuedAt(now)
    .setExpirationTime(now + env().ACCESS_TOKEN_TTL / 1000)
    .sign(key);
}
