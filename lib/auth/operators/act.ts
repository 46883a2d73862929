import { findAccount, isHalfDeleted } from "#db/accounts.ts";
import { atomically, must } from "#db/client.ts";
import { findOperator, findRole, holdOtherAdmins, holdWithRole } from "#db/operators.ts";
import type { Account, Role } from "#db/schema.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import type { SecurityEvent } from "#lib/auth/security-events.ts";
import { isConfirmed } from "#lib/auth/sessions/confirmed.ts";
import { clock } from "#lib/clock.ts";
import { actorOf, authority, type By } from "./authority.ts";

/** What every act of an operator on somebody's account is given. */
export type Act = {
  by: By;
  /** The account as the operator saw it. */
  account: Account;
  /** Why, in the operator's own words: for the trail. */
  why: string;
};

type Effects = {
  kind: SecurityEvent;
  /** Who may do it to somebody without a role. To somebody who has one only an admin may. */
  least: Role;
  /** Whether it would cost the server an admin, where the account is one. */
  costsAdmin?: boolean;
  /** Statements, built when they run. */
  effects: (now: number) => readonly PromiseLike<unknown>[];
  /** What else the event says. */
  told?: Partial<Parameters<typeof recordEvent>[1]>;
};

/**
 * Does it in one transaction, with its row in the trail: neither happens without the other, and neither where the account, its role or the
 * operator's authority is no longer what it was. Throws `act_overtaken`, `not_allowed`, `confirmation_needed`, `last_admin`.
 */
export async function act(
  { by, account, why }: Act,
  { kind, least, costsAdmin, effects, told }: Effects,
): Promise<void> {
  const now = clock();
  const role = (await findOperator(account.id))?.role;
  const done = await atomically(() => [
    must(holdWithRole(account, role)),
    ...authority(by, role ? "admin" : least, now),
    ...(costsAdmin && role === "admin" ? [must(holdOtherAdmins(account.id))] : []),
    ...effects(now),
    recordEvent(kind, { account, by: actorOf(by), why, ...clientOf(by), ...told }, now),
  ]);
  if (!done) await refuse(by, account, role, least);
}

const clientOf = (by: By) => (by === "command" ? {} : { client: by.client, session: by.session.id });

/** Why it was not done. */
async function refuse(by: By, account: Account, role: Role | undefined, least: Role): Promise<never> {
  if (by !== "command") {
    const own = await findRole(by.account.id);
    const isEnough = own === "admin" || (own === "support" && least === "support" && !role);
    if (!isEnough || (await findAccount({ id: by.account.id }))?.secondFactor !== 1) throw new AuthError("not_allowed");
    if (!(await isConfirmed(by.session.id))) throw new AuthError("confirmation_needed");
  }
  const now = await findAccount({ id: account.id });
  const isAsSeen = now && now.status === account.status && !isHalfDeleted(now);
  if (isAsSeen && role === "admin" && (await findOperator(account.id))?.role === role)
    throw new AuthError("last_admin");
  throw new AuthError("act_overtaken");
}
