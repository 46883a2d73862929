import { redirect } from "next/navigation";
import { cache } from "react";
import { secondFactorOf } from "#lib/auth/factors/authenticator/enroll.ts";
import { type Role, roleOf } from "#lib/auth/operators/roles.ts";
import type { Caller } from "#lib/auth/sessions/sessions.ts";
import { requireConfirmed } from "./confirmed.ts";
import { currentPerson, requirePerson } from "./session.ts";

export type Operator = Caller & { role: Role };

/**
 * Who looks at a page of the console. A stranger is sent to log in; somebody without the role it takes gets null, and is shown
 * that there is no such page (components/nothing-here.tsx); an operator without
 * a second factor is sent to add one, since a stolen password must not open everybody's account. That it was given lately is asked of
 * each act (lib/auth/operators/authority.ts), and here of each page, since these pages name people.
 */
export async function requireOperator(returnTo: string, least: Role = "support"): Promise<Operator | null> {
  const operator = await requireRole(returnTo);
  if (!operator || (least === "admin" && operator.role !== "admin")) return null;
  if (!(await secondFactorOf(operator.account.id))) redirect("/account/security?notice=operators-need-app");
  return { ...(await requireConfirmed(returnTo)), role: operator.role };
}

/**
 * For a server action, whose use-case has the say on what the role allows and whether somebody showed lately that it is them: so what was
 * typed is not lost on the way to showing it. Null for whoever has no role.
 */
export async function requireRole(returnTo: string): Promise<Operator | null> {
  const person = await requirePerson(returnTo);
  const role = await roleOf(person.account.id);
  return role ? { ...person, role } : null;
}

/** The role of whoever looks at a page, for what a layout shows; it keeps nobody out. */
export const currentRole = cache(async (): Promise<Role | undefined> => {
  const person = await currentPerson();
  return person ? roleOf(person.account.id) : undefined;
});
