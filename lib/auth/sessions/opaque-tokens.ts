import { AccountStatus } from "#db/schema.ts";
import { findLiveSession, type LiveSession } from "#db/sessions.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { randomToken } from "#lib/auth/tokens/random-token.ts";
import { clock } from "#lib/clock.ts";
import { hashToken } from "./sessions.ts";

/** The users contract's session tokens: 128 random bits in the shape of a UUID, of which the store keeps a hash. */

/** A fresh one, to be handed to `logIn`. */
export const newOpaqueToken = (): string => randomToken();

/** Who a log-in token speaks for. Throws `session_invalid`. */
export async function authenticateOpaque({ token }: { token: string }): Promise<LiveSession> {
  const live = await findLiveSession({ tokenHash: hashToken(token) }, clock());
  if (!live || live.account.status !== AccountStatus.active) throw new AuthError("session_invalid");
  return live;
}
