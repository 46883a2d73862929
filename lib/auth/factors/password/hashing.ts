import { createHmac, randomBytes } from "node:crypto";
import { AuthError } from "#lib/auth/errors.ts";
import { env } from "#lib/env.ts";
import { once } from "#lib/once.ts";
import { runHash } from "./pool.ts";
import { PASSWORD_LENGTH } from "./rules.ts";

/**
 * Marks a bcrypt hash over the prehash below. A hash without it (`$2a$`, `$2b$`) was brought in from elsewhere and is over
 * the plain password.
 */
const PREHASHED = "{hmac-sha384}";

/**
 * bcrypt reads 72 bytes and stops at a NUL, so it is given 64 characters that depend on every byte of the password. The
 * HMAC key is a constant: it separates these hashes from any plain SHA-384 list that leaked elsewhere ("password shucking").
 * It is not drawn from AUTH_SECRET, see docs/decisions/2026-11-23-no-pepper.md.
 */
function prehash(password: string): string {
  return createHmac("sha384", "latchkey password v1").update(password.normalize("NFC"), "utf8").digest("base64");
}

/** Hashes a password for the store. Throws `busy` when the workers' queue is full. */
export async function hashPassword(password: string): Promise<string> {
  return PREHASHED + (await runHash({ task: "hash", text: prehash(password), cost: env().BCRYPT_COST }));
}

/**
 * Whether this is the password behind `stored`. With nothing stored (no such account, or one without a password) a hash
 * of the same cost is computed all the same: otherwise the time the answer takes tells who has an account.
 */
export async function passwordMatches(password: string, stored: string | null | undefined): Promise<boolean> {
  if (!stored) {
    await runHash({ task: "compare", text: prehash(password), hash: await nobodysHash() });
    return false;
  }
  const isRight = stored.startsWith(PREHASHED)
    ? await runHash({ task: "compare", text: prehash(password), hash: stored.slice(PREHASHED.length) })
    : await runHash({ task: "compare", text: password.normalize("NFC"), hash: stored });
  if (!isRight) await takeLonger(costOf(stored), password);
  return isRight;
}

/**
 * After a wrong password for a hash of a lower cost than today's: that took less time than the hash computed for nobody. Each
 * step of cost doubles the time, so one hash of each cost below today's, from the old one up, adds exactly what is missing.
 */
async function takeLonger(from: number, password: string): Promise<void> {
  for (let cost = from; cost < env().BCRYPT_COST; cost += 1)
    await runHash({ task: "hash", text: prehash(password), cost });
}

const costOf = (stored: string): number => Number(stored.replace(PREHASHED, "").split("$")[2]);

const nobody = once("nobodys-hash", (): { hash?: Promise<string> | undefined } => ({}));

function nobodysHash(): Promise<string> {
  nobody.hash ??= runHash({
    task: "hash",
    text: randomBytes(32).toString("base64"),
    cost: env().BCRYPT_COST,
  }).catch((error) => {
    nobody.hash = undefined;
    throw error;
  });
  return nobody.hash;
}

/** Whether a password that just matched should be stored anew: an imported hash, or one made at a lower cost. */
export function needsRehash(stored: string): boolean {
  return !stored.startsWith(PREHASHED) || costOf(stored) < env().BCRYPT_COST;
}

/**
 * Refuses (`password_common`) what an attacker tries first: the passwords most often found in leaks (offline, the list
 * comes with @zxcvbn-ts/language-common), and the account's own names.
 */
export async function refuseCommonPassword(
  password: string,
  ownNames: readonly (string | null | undefined)[],
): Promise<void> {
  const folded = password.normalize("NFC").toLowerCase();
  const own = ownNames.flatMap((name) => (name ? [name.toLowerCase(), name.toLowerCase().split("@")[0]] : []));
  if (own.includes(folded) || isRepetition(folded) || (await commonPasswords()).has(folded))
    throw new AuthError("password_common");
}

/** "aaaaaaaa", "12121212": no list holds all of them. */
const isRepetition = (text: string): boolean => /^(.{1,2})\1+$/u.test(text);

let common: Promise<Set<string>> | undefined;

function commonPasswords(): Promise<Set<string>> {
  common ??= import("@zxcvbn-ts/language-common").then(
    ({ dictionary }) => new Set(dictionary["passwords-common"].filter((word) => word.length >= PASSWORD_LENGTH.min)),
  );
  return common;
}
