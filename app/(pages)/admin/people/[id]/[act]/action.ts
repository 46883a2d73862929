"use server";

import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { seenPerson } from "#lib/auth/operators/person.ts";
import { toConfirmation } from "#lib/pages/confirmed.ts";
import { actForm } from "#lib/pages/forms/act.ts";
import { type FormState, untouched } from "#lib/pages/forms/form-state.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { requireRole } from "#lib/pages/operator.ts";
import { refused } from "#lib/pages/refusal.ts";
import { pageClient } from "#lib/pages/session.ts";
import { forgetTyped, keepTyped } from "#lib/pages/typed-before.ts";
import { ACTS, isAct, numberIn, stampOf } from "../acts.ts";
import { perform } from "./perform.ts";

/** Does what the form names to the account it names, for whoever is logged in: whether they may, the use-case sees. */
export async function actAction(_before: FormState, form: FormData): Promise<FormState> {
  const [id, act] = [numberIn(String(form.get("account"))), String(form.get("act"))];
  const here = `/admin/people/${id}/${act}`;
  const operator = await requireRole(id && isAct(act) ? here : "/admin/people");
  // The page that comes back shows that there is nothing here.
  if (!operator || !id || !isAct(act)) return untouched;
  const { values, refusal } = readForm(actForm, form);
  if (refusal) return refusal;
  try {
    const seen = await seenPerson(id);
    if (!seen || stampOf(seen) !== form.get("seen")) throw new AuthError("act_overtaken");
    await perform(act, { ...values, by: { ...operator, client: await pageClient() }, account: seen.account });
  } catch (error) {
    if (error instanceof AuthError && error.code === "confirmation_needed") {
      await keepTyped(here, form);
      toConfirmation(error, here);
    }
    return refused(error, form);
  }
  await forgetTyped();
  redirect(`/admin/people${act === "delete" ? "" : `/${id}`}?notice=${ACTS[act].done}`);
}
