"use server";

import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { invite } from "#lib/auth/invitations/invite.ts";
import { invitedBy } from "#lib/auth/invitations/list-invitations.ts";
import { refusesInvitations } from "#lib/auth/invitations/refuse-invitations.ts";
import { withdrawInvitation } from "#lib/auth/invitations/withdraw-invitation.ts";
import type { FormState } from "#lib/pages/forms/form-state.ts";
import { inviteForm } from "#lib/pages/forms/invite.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { mailedLink } from "#lib/pages/mailed-link.ts";
import { refused } from "#lib/pages/refusal.ts";
import { pageClient, requirePerson } from "#lib/pages/session.ts";
import { limitReached, PROBLEMS } from "./problems.ts";

export async function inviteAction(_before: FormState, form: FormData): Promise<FormState> {
  const { account } = await requirePerson("/invite");
  const { values, refusal } = readForm(inviteForm, form);
  if (refusal) return refusal;
  const wrong = (message: string): FormState => ({ errors: { email: message }, values });
  if (values.email === account.email) return wrong("This is your own address.");
  if (await refusesInvitations(values.email)) return wrong(PROBLEMS.mail_refused);
  try {
    await invite({ inviter: account, to: values.email, link: mailedLink("/invitation"), client: await pageClient() });
  } catch (error) {
    const reached = limitReached(error);
    if (reached) return wrong(reached);
    return refused(error, form, { mail_refused: { field: "email", message: PROBLEMS.mail_refused } });
  }
  redirect("/invite?notice=invited");
}

/** Sends another in place of one of this person's; the page has the button only where the limits allow it. */
export async function inviteAgainAction(form: FormData): Promise<void> {
  const { account } = await requirePerson("/invite");
  const to = await invitedBy({ accountId: account.id, id: invitationOf(form) });
  if (to === undefined) redirect("/invite");
  if (await refusesInvitations(to)) redirect("/invite?problem=mail_refused");
  try {
    await invite({ inviter: account, to, link: mailedLink("/invitation"), client: await pageClient() });
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    // Asked from a page that was open for long: the list says when it can be.
    redirect(error.code === "mail_refused" ? "/invite?problem=mail_refused" : "/invite?problem=too_many_tries");
  }
  redirect("/invite?notice=invited");
}

/** Takes back one of this person's; the id of anybody else's does nothing. */
export async function withdrawAction(form: FormData): Promise<void> {
  const { account } = await requirePerson("/invite");
  const done = await withdrawInvitation({ accountId: account.id, id: invitationOf(form) });
  redirect(`/invite?notice=${done ? "invitation-withdrawn" : "invitation-over"}`);
}

function invitationOf(form: FormData): string {
  const value = form.get("invitation");
  return typeof value === "string" ? value : "";
}
