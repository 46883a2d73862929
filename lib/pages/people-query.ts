import type { PeopleQuery, PersonKey } from "#lib/auth/operators/find-people.ts";
import { isRole } from "#lib/auth/operators/roles.ts";

/** What is asked of the list of people, as its address says it. */

type Params = Record<string, string | string[] | undefined>;

/** By the numbers of the users contract. */
export const STATUS_NAMES = ["unverified", "active", "blocked"] as const;

const one = (value: string | string[] | undefined): string => (Array.isArray(value) ? value[0] : value) ?? "";

/** Whatever is no value of a field asks nothing. */
export function peopleQueryOf(params: Params): PeopleQuery {
  const status = STATUS_NAMES.indexOf(one(params.status) as (typeof STATUS_NAMES)[number]);
  const role = one(params.role);
  return {
    text: one(params.q).trim() || undefined,
    status: status === 0 || status === 1 || status === 2 ? status : undefined,
    role: isRole(role) ? role : undefined,
    since: dateOf(one(params.since)),
    seenSince: dateOf(one(params.seen)),
  };
}

/** When a day (UTC) as fields write it, `2026-11-27`, began; undefined for anything else. */
export function dateOf(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) ? undefined : at;
}

/** After whom the page goes on: `1764230400000-42`. */
export function personKeyOf(text: string | string[] | undefined): PersonKey | undefined {
  const [, at, id] = /^(\d{1,15})-(\d{1,15})$/.exec(one(text)) ?? [];
  return at && id ? { createdAt: Number(at), id: Number(id) } : undefined;
}

/** The same question again, with something else in it; what is empty is left out. */
export function queryWith(params: Params, more: Record<string, string | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...params, ...more })) if (one(value)) query.set(name, one(value));
  const text = query.toString();
  return text && `?${text}`;
}
