import { AccountStatus } from "#lib/auth/accounts/accounts.ts";
import type { Seen } from "#lib/auth/operators/person.ts";
import type { Role } from "#lib/auth/operators/roles.ts";
import type { NoticeName } from "#lib/pages/notices.ts";

/** What can be done to an account, in the order in which the page of its person offers it. */

type Act = {
  /** Of the page, and of the link to it. */
  title: string;
  link: string;
  submit: string;
  look: "primary" | "grave";
  /** Who may, where it is about somebody without a role. */
  least: Role;
  /** Whether it makes sense as the account is. */
  fits: (seen: Seen) => boolean;
  /** What will happen. */
  will: readonly string[];
  /** What is said afterwards. */
  done: NoticeName;
};

const isActive = ({ account }: Seen): boolean => account.status === AccountStatus.active;

export const ACTS = {
  verification: {
    title: "Send the mail to confirm the address again?",
    link: "Send the mail to confirm the address again",
    submit: "Send the mail",
    look: "primary",
    least: "support",
    fits: ({ account }) => account.status === AccountStatus.unverified,
    will: ["A mail with a new link and code goes to the address.", "Not more mails than anybody may ask for."],
    done: "person-verification-sent",
  },
  "end-sessions": {
    title: "Log them out everywhere?",
    link: "Log out everywhere",
    submit: "Log them out",
    look: "grave",
    least: "support",
    fits: isActive,
    will: [
      "Every device and program is logged out at once.",
      "They can log in again as before.",
      "We tell them by mail.",
    ],
    done: "person-logged-out",
  },
  reset: {
    title: "Make them set a new password?",
    link: "Force a new password",
    submit: "Force a new password",
    look: "grave",
    least: "support",
    fits: isActive,
    will: [
      "Every device and program is logged out at once.",
      "The password, app passwords, passkeys and log-in with Google no longer work.",
      "A mail with a link to set a new password goes to the address, and we tell them why it came.",
      "An app for codes stays as it is.",
    ],
    done: "person-reset",
  },
  block: {
    title: "Block this account?",
    link: "Block",
    submit: "Block the account",
    look: "grave",
    least: "support",
    fits: ({ account }) => account.status !== AccountStatus.blocked,
    will: [
      "Every device and program is logged out at once, and nobody can log in.",
      "Mailed links and codes no longer work.",
      "We tell them by mail that the account is blocked, and not why.",
    ],
    done: "person-blocked",
  },
  unblock: {
    title: "Unblock this account?",
    link: "Unblock",
    submit: "Unblock the account",
    look: "primary",
    least: "support",
    fits: ({ account }) => account.status === AccountStatus.blocked,
    will: [
      "The account is again what it was before it was blocked.",
      "We tell them by mail, if the address is confirmed.",
    ],
    done: "person-unblocked",
  },
  "remove-app": {
    title: "Remove the app for codes?",
    link: "Remove the app for codes",
    submit: "Remove the app",
    look: "grave",
    least: "admin",
    fits: ({ account }) => account.secondFactor === 1,
    will: [
      "The app and its recovery codes no longer work, and logging in needs no code any more.",
      "Every device and program is logged out at once.",
      "We tell them by mail.",
      "Be sure who asks for this: whoever has the password or reads the mail gets in afterwards.",
    ],
    done: "person-app-removed",
  },
  role: {
    title: "Change the role?",
    link: "Change the role",
    submit: "Change the role",
    look: "grave",
    least: "admin",
    fits: isActive,
    will: [
      "Support looks at people and mail, sends mail again, logs people out, forces a new password and blocks.",
      "An admin also gives roles, exports, deletes and removes apps for codes.",
      "We tell them by mail.",
    ],
    done: "person-role-changed",
  },
  delete: {
    title: "Delete this account?",
    link: "Delete",
    submit: "Delete the account",
    look: "grave",
    least: "admin",
    fits: () => true,
    will: [
      "The account and all that is kept of it goes at once, for good. There are no seven days to change one’s mind.",
      "The address and the username are free again.",
      "We tell them by mail, if the address is confirmed.",
    ],
    done: "person-deleted",
  },
} as const satisfies Record<string, Act>;

export type ActName = keyof typeof ACTS;

export const isAct = (name: string): name is ActName => Object.hasOwn(ACTS, name);

/** Who may do it to this person: to one who has a role, an admin alone. */
export const leastFor = (name: ActName, { role }: Seen): Role => (role ? "admin" : ACTS[name].least);

/** What the operator saw the account as; where it is something else by now, nothing is done. */
export const stampOf = ({ account, role }: Seen): string =>
  [account.status, account.secondFactor, role ?? "none", account.email].join(" ");

/** The number in the path; undefined where it is none. */
export const numberIn = (text: string): number | undefined => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined);
