import { accountNamed } from "#lib/auth/operators/name-account.ts";
import type { EntryKey, TrailFilter } from "#lib/auth/operators/read-trail.ts";
import { dateOf } from "./people-query.ts";

/** What is asked of the audit trail, as its address says it. */

type Params = Record<string, string | string[] | undefined>;

const DAY = 24 * 60 * 60_000;

const one = (value: string | string[] | undefined): string => ((Array.isArray(value) ? value[0] : value) ?? "").trim();

/** What a name stands for that nobody has, so that nothing is found. */
const NOBODY = 0;

export async function trailFilterOf(params: Params): Promise<TrailFilter> {
  const [account, actor, to] = [one(params.account), one(params.actor), dateOf(one(params.to))];
  return {
    accountId: account ? await numberOf(account) : undefined,
    kind: one(params.kind) || undefined,
    actor: actor ? await actorNamed(actor) : undefined,
    from: dateOf(one(params.from)),
    // The whole of that day.
    to: to === undefined ? undefined : to + DAY,
  };
}

/** By its number also one that is deleted: the trail outlives it. */
async function numberOf(name: string): Promise<number> {
  const number = /^#(\d{1,15})$/.exec(name)?.[1];
  return number ? Number(number) : ((await accountNamed(name))?.id ?? NOBODY);
}

/** An operator by their address or `sub`; or `command` and `system`, which are nobody. */
async function actorNamed(name: string): Promise<string> {
  return name === "command" || name === "system" ? name : ((await accountNamed(name))?.sub ?? name);
}

/** After which row the page goes on. */
export function entryKeyOf(text: string | string[] | undefined): EntryKey | undefined {
  const [, at, id] = /^(\d{1,15})-(\d{1,15})$/.exec(one(text)) ?? [];
  return at && id ? { at: Number(at), id: Number(id) } : undefined;
}
