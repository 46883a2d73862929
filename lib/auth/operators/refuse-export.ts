import { findRole } from "#db/operators.ts";
import { AuthError } from "#lib/auth/errors.ts";
import type { By } from "./authority.ts";

/** Why nothing was exported: throws `not_allowed`, or `confirmation_needed`. */
export async function refuseExport(by: By): Promise<never> {
  const isAdmin = by !== "command" && (await findRole(by.account.id)) === "admin";
  throw new AuthError(isAdmin ? "confirmation_needed" : "not_allowed");
}
