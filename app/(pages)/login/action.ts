"use server";

import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { logIn } from "#lib/auth/factors/password/log-in.ts";
import type { LiveSession } from "#lib/auth/sessions/sessions.ts";
import { DOORS } from "#lib/doors.ts";
import { normalizeEmail } from "#lib/identifiers.ts";
import { pathAfterLogIn } from "#lib/pages/after-log-in.ts";
import { askForCode } from "#lib/pages/ask-for-code.ts";
import type { FormState } from "#lib/pages/forms/form-state.ts";
import { logInForm } from "#lib/pages/forms/log-in.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { mailedLink } from "#lib/pages/mailed-link.ts";
import { nextOf, withNext } from "#lib/pages/next-link.ts";
import { pendingMail } from "#lib/pages/pending-mail.ts";
import { refused } from "#lib/pages/refusal.ts";
import { pageClient, signIn } from "#lib/pages/session.ts";

export async function logInAction(_before: FormState, form: FormData): Promise<FormState> {
  const { values, refusal } = readForm(logInForm, form);
  if (refusal) return refusal;
  const next = nextOf(form);
  let live: LiveSession;
  try {
    live = await logIn({
      identifier: values.email,
      password: values.password,
      link: mailedLink("/verify-email", next),
      client: await pageClient(),
      door: DOORS.pages,
      hidesUnproved: true,
    });
    await signIn(live);
  } catch (error) {
    await askForCode(error, next);
    if (isWrong(error) && (await waitsForMail(values.email))) redirect(withNext("/verify-email", next));
    return refused(error, form, { account_not_found: WRONG, wrong_password: WRONG });
  }
  redirect(pathAfterLogIn(live.account, next));
}

/** A right password of an address that nobody has confirmed is among those it is said to. */
const WRONG = {
  field: "password",
  message: "Wrong e-mail address or password. If you have just signed up, confirm your address first.",
} as const;

const isWrong = (error: unknown): boolean =>
  error instanceof AuthError && (error.code === "wrong_password" || error.code === "account_not_found");

/**
 * Whether this browser signed up with the address and waits for its mail. Then that comes first; whatever the password,
 * since a right one that is answered otherwise would tell whether the address was free.
 */
async function waitsForMail(email: string): Promise<boolean> {
  const mail = await pendingMail("verify-email");
  return mail?.signUp?.isOwn === true && normalizeEmail(mail.email) === normalizeEmail(email);
}
