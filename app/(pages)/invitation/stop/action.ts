"use server";

import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { refuseInvitations } from "#lib/auth/invitations/refuse-invitations.ts";
import { tokenIn } from "#lib/mail/mailed-link.ts";
import { stopPage } from "../stop-page.ts";

export async function stopAction(form: FormData): Promise<void> {
  const token = tokenIn(form) ?? "";
  try {
    await refuseInvitations({ token });
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
  }
  // The page says what came of it.
  redirect(stopPage(token));
}
