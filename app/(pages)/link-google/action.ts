"use server";

import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { confirmLink } from "#lib/auth/factors/google/log-in.ts";
import { tokenIn, withToken } from "#lib/mail/mailed-link.ts";

export async function confirmLinkAction(form: FormData): Promise<void> {
  const token = tokenIn(form) ?? "";
  try {
    await confirmLink({ token });
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    // The page says what has become of the link.
    redirect(withToken("/link-google", token));
  }
  // The log-in page sends on whoever is logged in here already.
  redirect("/login?notice=google-confirmed");
}
