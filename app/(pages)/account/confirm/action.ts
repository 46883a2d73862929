"use server";

import { redirect } from "next/navigation";
import type * as z from "zod/mini";
import { confirmPerson } from "#lib/auth/sessions/confirmed.ts";
import type { FormState } from "#lib/pages/forms/form-state.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { confirmByPasswordForm, secondFactorForm } from "#lib/pages/forms/second-factor.ts";
import { nextOf, withNext } from "#lib/pages/next-link.ts";
import { refused } from "#lib/pages/refusal.ts";
import { pageClient, requirePerson } from "#lib/pages/session.ts";

export async function confirmByCodeAction(_before: FormState, form: FormData): Promise<FormState> {
  return confirm(secondFactorForm, form, ({ otp }) => otp);
}

export async function confirmByPasswordAction(_before: FormState, form: FormData): Promise<FormState> {
  return confirm(confirmByPasswordForm, form, ({ password }) => password);
}

async function confirm<Values>(
  schema: z.ZodMiniType<Values>,
  form: FormData,
  givenIn: (values: Values) => string,
): Promise<FormState> {
  const next = nextOf(form);
  const person = await requirePerson(withNext("/account/confirm", next));
  const { values, refusal } = readForm(schema, form);
  if (refusal) return refusal;
  try {
    await confirmPerson({ ...person, given: givenIn(values), client: await pageClient() });
  } catch (error) {
    return refused(error, form, {
      second_factor_wrong: { field: "otp" },
      wrong_password: { field: "password", message: "This is not your password." },
    });
  }
  redirect(next);
}
