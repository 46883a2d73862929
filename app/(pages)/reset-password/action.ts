"use server";

import { redirect } from "next/navigation";
import type { Account } from "#lib/auth/accounts/accounts.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { inspectLink } from "#lib/auth/proofs/links.ts";
import { requestReset, resetByCode, resetByLink } from "#lib/auth/proofs/reset-password.ts";
import { tokenIn, withToken } from "#lib/mail/mailed-link.ts";
import { enter } from "#lib/pages/enter.ts";
import type { FormState } from "#lib/pages/forms/form-state.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { resetByCodeForm, resetByLinkForm } from "#lib/pages/forms/reset-password.ts";
import { mailedLink } from "#lib/pages/mailed-link.ts";
import { neutrally } from "#lib/pages/neutrally.ts";
import { pendingMail, rememberMail } from "#lib/pages/pending-mail.ts";
import { CODE_TO_BLAME, refused } from "#lib/pages/refusal.ts";
import { sendAgain } from "#lib/pages/send-again.ts";
import { pageClient } from "#lib/pages/session.ts";

const CHANGED = "/account?notice=password-changed";

export async function resetByLinkAction(_before: FormState, form: FormData): Promise<FormState> {
  const { values, refusal } = readForm(resetByLinkForm, form);
  if (refusal) return refusal;
  const token = tokenIn(form) ?? "";
  let account: Account;
  try {
    account = await resetByLink({ token, password: values.password });
  } catch (error) {
    // The link's own page says what became of it meanwhile: used, expired, superseded.
    if (error instanceof AuthError && (error.code.startsWith("link_") || error.code === "account_not_found"))
      redirect(linkPage(token));
    return refused(error, form, { password_common: { field: "password" } });
  }
  return enter(account, CHANGED);
}

export async function resetByCodeAction(_before: FormState, form: FormData): Promise<FormState> {
  const { values, refusal } = readForm(resetByCodeForm, form);
  if (refusal) return refusal;
  const mail = await pendingMail("reset-password");
  if (!mail) redirect("/forgot-password");
  let account: Account;
  try {
    account = await resetByCode({ identifier: mail.email, ...values, client: await pageClient() });
  } catch (error) {
    return refused(error, form, { ...CODE_TO_BLAME, password_common: { field: "password" } });
  }
  return enter(account, CHANGED);
}

/** Another mail to the address this browser waits for. */
export async function resendAction(): Promise<FormState> {
  const mail = await pendingMail("reset-password");
  if (!mail) redirect("/forgot-password");
  return sendAgain(mail, "reset-password", () => requestResetFor(mail.email));
}

/** A new mail for the account of a link that came too late. */
export async function sendAnotherAction(_before: FormState, form: FormData): Promise<FormState> {
  const token = tokenIn(form) ?? "";
  const { account } = await inspectLink({ token, purpose: "reset-password" });
  if (!account) redirect(linkPage(token));
  try {
    await neutrally(requestResetFor(account.email));
  } catch (error) {
    return refused(error, form);
  }
  await rememberMail("reset-password", account.email);
  redirect("/reset-password");
}

async function requestResetFor(identifier: string): Promise<void> {
  await requestReset({ identifier, link: mailedLink("/reset-password"), client: await pageClient() });
}

const linkPage = (token: string): string => withToken("/reset-password", token);
