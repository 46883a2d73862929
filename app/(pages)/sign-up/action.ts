"use server";

import { redirect } from "next/navigation";
import { signUpInBrowser } from "#lib/auth/sign-up.ts";
import type { FormState } from "#lib/forms/form-state.ts";
import { readForm } from "#lib/forms/read-form.ts";
import { signUpForm } from "#lib/forms/sign-up.ts";
import { pageClient } from "#lib/http/page-session.ts";
import { rememberMail } from "#lib/http/pending-mail.ts";
import { mailedLink } from "../mailed-link.ts";
import { nextOf, withNext } from "../next-link.ts";
import { refused } from "../refusal.ts";

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
