import { findAccount } from "#db/accounts.ts";
import * as store from "#db/blocks.ts";
import { supersedeChallenges } from "#db/challenges.ts";
import { atomically, must } from "#db/client.ts";
import { endCodeTokens } from "#db/code-tokens.ts";
import { type Account, AccountStatus, type Block } from "#db/schema.ts";
import { endSessions } from "#db/sessions.ts";
import { AuthError } from "#lib/auth/errors.ts";
import { noticeOf } from "#lib/auth/factors/notice.ts";
import { recordEvent } from "#lib/auth/record-event.ts";
import { clock } from "#lib/clock.ts";
import { type Act, act } from "./act.ts";
import { actorOf } from "./authority.ts";

export type { Block } from "#db/schema.ts";

/** Why the account is blocked, and until when; undefined where it is not, or was by other means. */
export const blockOf = (accountId: number): Promise<Block | undefined> => store.findBlock(accountId);

/**
 * Shuts an account until `until` (ms since 1970), or until somebody unblocks it. Every session and token of every door ends with it, and what was
 * mailed no longer works. Throws those of `act`; `act_overtaken` where it is blocked already.
 */
export async function blockAccount({ until, ...input }: Act & { until: number | null }): Promise<void> {
  const { account, by, why } = input;
  if (account.status === AccountStatus.blocked) throw new AuthError("act_overtaken");
  await act(input, {
    kind: "account_blocked",
    least: "support",
    costsAdmin: true,
    effects: (now) => [
      must(store.shutAccount(account.id, account.status, now)),
      endSessions(account.id, now),
      supersedeChallenges(account.id, "all", now),
      endCodeTokens(account.id, now),
      store.insertBlock({
        accountId: account.id,
        reason: why,
        statusBefore: account.status,
        blockedAt: now,
        blockedBy: actorOf(by),
        endsAt: until,
      }),
      ...noticeIfProved(account, "operator-blocked", now),
    ],
  });
}

/** Opens it again as it was. Throws those of `act`; `act_overtaken` where it is not blocked. */
export async function unblockAccount(input: Act): Promise<void> {
  const { account } = input;
  if (account.status !== AccountStatus.blocked) throw new AuthError("act_overtaken");
  const block = await store.findBlock(account.id);
  const before = statusBefore(block);
  await act(input, {
    kind: "account_unblocked",
    least: "support",
    effects: (now) => [
      must(store.reopenAccount(account.id, before, now)),
      ...(block ? [must(store.deleteBlock(block))] : []),
      ...noticeIfProved({ ...account, status: before }, "operator-unblocked", now),
    ],
  });
}

/** Unblocks those whose time is over: once a minute, by whichever copy comes first. */
export async function endOverdueBlocks(): Promise<void> {
  const now = clock();
  for (const block of await store.listOverdueBlocks(now, 100)) {
    const account = await findAccount({ id: block.accountId });
    if (!account) continue;
    const before = statusBefore(block);
    await atomically(() => [
      must(store.reopenAccount(account.id, before, now)),
      must(store.deleteBlock(block)),
      ...noticeIfProved({ ...account, status: before }, "operator-unblocked", now),
      recordEvent("account_unblocked", { account }, now),
    ]);
  }
}

/** One that was blocked by a statement in the database, as people did before there were operators, was in use. */
const statusBefore = (block: Block | undefined): AccountStatus => block?.statusBefore ?? AccountStatus.active;

/** To an address that nobody has proved no mail goes that nobody asked for. */
const noticeIfProved = (account: Account, about: Parameters<typeof noticeOf>[1], now: number) =>
  account.status === AccountStatus.unverified ? [] : [noticeOf(account, about, now)];
