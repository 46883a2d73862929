/** Who is calling: what limits count by, and what the list of sessions shows. */
export type Client = {
  /** The caller's IP address as the server resolved it; never a header the caller wrote. */
  address: string;
  userAgent: string;
  /**
   * A browser that has logged in before, from its signed device cookie: to which accounts (by `sub`), and at which epoch of
   * their passwords.
   */
  device?: { id: string; accounts: ReadonlyMap<string, number> } | undefined;
  /** The id of the session this browser came with, from its signed cookies: it ends when another opens here. */
  session?: string | undefined;
};

/**
 * Who called, from headers that server.ts writes over whatever the caller sent: `x-forwarded-for` then holds one address,
 * the one this server believes.
 */
export function clientOf(headers: Pick<Headers, "get">): Client {
  return {
    address: headers.get("x-forwarded-for") ?? "unknown",
    userAgent: headers.get("user-agent") ?? "",
  };
}
