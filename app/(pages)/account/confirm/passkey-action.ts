"use server";

import { redirect } from "next/navigation";
import { beginConfirming } from "#lib/auth/factors/passkey/confirm.ts";
import { optionsToShow } from "#lib/auth/factors/passkey/options.ts";
import { confirmByPasskey } from "#lib/auth/sessions/confirmed.ts";
import { ceremonyBrowser, ceremonyProblem, knownCeremonyBrowser, signedIn } from "#lib/pages/ceremony.ts";
import type { Asked, CeremonyProblem, ToShow } from "#lib/pages/ceremony-answer.ts";
import { nextOf } from "#lib/pages/next-link.ts";
import { pageClient, requirePerson } from "#lib/pages/session.ts";

const HERE = "/account/confirm";

export async function beginConfirmingAction(): Promise<Asked<ToShow>> {
  const person = await requirePerson(HERE);
  const browser = await ceremonyBrowser();
  try {
    const { begun, allow } = await beginConfirming({ ...person, browser, client: await pageClient() });
    return { options: optionsToShow(begun, allow) };
  } catch (error) {
    return ceremonyProblem(error);
  }
}

export async function confirmByPasskeyAction(form: FormData): Promise<CeremonyProblem> {
  const person = await requirePerson(HERE);
  const browser = await knownCeremonyBrowser();
  try {
    await confirmByPasskey({ ...person, sent: signedIn(form), browser, client: await pageClient() });
  } catch (error) {
    return ceremonyProblem(error);
  }
  redirect(nextOf(form));
}
