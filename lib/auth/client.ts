/** Who is calling: what limits count by, and what the list of sessions shows. */
export type Client = {
  /** The caller's IP address as the server resolved it; never a header the caller wrote. */
  address: string;
  userAgent: string;
  /** A browser that has logged in before, and to which accounts (by `sub`), from its signed device cookie. */
  device?: { id: string; accounts: readonly string[] } | undefined;
  /** The id of the session this browser came with, from its signed cookies: it ends when another opens here. */
  session?: string | undefined;
};
