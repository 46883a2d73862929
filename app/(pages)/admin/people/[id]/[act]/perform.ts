import { AuthError } from "#lib/auth/errors.ts";
import type { Act } from "#lib/auth/operators/act.ts";
import {
  deleteAccount,
  endSessionsOf,
  forceReset,
  grantRole,
  removeSecondFactor,
  revokeRole,
} from "#lib/auth/operators/acts.ts";
import { blockAccount, unblockAccount } from "#lib/auth/operators/block.ts";
import { sendVerificationAgain } from "#lib/auth/operators/mail.ts";
import type { Role } from "#lib/auth/operators/roles.ts";
import { clock } from "#lib/clock.ts";
import { mailedLink } from "#lib/pages/mailed-link.ts";
import type { ActName } from "../acts.ts";

type Chosen = Act & {
  /** Of a block: for how many days. */
  until?: "unblocked" | "1" | "7" | "30" | undefined;
  /** Of a change of role. */
  role?: Role | "none" | undefined;
};

/** The use-case of each act. Throws those of `act`. */
export async function perform(name: ActName, { until, role, ...act }: Chosen): Promise<void> {
  switch (name) {
    case "verification":
      return sendVerificationAgain({ ...act, link: mailedLink("/verify-email") });
    case "end-sessions":
      return endSessionsOf(act);
    case "reset":
      return forceReset({ ...act, link: mailedLink("/reset-password") });
    case "block":
      return blockAccount({ ...act, until: endOf(until) });
    case "unblock":
      return unblockAccount(act);
    case "remove-app":
      return removeSecondFactor(act);
    case "role":
      return role === "none" ? revokeRole(act) : grantRole({ ...act, role: role ?? notChosen() });
    case "delete":
      return deleteAccount(act);
  }
}

const DAY = 24 * 60 * 60_000;

const endOf = (days: Chosen["until"] = notChosen()): number | null =>
  days === "unblocked" ? null : clock() + Number(days) * DAY;

/** No form of ours leaves it out, and nothing is a choice that could be meant. */
function notChosen(): never {
  throw new AuthError("act_overtaken");
}
