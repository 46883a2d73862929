"use server";

import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { giveMailUp, mailSeen, sendMailAgain } from "#lib/auth/operators/mail.ts";
import { toConfirmation } from "#lib/pages/confirmed.ts";
import { actForm } from "#lib/pages/forms/act.ts";
import { type FormState, untouched } from "#lib/pages/forms/form-state.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { requireRole } from "#lib/pages/operator.ts";
import { refused } from "#lib/pages/refusal.ts";
import { pageClient } from "#lib/pages/session.ts";
import { forgetTyped, keepTyped } from "#lib/pages/typed-before.ts";
import { isMailAct, MAIL_ACTS } from "../acts.ts";

/** Does what the form names to the mail it names; whether whoever is logged in may, the use-case sees. */
export async function mailActAction(_before: FormState, form: FormData): Promise<FormState> {
  const [id, act] = [String(form.get("mail")), String(form.get("act"))];
  const here = `/admin/mail/${encodeURIComponent(id)}/${encodeURIComponent(act)}`;
  const operator = await requireRole(here);
  // The page that comes back shows that there is nothing here.
  if (!operator || !isMailAct(act)) return untouched;
  const { values, refusal } = readForm(actForm, form);
  if (refusal) return refusal;
  try {
    const mail = await mailSeen(id);
    if (!mail) throw new AuthError("act_overtaken");
    const input = { by: { ...operator, client: await pageClient() }, mail, why: values.why };
    await (act === "send-again" ? sendMailAgain(input) : giveMailUp(input));
  } catch (error) {
    if (error instanceof AuthError && error.code === "confirmation_needed") {
      await keepTyped(here, form);
      toConfirmation(error, here);
    }
    const state = await refused(error, form);
    const isOvertaken = error instanceof AuthError && error.code === "act_overtaken";
    return isOvertaken ? { ...state, problem: OVERTAKEN } : state;
  }
  await forgetTyped();
  redirect(`/admin/mail?notice=${MAIL_ACTS[act].done}`);
}

const OVERTAKEN = "This mail is being sent at this moment, or was meanwhile, so nothing was done. Look at it again.";
