import { EncryptJWT, errors, jwtDecrypt } from "jose";
import { secretKey } from "#lib/auth/secret.ts";
import type { FirstFactor } from "#lib/auth/sessions/open-session.ts";
import { clockDate, inSeconds } from "#lib/clock.ts";
import { type Cookie, cookie, firstFactorCookie } from "./cookies.ts";
import { withNext } from "./next-link.ts";

/** What this browser has proved of a log-in that waits for its second factor. */

/** Seconds to type a code in. After that the first factor is asked for again. */
const GOOD_FOR = 10 * 60;

const CODE_PAGE = "/login/code";

/**
 * Sealed: whoever could write it would need no password, and whoever could read it would learn which account it is. It opens nothing
 * without a code, and nothing at all once the password is another.
 */
export async function firstFactorToKeep(first: FirstFactor): Promise<Cookie> {
  const value = await new EncryptJWT({ first })
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", typ: "first-factor+jwt" })
    .setExpirationTime(inSeconds(GOOD_FOR))
    .encrypt(secretKey("first factors"));
  return cookie(firstFactorCookie(), value, GOOD_FOR);
}

/** What was proved, while it is good; `value` is that of the cookie. */
export async function readFirstFactor(value: string | undefined): Promise<FirstFactor | null> {
  if (!value) return null;
  try {
    const { payload } = await jwtDecrypt(value, secretKey("first factors"), {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
      requiredClaims: ["exp", "first"],
      currentDate: clockDate(),
    });
    return payload.first as FirstFactor;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

export const codePage = (next: string | undefined): string => withNext(CODE_PAGE, next);
