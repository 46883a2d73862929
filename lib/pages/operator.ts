import { notFound, redirect } from "next/navigation";
import { secondFactorOf } from "#lib/auth/factors/authenticator/enroll.ts";
import { type Role, roleOf } from "#lib/auth/operators/roles.ts";
import type { Caller } from "#lib/auth/sessions/sessions.ts";
import { requireConfirmed } from "./confirmed.ts";
import { requirePerson } from "./session.ts";

export type Operator = Caller & { role: Role };

/**
 * Who looks at a page of the console. A stranger is sent to log in; somebody without a role is shown that there is no such page; an operator without
 * a second factor is sent to add one, since a stolen password must not open everybody's account. That it was given lately is asked of
 * each act (lib/auth/operators/authority.ts), and here of each page, since these pages name people.
 */
export async function requireOperator(returnTo: string, least: Role = "support"): Promise<Operator> {
  const { account } = await requirePerson(returnTo);
  const role = await roleOf(account.id);
  if (!role || (least === "admin" && role !== "admin")) notFound();
  if (!(await secondFactorOf(account.id))) redirect("/account/security?notice=operators-need-app");
  return { ...(await requireConfirmed(returnTo)), role };
}
