"use server";

import { redirect } from "next/navigation";
import type { Account } from "#lib/auth/accounts/accounts.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { inspectLink } from "#lib/auth/proofs/links.ts";
import { ownSignUp, requestSignUpMail, requestVerification } from "#lib/auth/proofs/request-verification.ts";
import {
  claimByLink,
  disownAccount,
  verifyEmailByLink,
  verifyEmailByLinkAndPassword,
  verifySignUpByCode,
} from "#lib/auth/proofs/verify-email.ts";
import { tokenIn, withToken } from "#lib/mail/mailed-link.ts";
import { enter } from "#lib/pages/enter.ts";
import { addressForm } from "#lib/pages/forms/address.ts";
import type { FormState } from "#lib/pages/forms/form-state.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { claimByCodeForm, claimByLinkForm, verifyCodeForm, verifyPasswordForm } from "#lib/pages/forms/verify-code.ts";
import { mailedLink } from "#lib/pages/mailed-link.ts";
import { neutrally } from "#lib/pages/neutrally.ts";
import { nextOf, withNext } from "#lib/pages/next-link.ts";
import { safeNextPath } from "#lib/pages/next-path.ts";
import { type PendingMail, pendingMail, rememberMail, type SignUpOfBrowser } from "#lib/pages/pending-mail.ts";
import { CODE_TO_BLAME, refused } from "#lib/pages/refusal.ts";
import { sendAgain } from "#lib/pages/send-again.ts";
import { pageClient } from "#lib/pages/session.ts";
import { isMadeHere } from "./made-here.ts";

/** One press, in the browser that made the sign-up the link was mailed for. */
export async function verifyByLinkAction(form: FormData): Promise<void> {
  const token = tokenIn(form) ?? "";
  const { challenge } = await inspectLink({ token, purpose: "verify-email" });
  // Pressed where the sign-up was not made, it would confirm whatever password an impostor chose.
  if (!challenge || !(await isMadeHere(challenge))) redirect(linkPage(token));
  await enter(
    await verifyEmailByLink({ token, isMaker: true }).catch((error) => backToLink(error, token)),
    welcome(nextOf(form)),
  );
}

/** In any other browser: with the password of that sign-up. */
export async function verifyByPasswordAction(_before: FormState, form: FormData): Promise<FormState> {
  const { values, refusal } = readForm(verifyPasswordForm, form);
  if (refusal) return refusal;
  const token = tokenIn(form) ?? "";
  let account: Account;
  try {
    account = await verifyEmailByLinkAndPassword({ token, password: values.password, client: await pageClient() });
  } catch (error) {
    if (isAboutLink(error)) return backToLink(error, token);
    return refused(error, form, { wrong_password: { field: "password", message: WRONG_PASSWORD } });
  }
  return enter(account, welcome(nextOf(form)));
}

/** ... or with a new one. */
export async function claimByLinkAction(_before: FormState, form: FormData): Promise<FormState> {
  const { values, refusal } = readForm(claimByLinkForm, form);
  if (refusal) return refusal;
  const token = tokenIn(form) ?? "";
  let account: Account;
  try {
    account = await claimByLink({ token, password: values.password });
  } catch (error) {
    if (isAboutLink(error)) return backToLink(error, token);
    return refused(error, form, { password_common: { field: "password" } });
  }
  return enter(account, welcome(nextOf(form)));
}

const WRONG_PASSWORD = "This is not the password chosen at sign-up. Try again, or choose a new one below.";

const isAboutLink = (error: unknown): boolean =>
  error instanceof AuthError && (error.code.startsWith("link_") || error.code.startsWith("account_"));

export async function disownAction(form: FormData): Promise<void> {
  const token = tokenIn(form) ?? "";
  const deleted = await disownAccount({ token }).catch((error) => backToLink(error, token));
  redirect(deleted === "account" ? "/?notice=disowned" : "/?notice=disowned-one");
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

const linkPage = (token: string): string => withToken("/verify-email", token);

/** The code of the sign-up that this browser made. */
export async function verifyByCodeAction(_before: FormState, form: FormData): Promise<FormState> {
  const { values, refusal } = readForm(verifyCodeForm, form);
  if (refusal) return refusal;
  const mail = await pendingMail("verify-email");
  if (!mail?.signUp?.isOwn) redirect("/verify-email");
  return byCode(mail.email, mail.signUp, values, form);
}

/** A code asked for by somebody who made no sign-up here: a new password comes with it. */
export async function claimByCodeAction(_before: FormState, form: FormData): Promise<FormState> {
  const { values, refusal } = readForm(claimByCodeForm, form);
  if (refusal) return refusal;
  const mail = await pendingMail("verify-email");
  if (!mail?.signUp) redirect("/verify-email");
  return byCode(mail.email, mail.signUp, { code: values.code, newPassword: values.password }, form);
}

async function byCode(
  email: string,
  { challengeId }: SignUpOfBrowser,
  given: { code: string; newPassword?: string },
  form: FormData,
): Promise<FormState> {
  let account: Account;
  try {
    account = await verifySignUpByCode({ challengeId, email, ...given, client: await pageClient() });
  } catch (error) {
    return refused(error, form, { ...CODE_TO_BLAME, password_common: { field: "password" } });
  }
  return enter(account, welcome(nextOf(form)));
}

/** Another mail to the address this browser waits for. */
export async function resendAction(): Promise<FormState> {
  const mail = await pendingMail("verify-email");
  if (!mail) redirect("/verify-email");
  return sendAgain(mail, "verify-email", () => mailAgain(mail));
}

/** A first mail for an address typed here. */
export async function requestAction(_before: FormState, form: FormData): Promise<FormState> {
  const { values, refusal } = readForm(addressForm, form);
  if (refusal) return refusal;
  const next = nextOf(form);
  try {
    await neutrally(
      requestVerification({
        identifier: values.email,
        link: mailedLink("/verify-email", next),
        client: await pageClient(),
      }),
    );
  } catch (error) {
    return refused(error, form);
  }
  await rememberMail("verify-email", values.email, { challengeId: await ownSignUp(values.email), isOwn: false });
  redirect(withNext("/verify-email", next));
}

/** A new mail for the sign-up of a link that came too late. */
export async function sendAnotherAction(_before: FormState, form: FormData): Promise<FormState> {
  const token = tokenIn(form) ?? "";
  const { account, challenge } = await inspectLink({ token, purpose: "verify-email" });
  if (!account) redirect(linkPage(token));
  const next = nextOf(form);
  const signUp = { challengeId: challenge.id, isOwn: await isMadeHere(challenge) };
  try {
    await mailAgain({ email: account.email, signUp }, next);
  } catch (error) {
    return refused(error, form);
  }
  await rememberMail("verify-email", account.email, signUp);
  redirect(withNext("/verify-email", next));
}

/** Mails the sign-up anew. */
async function mailAgain({ email, signUp }: Pick<PendingMail, "email" | "signUp">, next?: string): Promise<void> {
  await requestSignUpMail({
    challengeId: signUp?.challengeId ?? (await ownSignUp(email)),
    isMadeHere: signUp?.isOwn ?? false,
    email,
    link: mailedLink("/verify-email", next),
    client: await pageClient(),
  });
}
