"use server";

import { redirect } from "next/navigation";
import { changeProfile } from "#lib/auth/accounts/change-profile.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { clock } from "#lib/clock.ts";
import type { FormState } from "#lib/pages/forms/form-state.ts";
import { profileForm } from "#lib/pages/forms/profile.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { type Blame, refused } from "#lib/pages/refusal.ts";
import { pageClient, requirePerson } from "#lib/pages/session.ts";

export async function saveProfileAction(_before: FormState, form: FormData): Promise<FormState> {
  const person = await requirePerson("/account/profile");
  const { values, refusal } = readForm(profileForm, form);
  if (refusal) return refusal;
  const { chosenUsername, ...rest } = values;
  const profile = { ...rest, username: chosenUsername || null };
  try {
    await changeProfile({ ...person, profile, client: await pageClient() });
  } catch (error) {
    return refused(error, form, { username_taken: { field: "chosenUsername" }, ...tooSoon(error) });
  }
  redirect("/account?notice=profile-saved");
}

/** Days away, a wait is easier told as a date. */
function tooSoon(error: unknown): Blame {
  if (!(error instanceof AuthError) || error.limit !== "username-change") return {};
  const at = clock() + (error.retryAfter ?? 0) * 1000;
  const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(at);
  return {
    too_many_tries: { field: "chosenUsername", message: `You can choose another new username on ${date}.` },
  };
}
