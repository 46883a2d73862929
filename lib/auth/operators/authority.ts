import { must } from "#db/client.ts";
import { holdOperator } from "#db/operators.ts";
import type { Role } from "#db/schema.ts";
import type { Caller } from "#db/sessions.ts";
import { holdConfirmed } from "#lib/auth/sessions/confirmed.ts";
import type { Client } from "#lib/client.ts";

/** By whose authority an act on somebody else's account is done. */

/** Somebody who is logged in and has a role; or whoever may run commands on the machine, who may do everything. */
export type By = (Caller & { client: Client }) | "command";

/** As the audit trail names them. */
export const actorOf = (by: By): string => (by === "command" ? by : by.account.sub);

/**
 * For the act's `atomically`: whoever lost their role, their second factor or their session meanwhile, or gave no factor in the last ten
 * minutes, does nothing. A cookie stolen from an operator opens no account but theirs.
 */
export const authority = (by: By, least: Role, now: number) =>
  by === "command"
    ? []
    : [
        must(holdOperator(by.account.id, least === "admin" ? ["admin"] : ["support", "admin"])),
        must(holdConfirmed(by.session.id, now)),
      ];
