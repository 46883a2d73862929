"use server";

import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { confirmApp } from "#lib/auth/factors/authenticator/enroll.ts";
import { toConfirmation } from "#lib/pages/confirmed.ts";
import type { FormState } from "#lib/pages/forms/form-state.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { secondFactorForm } from "#lib/pages/forms/second-factor.ts";
import { refused } from "#lib/pages/refusal.ts";
import { pageClient, requirePerson } from "#lib/pages/session.ts";
import { showOnce } from "#lib/pages/shown-once.ts";

const HERE = "/account/security/app";

export async function addAppAction(_before: FormState, form: FormData): Promise<FormState> {
  const person = await requirePerson(HERE);
  const { values, refusal } = readForm(secondFactorForm, form);
  if (refusal) return refusal;
  let codes: string[];
  try {
    codes = await confirmApp({ ...person, client: await pageClient(), code: values.otp });
  } catch (error) {
    if (error instanceof AuthError && error.code === "confirmation_needed") toConfirmation(error, HERE);
    return refused(error, form, { second_factor_wrong: { field: "otp", message: WRONG } });
  }
  await showOnce("recovery-codes", person.account, codes);
  redirect("/account/security/codes");
}

const WRONG = "This is not the code. Is the clock of your phone right? Enter the code that the app shows now.";
