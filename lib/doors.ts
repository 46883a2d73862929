/**
 * The doors of this server: its own pages, and a contract each. Sessions of all doors are one list; how a session behaves
 * that was opened through one stands here. The core is handed a door and names none, so that a new contract is a row here.
 */
export type Door = {
  /** As the session's row, the audience of its refresh tokens and the log name it. */
  name: string;
  /** Whether each refresh replaces the refresh token (RFC 9700, 4.14.2). */
  rotates: boolean;
  /**
   * Whether a refresh token that comes late still counts while nobody has shown its successor. A browser may lose the answer
   * that carried its new cookies; see docs/decisions/2026-11-23-lost-cookies.md.
   */
  grace: boolean;
  /** Whether a program may send its access tokens as a bearer. Those of the pages stay in their cookies. */
  bearer: boolean;
  /** Whether an app password opens it: where a program logs in, which nobody can teach to send a code. */
  takesAppPasswords: boolean;
};

export const DOORS = {
  pages: { name: "pages", rotates: true, grace: true, bearer: false, takesAppPasswords: false },
  auth: { name: "auth", rotates: true, grace: false, bearer: true, takesAppPasswords: true },
  /** Its sessions have one opaque token, and neither access nor refresh tokens. */
  users: { name: "users", rotates: false, grace: false, bearer: false, takesAppPasswords: true },
  /** Its document knows no new refresh token. */
  flat: { name: "flat", rotates: false, grace: false, bearer: true, takesAppPasswords: true },
} as const satisfies Record<string, Door>;

export const BEARER_DOORS: readonly Door[] = Object.values(DOORS).filter(({ bearer }) => bearer);
