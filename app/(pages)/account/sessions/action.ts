"use server";

import { redirect } from "next/navigation";
import { endOtherSession } from "#lib/auth/sessions/end-other-session.ts";
import { toConfirmation } from "#lib/pages/confirmed.ts";
import { requirePerson } from "#lib/pages/session.ts";

const HERE = "/account/sessions";

/** Ends one session of whoever is logged in; the id of anybody else's does nothing. */
export async function endSessionAction(form: FormData): Promise<void> {
  const person = await requirePerson(HERE);
  await endOtherSession({ ...person, other: String(form.get("session")) }).catch((error) =>
    toConfirmation(error, HERE),
  );
  redirect(`${HERE}?notice=session-ended`);
}
