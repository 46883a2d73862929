"use server";

import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { claimRole } from "#lib/auth/operators/operator-link.ts";
import { tokenIn, withToken } from "#lib/mail/mailed-link.ts";
import { pageClient, requirePerson } from "#lib/pages/session.ts";
import { problemOf } from "./problems.ts";

export async function claimAction(form: FormData): Promise<void> {
  const token = tokenIn(form) ?? "";
  const here = withToken("/admin/claim", token);
  const person = await requirePerson(here);
  try {
    await claimRole({ ...person, client: await pageClient(), token });
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    // The page says what has become of the link.
    const problem = problemOf(error.code);
    redirect(problem ? withToken(`/admin/claim?problem=${problem}`, token) : here);
  }
  redirect("/admin?notice=role-claimed");
}
