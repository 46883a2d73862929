import { env, isLoopback } from "#lib/env.ts";

/** Whether a browser on this very machine asks, for a page of ours. server.ts writes these headers over what the caller sent. */
export function isAtThisMachine(headers: Headers): boolean {
  // Behind a proxy everybody comes from this machine.
  if (headers.get("x-latchkey-forwarded")) return false;
  const address = headers.get("x-forwarded-for") ?? "";
  if (address !== "::1" && !isLoopback(address)) return false;
  // A site whose name is made to point at 127.0.0.1 could read the mailbox through the browser of who sits here.
  // And a tunnel to this machine keeps the name and port that its own callers used.
  const { APP_URL, PORT } = env();
  const asked = URL.parse(`http://${headers.get("x-forwarded-host")}`);
  if (!asked || !isLoopback(asked.hostname)) return false;
  return asked.host === new URL(APP_URL).host || Number(asked.port || 80) === PORT;
}
