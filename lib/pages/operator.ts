import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { secondFactorOf } from "#lib/auth/factors/authenticator/enroll.ts";
import { type Role, roleOf } from "#lib/auth/operators/roles.ts";
import type { Caller } from "#lib/auth/sessions/sessions.ts";
import { requireConfirmed } from "./confirmed.ts";
import { currentPerson, requirePerson } from "./session.ts";

export type Operator = Caller & { role: Role };

/**
 * Who looks at a page of the console. A stranger is sent to log in; somebody without a role is shown that there is no such page; an operator without
 * a second factor is sent to add one, since a stolen password must not open everybody's account. That it was given lately is asked of
 * each act (lib/auth/operators/authority.ts), and here of each page, since these pages name people.
 */
export async function requireOperator(returnTo: string, least: Role = "support"): Promise<Operator> {
  const { account, role } = await requireRole(returnTo);
  if (least === "admin" && role !== "admin") notFound();
  if (!(await secondFactorOf(account.id))) redirect("/account/security?notice=operators-need-app");
  return { ...(await requireConfirmed(returnTo)), role };
}

/**
 * For a server action, whose use-case has the say on what the role allows and whether somebody showed lately that it is them: so what was
 * typed is not lost on the way to showing it.
 */
export async function requireRole(returnTo: string): Promise<Operator> {
  const person = await requirePerson(returnTo);
  const role = await roleOf(person.account.id);
  if (!role) notFound();
  return { ...person, role };
}

/** The role of whoever looks at a page, for what a layout shows; it keeps nobody out. */
export const currentRole = cache(async (): Promise<Role | undefined> => {
  const person = await currentPerson();
  return person ? roleOf(person.account.id) : undefined;
});
