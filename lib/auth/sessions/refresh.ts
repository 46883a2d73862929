import { holdAccount } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import { AccountStatus, type Session } from "#db/schema.ts";
import * as store from "#db/sessions.ts";
import { findByIdentifier } from "#lib/auth/accounts/accounts.ts";
import { AuthError, refusals } from "#lib/auth/errors.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import { type AccessClaims, type RefreshClaims, readRefreshToken } from "#lib/auth/tokens/tokens.ts";
import { clock } from "#lib/clock.ts";
import type { Door } from "#lib/doors.ts";
import { endSession, expiryOf } from "./sessions.ts";

/** Tabs and retries race: for this long the token just replaced is answered with the very successor it was replaced by. */
const GRACE_MS = 10_000;

export const REFRESH_REFUSALS = refusals("session_invalid");

/**
 * The session that a refresh token belongs to, whose tokens are then issued anew; at a door that rotates, after it has moved
 * on to its next generation (RFC 9700, 4.14.2). The token just replaced is answered, for 10 s, with the same successor byte for
 * byte; presented later it must have been copied, and its session ends for thief and owner alike. At a door with grace a
 * late token whose successor no browser has shown rotates on, and poisons the generation it skips; see
 * docs/decisions/2026-11-23-lost-cookies.md. `identifier`: whose token it must be, where the caller says so.
 * Throws `session_invalid`.
 */
export async function refresh({
  refreshToken,
  door,
  identifier,
}: {
  refreshToken: string;
  door: Door;
  identifier?: string;
}): Promise<store.LiveSession> {
  const claims = await readRefreshToken(refreshToken, door);
  const owner = identifier === undefined ? undefined : await findByIdentifier(identifier);
  if (!claims) throw new AuthError("session_invalid");
  while (true) {
    const now = clock();
    const live = await store.findLiveSession({ id: claims.sessionId }, now);
    if (live?.session.kind !== door.name || live.account.status !== AccountStatus.active)
      throw new AuthError("session_invalid");
    if (identifier !== undefined && owner?.id !== live.account.id) throw new AuthError("session_invalid");
    if (!door.rotates) return live;
    const session = await successor(live, claims, door, now);
    if (session) return { account: live.account, session };
    // Another caller was faster: what was decided on is no longer so, and this token may by now be the one just replaced.
  }
}

/** The session as it stands after this token was presented; undefined when it changed while that was decided. */
async function successor(
  { account, session }: store.LiveSession,
  { generation }: RefreshClaims,
  door: Door,
  now: number,
): Promise<Session | undefined> {
  const standing = standingOf(session, generation, door, now);
  if (standing === "just replaced") return session;
  if (standing === "reused") {
    await atomically(() => [
      must(holdAccount(account.id)),
      must(store.endSession(account.id, session.id, now)),
      recordEvent("token_reused", { account, session: session.id }, now),
    ]);
    throw new AuthError("session_invalid");
  }
  const expiresAt = expiryOf(session.createdAt, now);
  // The longest lifetime may have been made shorter since this session was opened.
  if (expiresAt <= now) throw new AuthError("session_invalid");
  return store.rotateSession({ session, presented: generation, now, expiresAt });
}

function standingOf(
  session: Session,
  generation: number,
  door: Door,
  now: number,
): "newest" | "just replaced" | "late" | "reused" {
  if (generation === session.generation) return "newest";
  if (generation !== session.generation - 1 - session.skipped) return "reused";
  if (now - session.rotatedAt <= GRACE_MS) return "just replaced";
  return door.grace && session.delivered === 0 ? "late" : "reused";
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

export const LOG_OUT_REFUSALS = refusals("session_invalid");

/**
 * Ends the session a refresh token belongs to, whatever its generation. Throws `session_invalid` when it is no token of
 * ours; one whose session had ended before is fine.
 */
export async function logOut({ refreshToken, door }: { refreshToken: string; door: Door }): Promise<void> {
  const claims = await readRefreshToken(refreshToken, door);
  if (!claims) throw new AuthError("session_invalid");
  const live = await store.findLiveSession({ id: claims.sessionId }, clock());
  if (live) await endSession({ account: live.account, sessionId: live.session.id });
}
