import { findRole, listOperators, type OperatorOf } from "#db/operators.ts";
import type { Role } from "#db/schema.ts";

export type { OperatorOf } from "#db/operators.ts";
export type { Role } from "#db/schema.ts";

/**
 * Two roles. `support` looks at people and mail, sends mail again, ends sessions, forces a reset, blocks. `admin` also gives and takes roles, exports,
 * deletes, and removes a second factor. Only an admin acts on somebody who has a role: else support could become one by way of an
 * admin's account.
 */
export const ROLES = ["support", "admin"] as const satisfies readonly Role[];

export const isRole = (text: string): text is Role => ROLES.some((role) => role === text);

/** The role of an account; undefined where it has none, or is not active. */
export const roleOf = (accountId: number): Promise<Role | undefined> => findRole(accountId);

/** Everybody who has one, the admins first. */
export const operators = (): PromiseLike<OperatorOf[]> => listOperators();
