import { randomUUID } from "node:crypto";
import { AccountStatus } from "#db/schema.ts";
import { findLiveSession, type LiveSession } from "#db/sessions.ts";
import { AuthError } from "./errors.ts";
import { hashToken } from "./sessions.ts";

/** The users contract's session tokens: 122 random bits as a UUID, of which the store keeps a hash. */

/** A fresh one, to be handed to `logIn`. */
export const newOpaqueToken = (): string => randomUUID();

/** Who a log-in token speaks for. Throws `session_invalid`. */
export async function authenticateOpaque({ token }: { token: string }): Promise<LiveSession> {
  const live = await findLiveSession({ tokenHash: hashToken(token) }, Date.now());
  if (!live || live.account.status !== AccountStatus.active) throw new AuthError("session_invalid");
  return live;
}
