"use server";

import { redirect } from "next/navigation";
import { beginLogIn, logInWithPasskey } from "#lib/auth/factors/passkey/log-in.ts";
import { optionsToShow } from "#lib/auth/factors/passkey/options.ts";
import type { LiveSession } from "#lib/auth/sessions/sessions.ts";
import { DOORS } from "#lib/doors.ts";
import { pathAfterLogIn } from "#lib/pages/after-log-in.ts";
import { forgetFirstFactor } from "#lib/pages/ask-for-code.ts";
import { ceremonyBrowser, ceremonyProblem, knownCeremonyBrowser, signedIn } from "#lib/pages/ceremony.ts";
import type { Asked, CeremonyProblem, ToShow } from "#lib/pages/ceremony-answer.ts";
import { nextOf, withNext } from "#lib/pages/next-link.ts";
import { pageClient, signIn } from "#lib/pages/session.ts";

export async function beginLogInAction(): Promise<Asked<ToShow>> {
  try {
    return {
      options: optionsToShow(await beginLogIn({ browser: await ceremonyBrowser(), client: await pageClient() })),
    };
  } catch (error) {
    return ceremonyProblem(error);
  }
}

/** Goes on by way of a page that tells the device which passkeys there are. */
export async function passkeyLogInAction(form: FormData): Promise<CeremonyProblem> {
  let live: LiveSession;
  try {
    live = await logInWithPasskey({
      sent: signedIn(form),
      browser: await knownCeremonyBrowser(),
      door: DOORS.pages,
      client: await pageClient(),
    });
    await signIn(live);
  } catch (error) {
    return ceremonyProblem(error);
  }
  await forgetFirstFactor();
  redirect(withNext("/login/passkey", pathAfterLogIn(live.account, nextOf(form))));
}
