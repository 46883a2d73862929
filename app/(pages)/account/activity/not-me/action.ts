"use server";

import { redirect } from "next/navigation";
import { lockEverybodyOut } from "#lib/auth/accounts/lock-out.ts";
import { toConfirmation } from "#lib/pages/confirmed.ts";
import { mailedLink } from "#lib/pages/mailed-link.ts";
import { rememberMail } from "#lib/pages/pending-mail.ts";
import { pageClient, requirePerson, signOut } from "#lib/pages/session.ts";

const HERE = "/account/activity/not-me";

/** Shuts everybody out, whoever asks too, and leads on to where one waits for the mail. */
export async function lockOutAction(): Promise<void> {
  const person = await requirePerson(HERE);
  await lockEverybodyOut({ ...person, client: await pageClient(), link: mailedLink("/reset-password") }).catch(
    (error) => toConfirmation(error, HERE),
  );
  await signOut();
  await rememberMail("reset-password", person.account.email);
  redirect("/reset-password?notice=locked-out");
}
