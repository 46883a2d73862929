"use client";

import type { WebAuthnError } from "@simplewebauthn/browser";
import type { ToMake, ToShow } from "#lib/pages/ceremony-answer.ts";

/** The browser's side of a passkey. Its library comes only where somebody may use one. */
const library = () => import("@simplewebauthn/browser");

/** Asks the person for a passkey in the browser's own dialogue. */
export async function showPasskey(options: ToShow) {
  return (await library()).startAuthentication({ optionsJSON: options });
}

/** Offers passkeys among what the browser fills fields with; waits until one is chosen. */
export async function offerPasskeys(options: ToShow) {
  return (await library()).startAuthentication({ optionsJSON: options, useBrowserAutofill: true });
}

export async function makePasskey(options: ToMake) {
  return (await library()).startRegistration({ optionsJSON: options });
}

/** What an action of a ceremony takes: the fields of a form, and what the device signed. */
export function formOf(signed: object, fields: FormData | Record<string, string> = {}): FormData {
  const form = new FormData();
  const pairs = fields instanceof FormData ? [...fields] : Object.entries(fields);
  for (const [name, value] of pairs) form.set(name, value);
  form.set("passkey", JSON.stringify(signed));
  return form;
}

export async function canOfferPasskeys(): Promise<boolean> {
  return (await library()).browserSupportsWebAuthnAutofill();
}

/** Ends the ceremony that is under way, if there is one. */
export async function endCeremony(): Promise<void> {
  (await library()).WebAuthnAbortService.cancelCeremony();
}

/** Tells the device that the site does not know a passkey, or which ones it knows, so that it stops offering what is of no use. */
export async function tellDevice(
  of: { rpId: string } & ({ unknown: string } | { userHandle: string; known: string[] }),
): Promise<void> {
  const { sendSignal } = await library();
  const sent =
    "unknown" in of
      ? sendSignal({ signalName: "unknownCredential", rpID: of.rpId, credentialID: of.unknown })
      : sendSignal({
          signalName: "allAcceptedCredentials",
          rpID: of.rpId,
          userID: of.userHandle,
          allAcceptedCredentialIDs: of.known,
        });
  // Not every browser can be told, and none says whether it listened.
  await sent.catch(() => {});
}

/** What a person is told when the browser did not go through with it. */
export function whyNotDone(error: unknown): string {
  const { name, code } = error as Partial<WebAuthnError>;
  if (code === "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED")
    return "This device has a passkey for your account already.";
  // The browser does not say which: whoever looks over a page's shoulder must not learn what passkeys there are.
  if (name === "NotAllowedError" || name === "AbortError")
    return "No passkey was used: it was cancelled, took too long, or there is none on this device.";
  return "This browser cannot use a passkey here.";
}
