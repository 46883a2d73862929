"use server";

import { redirect } from "next/navigation";
import { unlinkGoogle } from "#lib/auth/google-log-in.ts";
import { endAllSessions, endSession } from "#lib/auth/sessions.ts";
import { requirePerson, signOut } from "#lib/http/page-session.ts";

export async function logOutAction(): Promise<void> {
  await signOut();
  redirect("/login?notice=logged-out");
}

export async function logOutEverywhereAction(): Promise<void> {
  const { account } = await requirePerson("/account");
  await endAllSessions({ accountId: account.id });
  await signOut();
  redirect("/login?notice=logged-out-everywhere");
}

/** Ends one session of whoever is logged in; the id of anybody else's does nothing. */
export async function endSessionAction(form: FormData): Promise<void> {
  const { account } = await requirePerson("/account");
  await endSession({ accountId: account.id, sessionId: String(form.get("session")) });
  redirect("/account?notice=session-ended");
}

/** Removes the link to Google, unless it is the only way in (then the page shows no button; a stale one changes nothing). */
export async function unlinkGoogleAction(): Promise<void> {
  const { account } = await requirePerson("/account");
  await unlinkGoogle(account.id);
  redirect("/account?notice=google-unlinked");
}
