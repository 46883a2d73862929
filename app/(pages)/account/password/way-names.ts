import type { Identity } from "#lib/auth/factors/google/log-in.ts";

/** The field in which the form says which other ways in stay; it is there once for each. */
export const KEEP = "keep";

type Link = Pick<Identity, "issuer" | "subject">;

// An issuer is a URL, and so has no space; a subject may have some.
export const nameOfLink = ({ issuer, subject }: Link): string => `${issuer} ${subject}`;

// No issuer begins like this: it would be no URL.
export const nameOfPasskey = ({ id }: { id: string }): string => `passkey ${id}`;

/** What was ticked, apart again. */
export function keptOnes(names: readonly string[]): { keep: Link[]; keepPasskeys: string[] } {
  const pairs = names.map((name) => [name.slice(0, name.indexOf(" ")), name.slice(name.indexOf(" ") + 1)] as const);
  return {
    keep: pairs.map(([issuer, subject]) => ({ issuer, subject })),
    keepPasskeys: pairs.flatMap(([kind, id]) => (kind === "passkey" ? [id] : [])),
  };
}
