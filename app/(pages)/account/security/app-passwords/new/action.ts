"use server";

import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { makeAppPassword } from "#lib/auth/factors/app-password/app-passwords.ts";
import { DOORS } from "#lib/doors.ts";
import { toConfirmation } from "#lib/pages/confirmed.ts";
import { appPasswordForm } from "#lib/pages/forms/app-password.ts";
import type { FormState } from "#lib/pages/forms/form-state.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { refused } from "#lib/pages/refusal.ts";
import { pageClient, requirePerson } from "#lib/pages/session.ts";
import { showOnce } from "#lib/pages/shown-once.ts";

const HERE = "/account/security/app-passwords/new";

export async function makeAppPasswordAction(_before: FormState, form: FormData): Promise<FormState> {
  const person = await requirePerson(HERE);
  const { values, refusal } = readForm(appPasswordForm, form);
  if (refusal) return refusal;
  const door = Object.values(DOORS).find(({ name, takesAppPasswords }) => takesAppPasswords && name === values.door);
  if (!door) return { errors: {}, problem: "Choose how the program logs in.", values: {} };
  try {
    const password = await makeAppPassword({ ...person, client: await pageClient(), door, name: values.name });
    await showOnce("app-password", person.account, [password]);
  } catch (error) {
    if (error instanceof AuthError && error.code === "confirmation_needed") toConfirmation(error, HERE);
    return refused(error, form);
  }
  redirect("/account/security/app-passwords");
}
