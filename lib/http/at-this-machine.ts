import { isLoopback } from "#lib/env.ts";

/** Whether a browser on this very machine asks, for a page of ours. server.ts writes these headers over what the caller sent. */
export function isAtThisMachine(headers: Headers): boolean {
  // Behind a proxy everybody comes from this machine.
  if (headers.get("x-latchkey-forwarded")) return false;
  const address = (headers.get("x-forwarded-for") ?? "").replace(/^::ffff:/, "");
  if (address !== "::1" && !isLoopback(address)) return false;
  // A site whose name is made to point at 127.0.0.1 could read the mailbox through the browser of who sits here.
  const host = URL.parse(`http://${headers.get("x-forwarded-host")}`)?.hostname ?? "";
  return isLoopback(host);
}
