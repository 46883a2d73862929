"use server";

import { redirect } from "next/navigation";
import type { Account } from "#db/schema.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { inspectLink } from "#lib/auth/links.ts";
import { disownAccount, requestVerification, verifyEmailByCode, verifyEmailByLink } from "#lib/auth/verify-email.ts";
import { addressForm } from "#lib/forms/address.ts";
import type { FormState } from "#lib/forms/form-state.ts";
import { readForm } from "#lib/forms/read-form.ts";
import { verifyCodeForm } from "#lib/forms/verify-code.ts";
import { safeNextPath } from "#lib/http/next-path.ts";
import { pageClient } from "#lib/http/page-session.ts";
import { pendingMail, rememberMail } from "#lib/http/pending-mail.ts";
import { enter } from "../enter.ts";
import { mailedLink } from "../mailed-link.ts";
import { neutrally } from "../neutrally.ts";
import { nextOf, withNext } from "../next-link.ts";
import { CODE_TO_BLAME, refused } from "../refusal.ts";
import { sendAgain } from "../send-again.ts";
import { tokenOf } from "../token-field.ts";

export async function verifyByLinkAction(form: FormData): Promise<void> {
  const token = tokenOf(form);
  await enter(await verifyEmailByLink({ token }).catch((error) => backToLink(error, token)), welcome(nextOf(form)));
}

export async function disownAction(form: FormData): Promise<void> {
  const token = tokenOf(form);
  await disownAccount({ token }).catch((error) => backToLink(error, token));
  redirect("/?notice=disowned");
}

/** Who was going nowhere else is told that it worked. */
function welcome(next: string): string {
  return next === safeNextPath(undefined) ? `${next}?notice=verified` : next;
}

/** The link's own page says what became of it meanwhile: used, expired, superseded. */
function backToLink(error: unknown, token: string): never {
  if (error instanceof AuthError) redirect(linkPage(token));
  throw error;
}

const linkPage = (token: string): string => `/verify-email?authToken=${encodeURIComponent(token)}`;

export async function verifyByCodeAction(_before: FormState, form: FormData): Promise<FormState> {
  const { values, refusal } = readForm(verifyCodeForm, form);
  if (refusal) return refusal;
  const mail = await pendingMail("verify-email");
  if (!mail) redirect("/verify-email");
  let account: Account;
  try {
    account = await verifyEmailByCode({ identifier: mail.email, code: values.code });
  } catch (error) {
    return refused(error, form, CODE_TO_BLAME);
  }
  return enter(account, welcome(nextOf(form)));
}

/** Another mail to the address this browser waits for. */
export async function resendAction(): Promise<FormState> {
  const mail = await pendingMail("verify-email");
  if (!mail) redirect("/verify-email");
  return sendAgain(mail, "verify-email", () => requestVerificationFor(mail.email));
}

/** A first mail for an address typed here. */
export async function requestAction(_before: FormState, form: FormData): Promise<FormState> {
  const { values, refusal } = readForm(addressForm, form);
  if (refusal) return refusal;
  const next = nextOf(form);
  try {
    await neutrally(requestVerificationFor(values.email, next));
  } catch (error) {
    return refused(error, form);
  }
  await rememberMail("verify-email", values.email);
  redirect(withNext("/verify-email", next));
}

/** A new mail for the account of a link that came too late. */
export async function sendAnotherAction(_before: FormState, form: FormData): Promise<FormState> {
  const token = tokenOf(form);
  const { account } = await inspectLink({ token, purpose: "verify-email" });
  if (!account) redirect(linkPage(token));
  const next = nextOf(form);
  try {
    await neutrally(requestVerificationFor(account.email, next));
  } catch (error) {
    return refused(error, form);
  }
  await rememberMail("verify-email", account.email);
  redirect(withNext("/verify-email", next));
}

async function requestVerificationFor(identifier: string, next?: string): Promise<void> {
  await requestVerification({ identifier, link: mailedLink("/verify-email", next), client: await pageClient() });
}
