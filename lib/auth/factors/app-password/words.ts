import { createHmac, randomBytes } from "node:crypto";
import { secretKey } from "#lib/auth/secret.ts";

/** What an app password looks like: twenty letters and digits, a hundred random bits, in groups of five. */

/** No letter that is read as another; thirty-two of them, so that none is likelier than the others. */
const ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz0";
const FORM = /^[0-9a-z]{5}(-?[0-9a-z]{5}){3}$/;

export function newAppPassword(): string {
  const letters = [...randomBytes(20)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
  return letters.match(/.{5}/g)?.join("-") ?? letters;
}

/**
 * What is stored: a keyed hash, bound to the account. A hundred random bits need no slow hash; without AUTH_SECRET a stolen table says
 * nothing. Undefined for what cannot be one.
 */
export function hashAppPassword(accountId: number, given: string): string | undefined {
  if (!FORM.test(given)) return undefined;
  const letters = given.replaceAll("-", "");
  return createHmac("sha256", secretKey("app passwords")).update(`${accountId}:${letters}`).digest("base64url");
}
