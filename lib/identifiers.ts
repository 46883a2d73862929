/**
 * An e-mail address as the store knows it: trimmed, Unicode-normalised, lower case, the domain as DNS writes it (A-labels).
 * Done before validation, so that no two spellings of one address can be two accounts, nor walk round a limit or a "no
 * more mail" (full-width letters fold in NFKC, `bücher.test` is `xn--bcher-kva.test`). What is no address stays as it is:
 * `isAddress` refuses it.
 */
export function normalizeEmail(text: string): string {
  const folded = text.trim().normalize("NFKC").toLowerCase().trim();
  const at = folded.lastIndexOf("@");
  const domain = folded.slice(at + 1);
  // A URL's parser drops characters that do not show; an address that has some is refused, not folded into another.
  if (at < 1 || !/[^\u0000-\u007f]/.test(domain) || hasHiddenCharacters(domain)) return folded;
  return `${folded.slice(0, at + 1)}${asciiDomain(domain) ?? domain}`;
}

/** Whether this normal form is an address. Whether anybody reads mail there, only a mail can tell. */
export function isAddress(normal: string): boolean {
  if (normal.length > 254 || !emailPattern.test(normal) || hasHiddenCharacters(normal)) return false;
  const domain = normal.slice(normal.lastIndexOf("@") + 1);
  // `1.2` is 1.0.0.2 to a URL, and `ex%61mple.com` another host: only what stays itself is a domain.
  return normalizeEmail(normal) === normal && asciiDomain(domain) === domain && comesBack(domain);
}

/**
 * The domain as DNS writes it, or null. By the URL's parser, since this file is in the browser's bundle too; it does
 * what node:url's domainToASCII does.
 */
function asciiDomain(domain: string): string | null {
  if (/[/?#:@\\%]/.test(domain)) return null;
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return null;
  }
}

/** Whether every A-label stands for the name it is written for: one that does not would be a second spelling of another. */
function comesBack(domain: string): boolean {
  if (!domain.includes("xn--")) return true;
  // A browser has no such function; there the server decides, once the form is sent.
  const url = globalThis.process?.getBuiltinModule?.("node:url");
  if (!url) return true;
  const shown = url.domainToUnicode(domain);
  return shown !== domain && url.domainToASCII(shown) === domain;
}

/**
 * Controls, formats and what does not show at all: with them 24 accounts look like one, and a name turns a line round. And
 * halves of a character, each of which becomes the same U+FFFD in the store.
 */
export const hasHiddenCharacters = (text: string): boolean => HIDDEN.test(text);

/** The same text without them, for names that a provider gives. */
export const withoutHiddenCharacters = (text: string): string => text.replace(new RegExp(HIDDEN, "gu"), "");

const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u;

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

/** How long what a person says about themselves may be, in UTF-16 units. */
export const PROFILE_LENGTH = { name: 100, phone: 32 } as const;

/** A person's name as it is stored: anything that shows. */
export const normalizeName = (text: string): string => text.trim().normalize("NFC");

/** As people write them; never dialled from here. */
export const phonePattern = /^[+0-9 ()./-]*$/;

/** One address, one dot in the domain at least, no spaces or controls. */
const emailPattern =
  /^[^\s@<>()[\],;:\\"\u0000-\u001f\u007f]{1,64}@(?=.{3,190}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/u;
