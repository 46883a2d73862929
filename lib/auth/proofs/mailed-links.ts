import { errors, jwtVerify, SignJWT } from "jose";
import type { ChallengePurpose } from "#db/schema.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { signerKey } from "#lib/auth/secret.ts";
import { env } from "#lib/env.ts";

/** What every mailed link has in common, whichever table the row behind it lies in. */

export type LinkPurpose = ChallengePurpose | "invite" | "undo-email-change";

export type MailedLink = {
  /** The row's. */
  id: string;
  purpose: LinkPurpose;
  /** Whom it was mailed about. */
  email: string;
  /** Both in ms since 1970, and null until the mail goes out. */
  sentAt: number | null;
  linkExpiresAt: number | null;
};

/**
 * The token of the mailed link: a JWT (the auth contract shows one) whose `jti` is the row. Type, audience and key are its
 * purpose's own, so a verify token never resets a password. It depends on the row alone.
 */
export async function linkToken({ id, purpose, email, sentAt, linkExpiresAt }: MailedLink): Promise<string> {
  if (sentAt === null || linkExpiresAt === null) throw new Error("The mail with this link has not gone out yet.");
  return new SignJWT({ email })
    .setProtectedHeader({ alg: "HS256", typ: `${purpose}+jwt` })
    .setIssuer(env().APP_URL)
    .setAudience(purpose)
    .setIssuedAt(Math.floor(sentAt / 1000))
    .setExpirationTime(Math.floor(linkExpiresAt / 1000))
    .setJti(id)
    .sign(await signerKey(`links: ${purpose}`));
}

/**
 * What a link's token says by itself, whether its row is still there or not: which row it was, and the address it was
 * mailed about. Throws `link_invalid`.
 */
export async function readLinkToken(token: string, purpose: LinkPurpose): Promise<{ id: string; email: string }> {
  try {
    const { payload } = await jwtVerify(token, await signerKey(`links: ${purpose}`), {
      algorithms: ["HS256"],
      typ: `${purpose}+jwt`,
      issuer: env().APP_URL,
      audience: purpose,
      requiredClaims: ["jti", "exp"],
      // Whether it has expired is the row's to say, so that a page can tell "expired" from "not a link of ours".
      currentDate: new Date(0),
    });
    return { id: String(payload.jti), email: String(payload.email) };
  } catch (error) {
    if (error instanceof errors.JOSEError) throw new AuthError("link_invalid");
    throw error;
  }
}

export type LinkState = "ready" | "used" | "expired" | "superseded";

/** What has become of a link by now. */
export function linkStateOf(
  row: { usedAt: number | null; supersededAt: number | null; linkExpiresAt: number | null },
  now: number,
): LinkState {
  if (row.usedAt !== null) return "used";
  if (row.supersededAt !== null) return "superseded";
  return row.linkExpiresAt !== null && row.linkExpiresAt > now ? "ready" : "expired";
}

/** Throws what a link that is not ready is refused with; `email`: whose account it would have done something to. */
export function refuseLink(state: Exclude<LinkState, "ready">, { email }: { email: string }): never {
  throw new AuthError(`link_${state}`, { email });
}
