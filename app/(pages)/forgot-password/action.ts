"use server";

import { redirect } from "next/navigation";
import { requestReset } from "#lib/auth/reset-password.ts";
import { addressForm } from "#lib/forms/address.ts";
import type { FormState } from "#lib/forms/form-state.ts";
import { readForm } from "#lib/forms/read-form.ts";
import { pageClient } from "#lib/http/page-session.ts";
import { rememberMail } from "#lib/http/pending-mail.ts";
import { mailedLink } from "../mailed-link.ts";
import { neutrally } from "../neutrally.ts";
import { refused } from "../refusal.ts";

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
