"use server";

import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { logIn } from "#lib/auth/log-in.ts";
import { ownSignUp } from "#lib/auth/request-verification.ts";
import type { FormState } from "#lib/forms/form-state.ts";
import { logInForm } from "#lib/forms/log-in.ts";
import { readForm } from "#lib/forms/read-form.ts";
import { pageClient, signIn } from "#lib/http/page-session.ts";
import { rememberMail } from "#lib/http/pending-mail.ts";
import { mailedLink } from "../mailed-link.ts";
import { nextOf, withNext } from "../next-link.ts";
import { refused } from "../refusal.ts";

export async function logInAction(_before: FormState, form: FormData): Promise<FormState> {
  const { values, refusal } = readForm(logInForm, form);
  if (refusal) return refusal;
  const next = nextOf(form);
  try {
    await signIn(
      await logIn({
        identifier: values.email,
        password: values.password,
        link: mailedLink("/verify-email", next),
        client: await pageClient(),
        kind: "pages",
      }),
    );
  } catch (error) {
    // Only the right password gets here, so this tells its owner and nobody else.
    if (error instanceof AuthError && error.code === "email_unverified") return toCheckMail(values.email, next);
    return refused(error, form, { account_not_found: { field: "password" }, wrong_password: { field: "password" } });
  }
  redirect(next);
}

async function toCheckMail(email: string, next: string): Promise<never> {
  await rememberMail("verify-email", email, { challengeId: await ownSignUp(email), isOwn: true });
  redirect(withNext("/verify-email", next));
}
