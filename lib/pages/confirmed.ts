import { redirect } from "next/navigation";
import { AuthError } from "#lib/auth/errors.ts";
import { confirmationOf, isConfirmed } from "#lib/auth/sessions/confirmed.ts";
import type { Caller } from "#lib/auth/sessions/sessions.ts";
import { requirePerson } from "./session.ts";

/** Pages and actions for which being logged in is not enough: see lib/auth/sessions/confirmed.ts. */

const confirmPage = (returnTo: string): string => `/account/confirm?next=${encodeURIComponent(returnTo)}`;

/** As `requirePerson`, for a page that is opened: whoever did not show lately that it is them does so first, and comes back. */
export async function requireConfirmed(returnTo: string): Promise<Caller> {
  const person = await requirePerson(returnTo);
  if (!(await isConfirmed(person.session.id))) redirect(confirmPage(returnTo));
  return person;
}

/** The same for a page that asks for the password itself: only an account with an app for codes is asked for more. */
export async function requireStrongest(returnTo: string): Promise<Caller> {
  const person = await requirePerson(returnTo);
  const isEnough = (await confirmationOf(person.account.id)) !== "code" || (await isConfirmed(person.session.id));
  if (!isEnough) redirect(confirmPage(returnTo));
  return person;
}

/** In an action, whose use-case has the say: sends there who took too long. Anything else is thrown on. */
export function toConfirmation(error: unknown, returnTo: string): never {
  if (error instanceof AuthError && error.code === "confirmation_needed") redirect(confirmPage(returnTo));
  throw error;
}
