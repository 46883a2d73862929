import { createHmac, randomBytes } from "node:crypto";
import { secretKey } from "#lib/auth/secret.ts";

/** Codes for whoever has lost their app: ten at a time, shown once, each good once. */

const HOW_MANY = 10;
/** No letter that is read as another. Thirty-two of them: five bits each, fifty a code, so that none can be guessed at the pace of the limit. */
const ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz0";
const LENGTH = 10;

export const newRecoveryCodes = (): string[] => Array.from({ length: HOW_MANY }, newCode);

function newCode(): string {
  const letters = [...randomBytes(LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
  return `${letters.slice(0, 5)}-${letters.slice(5)}`;
}

/** However it was copied: in capitals, with or without its dash. Undefined for what cannot be one. */
export function asRecoveryCode(typed: string): string | undefined {
  const letters = typed.toLowerCase().replaceAll("o", "0").replace(/[\s-]/g, "");
  return letters.length === LENGTH && [...letters].every((one) => ALPHABET.includes(one)) ? letters : undefined;
}

/** What is stored: a keyed hash, bound to the account. Whoever reads the table cannot try codes against it. */
export function hashRecoveryCode(accountId: number, code: string): string {
  const letters = asRecoveryCode(code) ?? "";
  return createHmac("sha256", secretKey("recovery codes")).update(`${accountId}:${letters}`).digest("base64url");
}
