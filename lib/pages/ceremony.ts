import { randomBytes } from "node:crypto";
import { cookies } from "next/headers";
import { AuthError } from "#lib/auth/errors.ts";
import type { CeremonyProblem } from "./ceremony-answer.ts";
import { ceremonyCookie, cookie } from "./cookies.ts";
import { refused } from "./refusal.ts";

/** The server's side of a passkey on a page. For actions only. */

/** Seconds. */
const REMEMBERED_FOR = 24 * 60 * 60;

/** What ties a challenge to this browser: a secret in a cookie that no script reads. Made at first. */
export async function ceremonyBrowser(): Promise<string> {
  const known = await knownCeremonyBrowser();
  if (known) return known;
  const made = randomBytes(16).toString("base64url");
  (await cookies()).set(cookie(ceremonyCookie(), made, REMEMBERED_FOR));
  return made;
}

export const knownCeremonyBrowser = async (): Promise<string | undefined> =>
  (await cookies()).get(ceremonyCookie())?.value || undefined;

/** What the device signed, as the page's script sends it: JSON in a field of a form, which is all that an action takes. */
export const signedIn = (form: FormData): string => String(form.get("passkey") ?? "");

/** A refusal in the page's words. What is no refusal is thrown on, or logged and shown by its id (`refused`). */
export async function ceremonyProblem(error: unknown): Promise<CeremonyProblem> {
  const { problem = "" } = await refused(error, new FormData());
  return { problem, isUnknown: error instanceof AuthError && error.code === "passkey_unknown" };
}
