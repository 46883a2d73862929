"use server";

import { redirect } from "next/navigation";
import { removeAppPassword } from "#lib/auth/factors/app-password/app-passwords.ts";
import { removeApp, renewRecoveryCodes } from "#lib/auth/factors/authenticator/enroll.ts";
import { distrustBrowser } from "#lib/auth/factors/authenticator/trusted-browsers.ts";
import { toConfirmation } from "#lib/pages/confirmed.ts";
import { pageClient, requirePerson } from "#lib/pages/session.ts";
import { showOnce } from "#lib/pages/shown-once.ts";

const HERE = "/account/security";

export async function renewCodesAction(): Promise<void> {
  const person = await requirePerson(HERE);
  const codes = await renewRecoveryCodes({ ...person, client: await pageClient() }).catch((error) =>
    toConfirmation(error, HERE),
  );
  await showOnce("recovery-codes", person.account, codes);
  redirect(`${HERE}/codes`);
}

export async function removeAppAction(): Promise<void> {
  const person = await requirePerson(HERE);
  await removeApp({ ...person, client: await pageClient() }).catch((error) =>
    toConfirmation(error, "/account/security/app/remove"),
  );
  redirect(`${HERE}?notice=app-removed`);
}

/** Only makes a log-in harder, and so needs no confirmation. */
export async function removeAppPasswordAction(form: FormData): Promise<void> {
  const { account } = await requirePerson(HERE);
  await removeAppPassword({ account, client: await pageClient(), id: String(form.get("id")) });
  redirect(`${HERE}?notice=app-password-removed`);
}

/** Only makes a log-in harder, and so needs no confirmation. */
export async function forgetBrowserAction(form: FormData): Promise<void> {
  const { account } = await requirePerson(HERE);
  await distrustBrowser(account.id, String(form.get("browser")));
  redirect(`${HERE}?notice=browser-forgotten`);
}
