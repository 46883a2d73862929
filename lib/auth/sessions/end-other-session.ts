import { holdAccount } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import { type Caller, endSession } from "#db/sessions.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import { clock } from "#lib/clock.ts";
import { holdConfirmed, isConfirmed } from "./confirmed.ts";

/**
 * Logs out another device of whoever is logged in. Throws `confirmation_needed`: a thief at an open browser would else throw its owner
 * out everywhere but there.
 */
export async function endOtherSession({ account, session, other }: Caller & { other: string }): Promise<void> {
  const now = clock();
  const done = await atomically(() => [
    must(holdAccount(account.id)),
    must(holdConfirmed(session.id, now)),
    must(endSession(account.id, other, now)),
    recordEvent("session_ended", { account, session: other }, now),
  ]);
  if (done) return;
  // It may have ended by itself, or be another account's: then there is nothing to do.
  if (!(await isConfirmed(session.id))) throw new AuthError("confirmation_needed");
}
