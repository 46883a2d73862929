"use server";

import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { changePassword } from "#lib/auth/factors/password/change-password.ts";
import { DOORS } from "#lib/doors.ts";
import { toConfirmation } from "#lib/pages/confirmed.ts";
import { changePasswordForm } from "#lib/pages/forms/change-password.ts";
import type { FormState } from "#lib/pages/forms/form-state.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { refused } from "#lib/pages/refusal.ts";
import { pageClient, requirePerson, signIn } from "#lib/pages/session.ts";
import { KEEP, keptOnes } from "./way-names.ts";

export async function changePasswordAction(_before: FormState, form: FormData): Promise<FormState> {
  const person = await requirePerson("/account/password");
  const kept = form.getAll(KEEP).map(String);
  const { values, refusal } = readForm(changePasswordForm, form);
  if (refusal) return withKept(refusal, kept);
  try {
    await signIn(
      await changePassword({ ...person, ...values, ...keptOnes(kept), door: DOORS.pages, client: await pageClient() }),
    );
  } catch (error) {
    if (error instanceof AuthError && error.code === "confirmation_needed") toConfirmation(error, "/account/password");
    const state = await refused(error, form, {
      wrong_password: { field: "currentPassword", message: "This is not your current password." },
      password_common: { field: "newPassword" },
    });
    return withKept(state, kept);
  }
  redirect("/account?notice=password-changed");
}

/** What was ticked stays ticked when the page comes back. */
const withKept = (state: FormState, kept: string[]): FormState => ({
  ...state,
  values: { ...state.values, [KEEP]: kept.join("\n") },
});
