import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Codes that an app and this server make from one secret and the time: TOTP (RFC 6238) over HOTP (RFC 4226), HMAC-SHA-1. */

/** Seconds for which one code stands; milliseconds would be another unit than the RFC's. */
export const STEP_SECONDS = 30;
const DIGITS = 6;
/** Steps by which the app's clock may be off, either way: what RFC 6238, 5.2 allows for. */
const WINDOW = 1;
/** As long as SHA-1's output: RFC 4226, section 4, R6. */
const SECRET_BYTES = 20;

/** A new secret, in the base32 that apps take (RFC 4648, without padding). */
export const newSecret = (): string => base32(randomBytes(SECRET_BYTES));

/** The time step of this moment (ms since 1970). */
export const stepAt = (now: number): number => Math.floor(now / 1000 / STEP_SECONDS);

/** The step whose code this is, of those around `now`; undefined where it is none of them. The newest is looked at first. */
export function matchingStep(secret: string, code: string, now: number): number | undefined {
  const given = Buffer.from(code);
  const present = stepAt(now);
  let found: number | undefined;
  // All of them each time: how long it takes tells nothing.
  for (let step = present - WINDOW; step <= present + WINDOW; step += 1) {
    const expected = Buffer.from(codeAt(secret, step));
    if (given.length === expected.length && timingSafeEqual(given, expected)) found = step;
  }
  return found;
}

/** RFC 4226, 5.3. */
export function codeAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0x0f;
  return String((digest.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 10 ** DIGITS).padStart(DIGITS, "0");
}

/** What an app reads from the picture (Google Authenticator's key URI format). */
export function keyUri({ secret, issuer, account }: { secret: string; issuer: string; account: string }): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function base32(bytes: Buffer): string {
  let bits = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  return (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five, 2)]).join("");
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
}
