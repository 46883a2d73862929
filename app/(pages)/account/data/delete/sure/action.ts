"use server";

import { redirect } from "next/navigation";
import { requestDeletion } from "#lib/auth/accounts/delete-account.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { toConfirmation } from "#lib/pages/confirmed.ts";
import { pageClient, requirePerson, signOut } from "#lib/pages/session.ts";

const HERE = "/account/data/delete/sure";

export async function deleteAction(): Promise<void> {
  const person = await requirePerson(HERE);
  await requestDeletion({ ...person, client: await pageClient() }).catch((error) => {
    if (error instanceof AuthError && error.code === "too_many_tries") redirect("/account/data?problem=deletion");
    if (error instanceof AuthError && error.code === "last_admin") redirect("/account/data?problem=last-admin");
    toConfirmation(error, HERE);
  });
  // Its session is over; the browser still has the cookies.
  await signOut();
  redirect("/?notice=deletion-requested");
}
