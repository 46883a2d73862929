"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { confirmEmailChangeByCode, confirmEmailChangeByLink } from "#lib/auth/proofs/confirm-email-change.ts";
import {
  pendingEmailChange,
  requestEmailChange,
  requestEmailChangeAgain,
  withdrawEmailChange,
} from "#lib/auth/proofs/request-email-change.ts";
import { tokenIn, withToken } from "#lib/mail/mailed-link.ts";
import { toConfirmation } from "#lib/pages/confirmed.ts";
import { addressForm } from "#lib/pages/forms/address.ts";
import type { FormState } from "#lib/pages/forms/form-state.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { verifyCodeForm } from "#lib/pages/forms/verify-code.ts";
import { mailedLink } from "#lib/pages/mailed-link.ts";
import { CODE_TO_BLAME, refused } from "#lib/pages/refusal.ts";
import { sendOnceMore } from "#lib/pages/send-again.ts";
import { pageClient, requirePerson, signOut } from "#lib/pages/session.ts";
import { forgetTyped, keepTyped } from "#lib/pages/typed-before.ts";

const HERE = "/account/email";
const CHANGED = "/account?notice=email-changed";

export async function requestAction(_before: FormState, form: FormData): Promise<FormState> {
  const person = await requirePerson(HERE);
  const { values, refusal } = readForm(addressForm, form);
  if (refusal) return refusal;
  const { email } = values;
  if (email === person.account.email) return { errors: { email: "This is your address already." }, values };
  try {
    await requestEmailChange({ ...person, email, link: mailedLink(HERE), client: await pageClient() });
  } catch (error) {
    if (error instanceof AuthError && error.code === "confirmation_needed") {
      await keepTyped(HERE, form);
      toConfirmation(error, HERE);
    }
    return refused(error, form);
  }
  await forgetTyped();
  redirect(HERE);
}

/** Another mail to the address that waits. */
export async function resendAction(): Promise<FormState> {
  const person = await requirePerson(HERE);
  const pending = await pendingEmailChange(person.account.id);
  if (!pending) redirect(HERE);
  const state = await sendOnceMore({ sentAt: pending.askedAt }, async () =>
    requestEmailChangeAgain({ ...person, link: mailedLink(HERE), client: await pageClient() }),
  );
  // The page counts down anew.
  if (state.done) refresh();
  return state;
}

export async function withdrawAction(): Promise<void> {
  const person = await requirePerson(HERE);
  await withdrawEmailChange(person);
  redirect("/account?notice=email-withdrawn");
}

export async function confirmByCodeAction(_before: FormState, form: FormData): Promise<FormState> {
  const person = await requirePerson(HERE);
  const { values, refusal } = readForm(verifyCodeForm, form);
  if (refusal) return refusal;
  try {
    await confirmEmailChangeByCode({ ...person, ...values, client: await pageClient() });
  } catch (error) {
    const email_taken = { field: "code", message: "By now this address has an account of its own." };
    return refused(error, form, { ...CODE_TO_BLAME, email_taken });
  }
  redirect(CHANGED);
}

export async function confirmByLinkAction(form: FormData): Promise<void> {
  const token = tokenIn(form) ?? "";
  const person = await requirePerson(linkPage(token));
  try {
    await confirmEmailChangeByLink({ ...person, token });
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    // The link's own page says what has become of it.
    redirect(linkPage(token));
  }
  redirect(CHANGED);
}

/** For whoever is logged in as somebody else than the one whose address it shall be. */
export async function logOutToConfirmAction(form: FormData): Promise<void> {
  await signOut();
  redirect(linkPage(tokenIn(form) ?? ""));
}

const linkPage = (token: string): string => withToken(HERE, token);
