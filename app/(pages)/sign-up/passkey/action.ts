"use server";

import { redirect } from "next/navigation";
import { optionsToMake } from "#lib/auth/factors/passkey/options.ts";
import { beginSignUp, finishSignUp } from "#lib/auth/factors/passkey/sign-up.ts";
import { ceremonyBrowser, knownCeremonyBrowser, signedIn } from "#lib/pages/ceremony.ts";
import type { ToMake } from "#lib/pages/ceremony-answer.ts";
import { addressForm } from "#lib/pages/forms/address.ts";
import type { FormState } from "#lib/pages/forms/form-state.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { mailedLink } from "#lib/pages/mailed-link.ts";
import { nextOf, withNext } from "#lib/pages/next-link.ts";
import { rememberMail } from "#lib/pages/pending-mail.ts";
import { refused } from "#lib/pages/refusal.ts";
import { pageClient } from "#lib/pages/session.ts";

export async function beginSignUpAction(form: FormData): Promise<{ options: ToMake } | { refusal: FormState }> {
  const { values, refusal } = readForm(addressForm, form);
  if (refusal) return { refusal };
  try {
    const toMake = await beginSignUp({ browser: await ceremonyBrowser(), client: await pageClient() });
    return { options: optionsToMake(toMake, values.email) };
  } catch (error) {
    return { refusal: await refused(error, form) };
  }
}

export async function passkeySignUpAction(form: FormData): Promise<FormState> {
  const { values, refusal } = readForm(addressForm, form);
  if (refusal) return refusal;
  const next = nextOf(form);
  let challengeId: string;
  try {
    challengeId = await finishSignUp({
      sent: signedIn(form),
      browser: await knownCeremonyBrowser(),
      email: values.email,
      link: mailedLink("/verify-email", next),
      client: await pageClient(),
    });
  } catch (error) {
    return refused(error, form);
  }
  await rememberMail("verify-email", values.email, { challengeId, isOwn: true });
  redirect(withNext("/verify-email", next));
}
