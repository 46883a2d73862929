import { CompactEncrypt, compactDecrypt, errors, jwtVerify, SignJWT } from "jose";
import { cookies } from "next/headers";
import { LIMITS } from "#lib/auth/limits.ts";
import type { ChallengePurpose } from "#lib/auth/proofs/challenges.ts";
import { secretKey, signerKey } from "#lib/auth/secret.ts";
import { clock, clockDate, inSeconds } from "#lib/clock.ts";
import { cookie, pendingMailCookie } from "./cookies.ts";

/** Longer than any link of ours lives; after that the page asks for the address again. In seconds. */
const REMEMBERED_FOR = 24 * 60 * 60;

/** A mail this browser asked for and now waits for. The address is what was typed: whether anybody has it is not said. */
export type PendingMail = {
  email: string;
  /** Milliseconds since 1970, by the server's clock: the countdown survives a reload and no clock in a browser matters. */
  sentAt: number;
  /** The sign-up whose mail it is; for an address nobody has, or has proved, a name that stands for nothing. */
  signUp: SignUpOfBrowser | null;
};

/** A sign-up as a browser knows it, by one of its challenges. */
export type SignUpOfBrowser = {
  challengeId: string;
  /** Whether it was made in this browser (or its password given here): only then does its code let this browser in. */
  isOwn: boolean;
};

/**
 * Remembers, in a server action, where a mail was sent, so that the page can say so and count down to the next one.
 * Signed: the address and the sign-up decide whose codes are tried, and the time when the next mail may be asked for.
 */
export async function rememberMail(
  purpose: ChallengePurpose,
  email: string,
  signUp: SignUpOfBrowser | null = null,
): Promise<void> {
  const value = await new SignJWT({ email, sentAt: clock(), ...(signUp && { signUp: await seal(signUp) }) })
    .setProtectedHeader({ alg: "HS256", typ: "pending-mail+jwt" })
    .setAudience(purpose)
    .setExpirationTime(inSeconds(REMEMBERED_FOR))
    .sign(await signerKey("pending mail"));
  (await cookies()).set(cookie(pendingMailCookie(), value, REMEMBERED_FOR));
}

/** The mail this browser waits for, if it is one of `purpose`. */
export async function pendingMail(purpose: ChallengePurpose): Promise<PendingMail | null> {
  const value = (await cookies()).get(pendingMailCookie())?.value;
  if (!value) return null;
  try {
    const { payload } = await jwtVerify(value, await signerKey("pending mail"), {
      algorithms: ["HS256"],
      typ: "pending-mail+jwt",
      audience: purpose,
      requiredClaims: ["email", "sentAt", "exp"],
      currentDate: clockDate(),
    });
    return {
      email: String(payload.email),
      sentAt: Number(payload.sentAt),
      signUp: typeof payload.signUp === "string" ? await unseal(payload.signUp) : null,
    };
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

/**
 * Not to be read by whoever has the cookie: that the same challenge was named twice would tell that there is one, since an
 * address nobody has gets a new name each time.
 */
function seal(signUp: SignUpOfBrowser): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(signUp)))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .encrypt(secretKey("pending sign-up"));
}

async function unseal(sealed: string): Promise<SignUpOfBrowser> {
  const { plaintext } = await compactDecrypt(sealed, secretKey("pending sign-up"), {
    keyManagementAlgorithms: ["dir"],
    contentEncryptionAlgorithms: ["A256GCM"],
  });
  return JSON.parse(new TextDecoder().decode(plaintext));
}

/** Forgets it, in a server action: the mail has done its work. */
export async function forgetMail(): Promise<void> {
  (await cookies()).set(cookie(pendingMailCookie(), "", 0));
}

/** When the next mail may be asked for: in how many seconds (0: now), and at what time in ms since 1970. */
export function nextMail({ sentAt }: Pick<PendingMail, "sentAt">, now: number): { seconds: number; readyAt: number } {
  const readyAt = sentAt + LIMITS.cooldown.window;
  return { seconds: Math.max(0, Math.ceil((readyAt - now) / 1000)), readyAt };
}
