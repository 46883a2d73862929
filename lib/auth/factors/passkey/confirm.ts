import { listPasskeys } from "#db/passkeys.ts";
import type { Caller } from "#db/sessions.ts";
import type { Client } from "#lib/client.ts";
import { type Begun, beginCeremony } from "./ceremonies.ts";
import { type Descriptor, described } from "./descriptors.ts";
import { isLive } from "./live.ts";

/** A challenge for somebody who is logged in, and which passkeys will do. Throws `passkeys_off`, `too_many_tries`. */
export async function beginConfirming({
  account,
  session,
  browser,
  client,
}: Caller & { browser: string; client: Client }): Promise<{ begun: Begun; allow: Descriptor[] }> {
  const begun = await beginCeremony({ purpose: "confirm", browser, client, sessionId: session.id });
  const there = await listPasskeys(account.id);
  return { begun, allow: described(there.filter(isLive)) };
}
