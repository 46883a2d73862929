import { writeFileSync } from "node:fs";
import type { Account } from "#lib/auth/accounts/accounts.ts";
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
import { makeOperatorLink, OPERATOR_LINK_LIFE } from "#lib/auth/operators/operator-link.ts";
import { isRole, type Role } from "#lib/auth/operators/roles.ts";
import { clock } from "#lib/clock.ts";
import { env } from "#lib/env.ts";
import { withToken } from "#lib/mail/mailed-link.ts";
import { mailedLink } from "#lib/pages/mailed-link.ts";
import { sentence } from "../command.ts";
import type { Answer } from "./answer.ts";

/** What the command does. Each says what was done, in words and as data. */

export type Input = {
  account?: Account;
  why?: string | undefined;
  role?: string | undefined;
  days?: string | undefined;
  to?: string | undefined;
  yes?: boolean | undefined;
};

const DAY = 24 * 60 * 60_000;
/** Where nobody says why. */
const UNSAID = "by a command";

export const ACTS = {
  async grant(input) {
    const role = roleIn(input);
    const on = about(input);
    await grantRole({ ...on, role });
    const needsApp =
      on.account.secondFactor === 1 ? "" : " The console opens for them once they have added an app for codes.";
    return done(input, `${on.account.email} is ${role === "admin" ? "an admin" : "support"} now.${needsApp}`, { role });
  },
  async revoke(input) {
    await revokeRole(about(input));
    return done(input, `${nameOf(input)} has no role any more.`);
  },
  async link(input) {
    // Made as a rule for the first admin.
    const role = roleIn({ role: "admin", ...input });
    const link = withToken(`${env().APP_URL}/admin/claim`, await makeOperatorLink(role));
    const said = `It makes whoever opens it first, logged in, ${role === "admin" ? "an admin" : "support"}, and works for ${OPERATOR_LINK_LIFE / 60_000} minutes.`;
    if (input.to === undefined) return { said: `  ${link}\n\n  ${said}`, data: { link, role } };
    // For its owner's eyes, and never over what is there: that may be readable by others.
    writeFileSync(input.to, `${link}\n`, { mode: 0o600, flag: "wx" });
    return { said: `  The link is in ${input.to}. ${said}`, data: { file: input.to, role } };
  },
  async block(input) {
    const until = daysIn(input);
    await blockAccount({ ...about(input), until });
    const end = until === null ? "until you unblock it" : `until ${new Date(until).toISOString()}`;
    return done(input, `${nameOf(input)} is blocked ${end}, and logged out everywhere.`, { until });
  },
  async unblock(input) {
    await unblockAccount(about(input));
    return done(input, `${nameOf(input)} can log in again.`);
  },
  async "end-sessions"(input) {
    await endSessionsOf(about(input));
    return done(input, `${nameOf(input)} is logged out everywhere.`);
  },
  async reset(input) {
    await forceReset({ ...about(input), link: mailedLink("/reset-password") });
    return done(
      input,
      `Nothing opens the account of ${nameOf(input)} any more but the mail that is on its way to them.`,
    );
  },
  async "remove-app"(input) {
    await removeSecondFactor(about(input));
    return done(input, `${nameOf(input)} needs no code any more.`);
  },
  async delete(input) {
    const on = about(input);
    if (!input.yes) throw sentence(`${on.account.email} would be gone for good. Say so with --yes`);
    await deleteAccount(on);
    return done(input, `${on.account.email} is deleted.`);
  },
  async "verify-mail"(input) {
    await sendVerificationAgain({ ...about(input), link: mailedLink("/verify-email") });
    return done(
      input,
      `A mail to confirm the address is on its way to ${nameOf(input)}, unless they had too many today.`,
    );
  },
} as const satisfies Record<string, (input: Input) => Promise<Answer>>;

function about({ account, why = UNSAID }: Input) {
  if (!account) throw sentence("This needs somebody: an address, a username, #number, or a sub");
  return { by: "command" as const, account, why };
}

const nameOf = ({ account }: Input): string => account?.email ?? "";

const done = ({ account }: Input, said: string, more: object = {}): Answer => ({
  said: `  ${said}`,
  data: { account: account && { id: account.id, sub: account.sub, email: account.email }, ...more },
});

function roleIn({ role }: Input): Role {
  if (role === undefined || !isRole(role)) throw sentence("Say --role admin or --role support");
  return role;
}

function daysIn({ days }: Input): number | null {
  if (days === undefined) return null;
  if (!/^[1-9]\d{0,3}$/.test(days)) throw sentence("--days takes a whole number from 1 to 9999");
  return clock() + Number(days) * DAY;
}
