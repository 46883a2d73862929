"use server";

import { redirect } from "next/navigation";
import { signUpInBrowser } from "#lib/auth/accounts/sign-up.ts";
import type { FormState } from "#lib/pages/forms/form-state.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { signUpForm } from "#lib/pages/forms/sign-up.ts";
import { mailedLink } from "#lib/pages/mailed-link.ts";
import { nextOf, withNext } from "#lib/pages/next-link.ts";
import { rememberMail } from "#lib/pages/pending-mail.ts";
import { refused } from "#lib/pages/refusal.ts";
import { pageClient } from "#lib/pages/session.ts";

export async function signUpAction(_before: FormState, form: FormData): Promise<FormState> {
  const { values, refusal } = readForm(signUpForm, form);
  if (refusal) return refusal;
  const next = nextOf(form);
  let challengeId: string;
  try {
    challengeId = await signUpInBrowser({
      ...values,
      link: mailedLink("/verify-email", next),
      client: await pageClient(),
    });
  } catch (error) {
    return refused(error, form, { password_common: { field: "password" } });
  }
  await rememberMail("verify-email", values.email, { challengeId, isOwn: true });
  redirect(withNext("/verify-email", next));
}
