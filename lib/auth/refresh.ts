import { AccountStatus, type Session, type SessionKind } from "#db/schema.ts";
import * as store from "#db/sessions.ts";
import { env } from "#lib/env.ts";
import { log } from "#lib/log.ts";
import { AuthError } from "./errors.ts";
import { type AccessClaims, type IssuedTokens, issueTokens, type RefreshClaims, readRefreshToken } from "./tokens.ts";

/** Tabs and retries race: for this long the token just replaced is answered with the very successor it was replaced by. */
const GRACE_MS = 10_000;

/**
 * Rotates a refresh token (RFC 9700, 4.14.2). The token just replaced is answered, for 10 s, with the same successor byte
 * for byte; presented later it must have been copied, and its session ends for thief and owner alike.
 * Throws `session_invalid`.
 *
 * A browser may lose the answer that carried its new cookies (a closed tab, a dead network) and come back minutes later
 * with the old ones. So for the pages the grace lasts until the browser has shown the successor once; see
 * docs/decisions/2026-11-23-lost-cookies.md.
 */
export async function refresh({
  refreshToken,
  kind,
}: {
  refreshToken: string;
  kind: SessionKind;
}): Promise<store.LiveSession & IssuedTokens> {
  const claims = await readRefreshToken(refreshToken, kind);
  if (!claims) throw new AuthError("session_invalid");
  const now = Date.now();
  const rotated = await store.rotateSession(
    claims.sessionId,
    kind,
    claims.generation,
    now,
    now + env().REFRESH_TOKEN_TTL,
  );
  const live = await store.findLiveSession({ id: claims.sessionId }, now);
  if (!live || live.account.status !== AccountStatus.active) throw new AuthError("session_invalid");
  if (!rotated && !isReplacedJustNow(live.session, claims, now)) {
    await store.endSession(live.account.id, live.session.id, now);
    log.warn("refresh_token_reused", { session: live.session.id, account: live.account.sub });
    throw new AuthError("session_invalid");
  }
  // Between the two statements another caller may have rotated once more; this caller's successor is its own generation.
  const session = rotated ?? live.session;
  return { account: live.account, session, ...(await issueTokens({ account: live.account, session })) };
}

function isReplacedJustNow(session: Session, claims: RefreshClaims, now: number): boolean {
  if (session.generation !== claims.generation + 1) return false;
  return now - session.rotatedAt <= GRACE_MS || (session.kind === "pages" && session.delivered === 0);
}

/** Sessions seen with their newest generation, so that the store is told once and not at every page. */
const confirmed = new Map<string, number>();
const MOST_CONFIRMED = 10_000;

/** Notes that a browser holds the tokens of this generation, which ends the grace of the one before. */
export async function confirmDelivery({
  sessionId,
  generation,
}: Pick<AccessClaims, "sessionId" | "generation">): Promise<void> {
  if (confirmed.get(sessionId) === generation) return;
  await store.markDelivered(sessionId, generation);
  if (confirmed.size >= MOST_CONFIRMED) confirmed.clear();
  confirmed.set(sessionId, generation);
}

/**
 * Ends the session a refresh token belongs to, whatever its generation. Throws `session_invalid` when it is no token of
 * ours; one whose session had ended before is fine.
 */
export async function logOut({ refreshToken, kind }: { refreshToken: string; kind: SessionKind }): Promise<void> {
  const claims = await readRefreshToken(refreshToken, kind);
  if (!claims) throw new AuthError("session_invalid");
  const live = await store.findLiveSession({ id: claims.sessionId }, Date.now());
  if (live) await store.endSession(live.account.id, live.session.id, Date.now());
}
