"use server";

import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { trustBrowser } from "#lib/auth/factors/authenticator/trusted-browsers.ts";
import { openAfterFirst } from "#lib/auth/sessions/open-session.ts";
import type { LiveSession } from "#lib/auth/sessions/sessions.ts";
import { DOORS } from "#lib/doors.ts";
import { pathAfterLogIn } from "#lib/pages/after-log-in.ts";
import { forgetFirstFactor, keptFirstFactor } from "#lib/pages/ask-for-code.ts";
import type { FormState } from "#lib/pages/forms/form-state.ts";
import { readForm } from "#lib/pages/forms/read-form.ts";
import { secondFactorForm } from "#lib/pages/forms/second-factor.ts";
import { nextOf, withNext } from "#lib/pages/next-link.ts";
import { refused } from "#lib/pages/refusal.ts";
import { deviceId, pageClient, signIn } from "#lib/pages/session.ts";

export async function secondFactorAction(_before: FormState, form: FormData): Promise<FormState> {
  const next = nextOf(form);
  const first = await keptFirstFactor();
  // Ten minutes are over, or it was done in another tab.
  if (!first) redirect(withNext("/login", next));
  const { values, refusal } = readForm(secondFactorForm, form);
  if (refusal) return refusal;
  const client = await pageClient();
  let live: LiveSession;
  try {
    live = await openAfterFirst({ first, code: values.otp, door: DOORS.pages, client });
    await signIn(live);
    const browser = form.get("trust") === "yes" ? await deviceId() : undefined;
    if (browser) await trustBrowser({ ...live, sessionId: live.session.id, deviceId: browser, client });
  } catch (error) {
    // Blocked, or given another password meanwhile: the log-in page says so.
    if (error instanceof AuthError && isOver(error)) {
      await forgetFirstFactor();
      redirect(`/login?problem=${error.code}`);
    }
    return refused(error, form, { second_factor_wrong: { field: "otp" } });
  }
  await forgetFirstFactor();
  redirect(pathAfterLogIn(live.account, next));
}

const isOver = ({ code }: AuthError): boolean => code === "session_invalid" || code === "account_blocked";
