import type { Account } from "#lib/auth/accounts/accounts.ts";
import { withNext } from "./next-link.ts";

/**
 * Where a log-in leads, of an account as it was before: whoever had asked to delete it is told first that it stays, and then goes on to
 * where they were going.
 */
export const pathAfterLogIn = ({ deletesAt }: Pick<Account, "deletesAt">, next: string): string =>
  deletesAt === null ? next : withNext("/account/data/kept", next);
