import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { type FirstFactor, SecondFactorNeeded } from "#lib/auth/sessions/open-session.ts";
import { cookie, firstFactorCookie } from "./cookies.ts";
import { codePage, firstFactorToKeep, readFirstFactor } from "./first-factor.ts";

/** The log-in of a page, or of its action, that waits for its second factor. */

/** In a server action: goes on to the page that asks for the code, where that is all that is missing. Else does nothing. */
export async function askForCode(error: unknown, next: string): Promise<void> {
  if (!(error instanceof SecondFactorNeeded)) return;
  (await cookies()).set(await firstFactorToKeep(error.first));
  redirect(codePage(next));
}

/** What this browser has proved, while it is good. */
export async function keptFirstFactor(): Promise<FirstFactor | null> {
  return readFirstFactor((await cookies()).get(firstFactorCookie())?.value);
}

/** Forgets it, in a server action. */
export async function forgetFirstFactor(): Promise<void> {
  (await cookies()).set(cookie(firstFactorCookie(), "", 0));
}
