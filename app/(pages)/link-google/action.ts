"use server";

import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { confirmLink } from "#lib/auth/factors/google/log-in.ts";
import { tokenOf } from "#lib/pages/token-field.ts";

export async function confirmLinkAction(form: FormData): Promise<void> {
  const token = tokenOf(form);
  try {
    await confirmLink({ token });
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    // The page says what has become of the link.
    redirect(`/link-google?authToken=${encodeURIComponent(token)}`);
  }
  // The log-in page sends on whoever is logged in here already.
  redirect("/login?notice=google-confirmed");
}
