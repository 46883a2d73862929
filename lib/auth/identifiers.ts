/**
 * An e-mail address as the store knows it: trimmed, Unicode-normalised, lower case. Done before validation, so that no two
 * spellings of one address can be two accounts (look-alike full-width letters fold in NFKC).
 */
export function normalizeEmail(text: string): string {
  return text.trim().normalize("NFKC").toLowerCase().trim();
}

/** Names are unique whatever the case; this is what is compared. */
export function usernameKey(username: string): string {
  return username.trim().toLowerCase();
}

/** A name has no `@` (see `usernamePattern`), so an identifier is one or the other and never both. */
export function isEmail(identifier: string): boolean {
  return identifier.normalize("NFKC").includes("@");
}

/** 3 to 64 of letters, digits, `.`, `_`, `-`. */
export const usernamePattern = /^[A-Za-z0-9._-]{3,64}$/;

/** One address, one dot in the domain at least, no spaces or controls; what is really there, only a mail can tell. */
export const emailPattern =
  /^[^\s@<>()[\],;:\\"\u0000-\u001f\u007f]{1,64}@(?=.{3,190}$)(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])$/u;
