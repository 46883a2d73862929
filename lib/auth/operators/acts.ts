import { beginDeletionNow, clearPassword, switchSecondFactor } from "#db/accounts.ts";
import { deleteAuthenticator } from "#db/authenticators.ts";
import { insertChallenge, supersedeChallenges } from "#db/challenges.ts";
import { must } from "#db/client.ts";
import { endCodeTokens } from "#db/code-tokens.ts";
import { deleteRole, setRole } from "#db/operators.ts";
import { queueMail } from "#db/outbox.ts";
import { deleteRecoveryCodes } from "#db/recovery-codes.ts";
import { AccountStatus, type Role } from "#db/schema.ts";
import { endSessions } from "#db/sessions.ts";
import { deleteAllTrusted } from "#db/trusted-browsers.ts";
import type { DeletionNews } from "#lib/auth/accounts/delete-account.ts";
import { forgetCounters } from "#lib/auth/accounts/finish-deletions.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { noticeOf } from "#lib/auth/factors/notice.ts";
import { newChallenge } from "#lib/auth/proofs/challenges.ts";
import { endingAllOthers } from "#lib/auth/proofs/reset-password.ts";
import { type Act, act } from "./act.ts";
import { actorOf } from "./authority.ts";

/** What operators do to an account, beside blocking it. Each throws those of `act`. */

/** Logs out every device and program. */
export async function endSessionsOf(input: Act): Promise<void> {
  const { account } = input;
  await act(input, {
    kind: "session_ended",
    least: "support",
    told: { session: "all" },
    effects: (now) => [
      endSessions(account.id, now),
      endCodeTokens(account.id, now),
      noticeOf(account, "operator-ended-sessions", now),
    ],
  });
}

/**
 * Ends all that lets anybody in, and mails a link to set a new password: for an account that somebody else is in. An app for codes stays. `link`:
 * where the mail's link leads; the token is added to its query.
 */
export async function forceReset({ link, ...input }: Act & { link: string }): Promise<void> {
  const { account } = input;
  if (account.status !== AccountStatus.active) throw new AuthError("act_overtaken");
  const challenge = newChallenge(account.id, "reset-password");
  const to = { to: account.email, accountId: account.id };
  await act(input, {
    kind: "reset_forced",
    least: "support",
    effects: (now) => [
      must(clearPassword(account.id, now)),
      ...endingAllOthers(account, now),
      insertChallenge(challenge, now),
      queueMail({ template: "reset-password", ...to, challengeId: challenge.id, link, now }),
      noticeOf(account, "operator-reset", now),
    ],
  });
}

/** Takes away app and recovery codes of somebody who has lost them all. Whoever asks for this on the phone may not be its person. */
export async function removeSecondFactor(input: Act): Promise<void> {
  const { account } = input;
  if (account.secondFactor !== 1) throw new AuthError("act_overtaken");
  await act(input, {
    kind: "factor_removed",
    least: "admin",
    told: { factor: "authenticator" },
    effects: (now) => [
      must(switchSecondFactor(account.id, 0)),
      deleteAuthenticator(account.id),
      deleteRecoveryCodes(account.id),
      deleteAllTrusted(account.id),
      endSessions(account.id, now),
      noticeOf(account, "operator-removed-app", now),
    ],
  });
}

/**
 * Deletes it at once, without the seven days: all its sessions and tokens end, its row is emptied, and the tidy-up removes what hangs on it
 * (finish-deletions.ts).
 */
export async function deleteAccount(input: Act): Promise<void> {
  const { account } = input;
  await act(input, {
    kind: "account_deleted",
    least: "admin",
    costsAdmin: true,
    effects: (now) => [
      must(beginDeletionNow(account, now)),
      ...forgetCounters(account),
      endSessions(account.id, now),
      supersedeChallenges(account.id, "all", now),
      endCodeTokens(account.id, now),
      deleteRole(account.id),
      ...(account.status === AccountStatus.unverified
        ? []
        : [queueMail({ template: "deletion", about: "by-operator" satisfies DeletionNews, to: account.email, now })]),
    ],
  });
}

/** Makes somebody whose address is proved an operator, or gives them the other role. */
export async function grantRole({ role, ...input }: Act & { role: Role }): Promise<void> {
  const { account, by } = input;
  if (account.status !== AccountStatus.active) throw new AuthError("act_overtaken");
  await act(input, {
    kind: "role_granted",
    least: "admin",
    // An admin who becomes support is one admin less.
    costsAdmin: role !== "admin",
    told: { role },
    effects: (now) => [must(setRole(account.id, role, actorOf(by), now)), noticeOf(account, "role-granted", now)],
  });
}

/** Takes the role away. */
export async function revokeRole(input: Act): Promise<void> {
  const { account } = input;
  await act(input, {
    kind: "role_revoked",
    least: "admin",
    costsAdmin: true,
    effects: (now) => [must(deleteRole(account.id)), noticeOf(account, "role-revoked", now)],
  });
}
