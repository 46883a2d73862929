import { EncryptJWT, errors, jwtDecrypt } from "jose";
import { cookies } from "next/headers";
import { secretKey } from "#lib/auth/secret.ts";
import type { Caller } from "#lib/auth/sessions/sessions.ts";
import { clockDate, inSeconds } from "#lib/clock.ts";
import { cookie, shownOnceCookie } from "./cookies.ts";

/**
 * Secrets between the moment they are made and the page that shows them. The store has only their hashes, so the browser carries them
 * there, sealed: for ten minutes the page may be loaded again, and then nobody sees them any more.
 */

export type ShownOnce = "recovery-codes" | "app-password";
type Owner = Pick<Caller["account"], "sub">;

/** Seconds. */
const SHOWN_FOR = 10 * 60;

/** In a server action. */
export async function showOnce(what: ShownOnce, { sub }: Owner, secrets: readonly string[]): Promise<void> {
  const value = await new EncryptJWT({ secrets })
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", typ: "shown-once+jwt" })
    .setAudience(what)
    .setSubject(sub)
    .setExpirationTime(inSeconds(SHOWN_FOR))
    .encrypt(secretKey("shown once"));
  (await cookies()).set(cookie(shownOnceCookie(what), value, SHOWN_FOR));
}

/** Those to be shown to this person, if there are any. */
export async function secretsToShow(what: ShownOnce, { sub }: Owner): Promise<string[] | null> {
  const value = (await cookies()).get(shownOnceCookie(what))?.value;
  if (!value) return null;
  try {
    const { payload } = await jwtDecrypt(value, secretKey("shown once"), {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
      requiredClaims: ["exp"],
      audience: what,
      // Not to whoever logs in here next.
      subject: sub,
      currentDate: clockDate(),
    });
    return payload.secrets as string[];
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

/** In a server action: they are saved, and not shown again. */
export async function hideShown(what: ShownOnce): Promise<void> {
  (await cookies()).set(cookie(shownOnceCookie(what), "", 0));
}
