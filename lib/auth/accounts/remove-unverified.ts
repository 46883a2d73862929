import { deleteAccounts, holdAccounts, listUnverified, stillUnverified, unverifiedWith } from "#db/accounts.ts";
import { atomically } from "#db/client.ts";
import { tellOfTheirEnd } from "#lib/auth/tell-others.ts";

/**
 * The end of accounts that nobody proved. Their person is told nothing, since they are nobody's; other systems are, which heard of them
 * when they were made.
 */

/** Statements for `atomically`: removes what somebody signed up with an address that belongs to somebody else by now. */
export const removingUnverified = (email: string, now: number) => removing(() => unverifiedWith(email), now);

/** Removes at most so many for which no mail was asked since `before`, and returns which. */
export async function removeUnverified(before: number, most: number, now: number): Promise<unknown[]> {
  const ids = (await listUnverified(before, most)).map(({ id }) => id);
  if (ids.length === 0) return [];
  const rows = await atomically(() => removing(() => stillUnverified(ids, before), now));
  return rows?.[2] ?? [];
}

const removing = (which: () => ReturnType<typeof unverifiedWith>, now: number) =>
  [holdAccounts(which()), tellOfTheirEnd(which(), now), deleteAccounts(which())] as const;
