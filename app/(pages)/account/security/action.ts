"use server";

import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { removeAppPassword } from "#lib/auth/factors/app-password/app-passwords.ts";
import { removeApp, renewRecoveryCodes } from "#lib/auth/factors/authenticator/enroll.ts";
import { distrustBrowser } from "#lib/auth/factors/authenticator/trusted-browsers.ts";
import { allowAgain, removePasskey } from "#lib/auth/factors/passkey/manage.ts";
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

export async function removePasskeyAction(form: FormData): Promise<void> {
  const person = await requirePerson(HERE);
  try {
    await removePasskey({ ...person, client: await pageClient(), id: String(form.get("passkey")) });
  } catch (error) {
    if (error instanceof AuthError && error.code === "last_way_in") redirect(`${HERE}?problem=last_way_in`);
    toConfirmation(error, HERE);
  }
  redirect(`${HERE}?notice=passkey-removed`);
}

export async function allowPasskeyAction(form: FormData): Promise<void> {
  const person = await requirePerson(HERE);
  await allowAgain({ ...person, client: await pageClient(), id: String(form.get("passkey")) }).catch((error) =>
    toConfirmation(error, HERE),
  );
  redirect(`${HERE}?notice=passkey-allowed`);
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
  await distrustBrowser(account, String(form.get("browser")));
  redirect(`${HERE}?notice=browser-forgotten`);
}
