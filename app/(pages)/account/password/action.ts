"use server";

import { redirect } from "next/navigation";
import { changePassword } from "#lib/auth/change-password.ts";
import { changePasswordForm } from "#lib/forms/change-password.ts";
import type { FormState } from "#lib/forms/form-state.ts";
import { readForm } from "#lib/forms/read-form.ts";
import { pageClient, requirePerson, stayKnown } from "#lib/http/page-session.ts";
import { refused } from "../../refusal.ts";

export async function changePasswordAction(_before: FormState, form: FormData): Promise<FormState> {
  const person = await requirePerson("/account/password");
  const { values, refusal } = readForm(changePasswordForm, form);
  if (refusal) return refusal;
  try {
    await changePassword({ ...person, ...values, client: await pageClient() });
  } catch (error) {
    return refused(error, form, {
      wrong_password: { field: "currentPassword", message: "This is not your current password." },
      password_common: { field: "newPassword" },
    });
  }
  await stayKnown(person);
  redirect("/account?notice=password-changed");
}
