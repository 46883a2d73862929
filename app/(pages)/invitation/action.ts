"use server";

import { redirect } from "next/navigation";
import type { Account } from "#lib/auth/accounts/accounts.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { acceptInvitation } from "#lib/auth/invitations/accept-invitation.ts";
import { tokenIn, withToken } from "#lib/mail/mailed-link.ts";
import { enter } from "#lib/pages/enter.ts";
import { acceptInvitationForm } from "#lib/pages/forms/accept-invitation.ts";
import type { FormState } from "#lib/pages/forms/form-state.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { refused } from "#lib/pages/refusal.ts";
import { signOut } from "#lib/pages/session.ts";

export async function acceptAction(_before: FormState, form: FormData): Promise<FormState> {
  const { values, refusal } = readForm(acceptInvitationForm, form);
  if (refusal) return refusal;
  const token = tokenIn(form) ?? "";
  let account: Account;
  try {
    account = await acceptInvitation({ token, password: values.password });
  } catch (error) {
    // The link's own page says what became of it meanwhile.
    if (error instanceof AuthError && isOver(error)) redirect(linkPage(token));
    return refused(error, form, { password_common: { field: "password" } });
  }
  return enter(account, "/account?notice=joined");
}

const isOver = ({ code }: AuthError): boolean =>
  code.startsWith("link_") || code === "account_not_found" || code === "email_taken";

/** For whoever is logged in as somebody else than the one invited. */
export async function logOutToAcceptAction(form: FormData): Promise<void> {
  await signOut();
  redirect(linkPage(tokenIn(form) ?? ""));
}

const linkPage = (token: string): string => withToken("/invitation", token);
