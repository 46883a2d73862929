"use server";

import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { unlinkProvider } from "#lib/auth/factors/google/log-in.ts";
import { endAllSessions } from "#lib/auth/sessions/sessions.ts";
import { toConfirmation } from "#lib/pages/confirmed.ts";
import { requirePerson, signOut } from "#lib/pages/session.ts";

export async function logOutAction(): Promise<void> {
  await signOut();
  redirect("/login?notice=logged-out");
}

export async function logOutEverywhereAction(): Promise<void> {
  const { account } = await requirePerson("/account");
  await endAllSessions({ account });
  await signOut();
  redirect("/login?notice=logged-out-everywhere");
}

/** Removes a link to Google, unless it is the only way in (then the page shows no button; a stale one gets a sentence). */
export async function unlinkGoogleAction(form: FormData): Promise<void> {
  const { account, session } = await requirePerson("/account");
  const [issuer, subject] = [String(form.get("issuer")), String(form.get("subject"))];
  try {
    await unlinkProvider({ account, sessionId: session.id, issuer, subject });
  } catch (error) {
    if (error instanceof AuthError && error.code === "last_way_in") redirect("/account?problem=last_way_in");
    return toConfirmation(error, "/account");
  }
  redirect("/account?notice=google-unlinked");
}
