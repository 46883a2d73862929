import type { Client } from "#lib/auth/client.ts";

/**
 * Who called, from headers that server.ts writes over whatever the caller sent: `x-forwarded-for` then holds one address,
 * the one this server believes.
 */
export function clientOf(headers: Headers): Client {
  return {
    address: headers.get("x-forwarded-for") ?? "unknown",
    userAgent: headers.get("user-agent") ?? "",
  };
}
