import { AccountStatus, type Session, type SessionKind } from "#db/schema.ts";
import * as store from "#db/sessions.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { securityEvent } from "#lib/auth/security-events.ts";
import {
  type AccessClaims,
  type IssuedTokens,
  issueTokens,
  type RefreshClaims,
  readRefreshToken,
} from "#lib/auth/tokens/tokens.ts";
import { endSession, expiryOf } from "./sessions.ts";

/** Tabs and retries race: for this long the token just replaced is answered with the very successor it was replaced by. */
const GRACE_MS = 10_000;

/**
 * Rotates a refresh token (RFC 9700, 4.14.2). The token just replaced is answered, for 10 s, with the same successor byte
 * for byte; presented later it must have been copied, and its session ends for thief and owner alike.
 * Throws `session_invalid`.
 *
 * A browser may lose the answer that carried its new cookies (a closed tab, a dead network) and come back minutes later
 * with the old ones. So on the pages a late token whose successor no browser has shown rotates on, and poisons the
 * generation it skips; see docs/decisions/2026-11-23-lost-cookies.md.
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
  while (true) {
    const now = Date.now();
    const live = await store.findLiveSession({ id: claims.sessionId }, now);
    if (live?.session.kind !== kind || live.account.status !== AccountStatus.active)
      throw new AuthError("session_invalid");
    const session = await successor(live, claims, now);
    if (session) return { account: live.account, session, ...(await issueTokens({ account: live.account, session })) };
    // Another caller was faster: what was decided on is no longer so, and this token may by now be the one just replaced.
  }
}

/** The session as it stands after this token was presented; undefined when it changed while that was decided. */
async function successor(
  { account, session }: store.LiveSession,
  { generation }: RefreshClaims,
  now: number,
): Promise<Session | undefined> {
  const standing = standingOf(session, generation, now);
  if (standing === "just replaced") return session;
  if (standing === "reused") {
    await store.endSession(account.id, session.id, now);
    securityEvent("token_reused", { account, session: session.id });
    throw new AuthError("session_invalid");
  }
  const expiresAt = expiryOf(session.createdAt, now);
  // The longest lifetime may have been made shorter since this session was opened.
  if (expiresAt <= now) throw new AuthError("session_invalid");
  return store.rotateSession({ session, presented: generation, now, expiresAt });
}

function standingOf(session: Session, generation: number, now: number): "newest" | "just replaced" | "late" | "reused" {
  if (generation === session.generation) return "newest";
  if (generation !== session.generation - 1 - session.skipped) return "reused";
  if (now - session.rotatedAt <= GRACE_MS) return "just replaced";
  return session.kind === "pages" && session.delivered === 0 ? "late" : "reused";
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
  if (live) await endSession({ account: live.account, sessionId: live.session.id });
}
