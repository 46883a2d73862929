"use server";

import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { undoEmailChange } from "#lib/auth/proofs/undo-email-change.ts";
import { tokenIn, withToken } from "#lib/mail/mailed-link.ts";

/** Puts the old address back, and goes on to the new password. */
export async function undoAction(form: FormData): Promise<void> {
  const token = tokenIn(form) ?? "";
  let resetToken: string;
  try {
    resetToken = await undoEmailChange({ token });
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    // The page says what has become of the link.
    redirect(withToken("/undo-email-change", token));
  }
  redirect(withToken("/reset-password?notice=address-put-back", resetToken));
}
