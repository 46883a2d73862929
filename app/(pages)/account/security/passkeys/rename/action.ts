"use server";

import { redirect } from "next/navigation";
import { rename } from "#lib/auth/factors/passkey/manage.ts";
import type { FormState } from "#lib/pages/forms/form-state.ts";
import { passkeyNameForm } from "#lib/pages/forms/passkey.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { refused } from "#lib/pages/refusal.ts";
import { requirePerson } from "#lib/pages/session.ts";

export async function renamePasskeyAction(_before: FormState, form: FormData): Promise<FormState> {
  const { account } = await requirePerson("/account/security");
  const { values, refusal } = readForm(passkeyNameForm, form);
  if (refusal) return refusal;
  try {
    await rename({ account, id: String(form.get("passkey")), name: values.name });
  } catch (error) {
    return refused(error, form);
  }
  redirect("/account/security?notice=passkey-renamed");
}
