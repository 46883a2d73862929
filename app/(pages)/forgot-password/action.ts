"use server";

import { redirect } from "next/navigation";
import { requestReset } from "#lib/auth/proofs/reset-password.ts";
import { addressForm } from "#lib/pages/forms/address.ts";
import type { FormState } from "#lib/pages/forms/form-state.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { mailedLink } from "#lib/pages/mailed-link.ts";
import { neutrally } from "#lib/pages/neutrally.ts";
import { rememberMail } from "#lib/pages/pending-mail.ts";
import { refused } from "#lib/pages/refusal.ts";
import { pageClient } from "#lib/pages/session.ts";

export async function forgotPasswordAction(_before: FormState, form: FormData): Promise<FormState> {
  const { values, refusal } = readForm(addressForm, form);
  if (refusal) return refusal;
  try {
    const client = await pageClient();
    await neutrally(requestReset({ identifier: values.email, link: mailedLink("/reset-password"), client }));
  } catch (error) {
    return refused(error, form);
  }
  await rememberMail("reset-password", values.email);
  redirect("/reset-password");
}
