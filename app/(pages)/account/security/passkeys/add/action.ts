"use server";

import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { addPasskey, beginAdding } from "#lib/auth/factors/passkey/add.ts";
import { optionsToMake } from "#lib/auth/factors/passkey/options.ts";
import { ceremonyBrowser, ceremonyProblem, knownCeremonyBrowser, signedIn } from "#lib/pages/ceremony.ts";
import type { Asked, CeremonyProblem, ToMake } from "#lib/pages/ceremony-answer.ts";
import { toConfirmation } from "#lib/pages/confirmed.ts";
import { pageClient, requirePerson } from "#lib/pages/session.ts";

const HERE = "/account/security/passkeys/add";

export async function beginAddingAction(): Promise<Asked<ToMake>> {
  const person = await requirePerson(HERE);
  const browser = await ceremonyBrowser();
  try {
    const toMake = await beginAdding({ ...person, browser, client: await pageClient() });
    return { options: optionsToMake(toMake, person.account.email) };
  } catch (error) {
    return orConfirm(error);
  }
}

export async function addPasskeyAction(form: FormData): Promise<CeremonyProblem> {
  const person = await requirePerson(HERE);
  const browser = await knownCeremonyBrowser();
  try {
    await addPasskey({ ...person, browser, client: await pageClient(), sent: signedIn(form) });
  } catch (error) {
    return orConfirm(error);
  }
  redirect("/account/security?notice=passkey-added");
}

const orConfirm = (error: unknown): Promise<CeremonyProblem> =>
  error instanceof AuthError && error.code === "confirmation_needed"
    ? toConfirmation(error, HERE)
    : ceremonyProblem(error);
