import { AccountStatus } from "#db/schema.ts";
import type { LiveSession } from "#db/sessions.ts";
import { findLiveSession } from "#db/sessions.ts";
import { findByIdentifier } from "#lib/auth/accounts/accounts.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { readRefreshToken } from "#lib/auth/tokens/tokens.ts";

/**
 * The flat contract's refresh: its document knows no new refresh token, so the old one stays good until its session ends.
 * It is bound to the account whose name is sent with it. Throws `session_invalid`.
 */
export async function refreshUnrotated(input: { refreshToken: string; identifier: string }): Promise<LiveSession> {
  const claims = await readRefreshToken(input.refreshToken, "flat");
  const live = claims && (await findLiveSession({ id: claims.sessionId }, Date.now()));
  const named = await findByIdentifier(input.identifier);
  if (live?.session.kind !== "flat" || live.account.status !== AccountStatus.active || named?.id !== live.account.id)
    throw new AuthError("session_invalid");
  return live;
}
