import { randomUUID } from "node:crypto";
import { holdAccount } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import { ifRoomForPasskey, insertPasskey, listPasskeys } from "#db/passkeys.ts";
import type { Account, Passkey } from "#db/schema.ts";
import type { Caller } from "#db/sessions.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { noticeOf } from "#lib/auth/factors/notice.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import { holdConfirmed, isConfirmed } from "#lib/auth/sessions/confirmed.ts";
import type { Client } from "#lib/client.ts";
import { clock } from "#lib/clock.ts";
import { type Begun, beginCeremony, endCeremony } from "./ceremonies.ts";
import { type Descriptor, described } from "./descriptors.ts";
import { readAttestation } from "./responses.ts";
import { verifyAttestation } from "./verify.ts";

/** An account with more of them than anybody has devices is somebody's who fills the table. */
const MOST = 20;

type By = Caller & { client: Client; browser: string | undefined };

/** Base64url of a random id: it is stored on devices, and must say nothing about the person. */
export const newUserHandle = (sub: string = randomUUID()): string => Buffer.from(sub).toString("base64url");

/** What a browser is told to make a passkey with. */
export type ToMake = Begun & { userHandle: string; exclude: Descriptor[] };

/** Throws `confirmation_needed`, `too_many_passkeys`, `passkeys_off`, `too_many_tries`. */
export async function beginAdding({ account, session, client, browser }: By & { browser: string }): Promise<ToMake> {
  if (!(await isConfirmed(session.id))) throw new AuthError("confirmation_needed");
  const there = await listPasskeys(account.id);
  if (there.length >= MOST) throw new AuthError("too_many_passkeys");
  const begun = await beginCeremony({ purpose: "add", browser, client, sessionId: session.id });
  return {
    ...begun,
    userHandle: userHandleOf(account, there),
    // The same device would only make another in its place.
    exclude: described(there),
  };
}

/** One for all of an account's, of which `there` are those it has: devices show its passkeys together by it. */
export const userHandleOf = ({ sub }: Pick<Account, "sub">, there: readonly Passkey[]): string =>
  there[0]?.userHandle ?? newUserHandle(sub);

/**
 * Adds the passkey that the browser made, and returns its id.
 * Throws `confirmation_needed`, `too_many_passkeys`, `passkey_exists`, `passkey_too_late`, `passkey_wrong`, `passkeys_off`.
 */
export async function addPasskey({ account, session, client, browser, sent }: By & { sent: string }): Promise<string> {
  const response = readAttestation(sent);
  const { clientDataJSON } = response.response;
  const ceremony = await endCeremony({ clientDataJSON, purpose: "add", browser });
  // Somebody else has logged in in this browser meanwhile: it would be their way into this account.
  if (ceremony.sessionId !== session.id) throw new AuthError("passkey_too_late");
  const userHandle = userHandleOf(account, await listPasskeys(account.id));
  const made = await verifyAttestation({ response, challenge: ceremony.challenge, userHandle });
  const now = clock();
  const done = await atomically(() => [
    must(holdAccount(account.id)),
    must(ifRoomForPasskey(account.id, MOST)),
    must(holdConfirmed(session.id, now)),
    // Nobody adds another's: whoever shows it would be let into this account as well.
    must(insertPasskey(made, account.id, now)),
    noticeOf(account, "passkey-added", now),
    recordEvent("factor_added", { account, client, session: session.id, factor: "passkey" }, now),
  ]);
  if (!done) return refuse(account, session);
  return made.id;
}

async function refuse(account: Pick<Account, "id">, session: Caller["session"]): Promise<never> {
  if (!(await isConfirmed(session.id))) throw new AuthError("confirmation_needed");
  const isFull = (await listPasskeys(account.id)).length >= MOST;
  throw new AuthError(isFull ? "too_many_passkeys" : "passkey_exists");
}
