import type { Identity } from "#lib/auth/factors/google/log-in.ts";

/** The field in which the form says which links to a provider stay; it is there once for each. */
export const KEEP = "keep";

type Link = Pick<Identity, "issuer" | "subject">;

// An issuer is a URL, and so has no space; a subject may have some.
export const nameOfLink = ({ issuer, subject }: Link): string => `${issuer} ${subject}`;

export function linkNamed(name: string): Link {
  const space = name.indexOf(" ");
  return { issuer: name.slice(0, space), subject: name.slice(space + 1) };
}
