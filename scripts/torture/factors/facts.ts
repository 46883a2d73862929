import { row, rows } from "#e2e/fixtures/store.ts";
import type { World } from "../life.ts";

/** What the store says of an account, as far as the acts of a life change it: a name, and how often or what. */
export type Facts = Record<string, number | string>;

const NAMED = "select email, coalesce(username, '') as username from accounts where id = ?";

/** One number each; `?` is the account. */
const COUNTS: Record<string, string> = {
  "second factor": "select second_factor n from accounts where id = ?",
  password: "select count(password_hash) n from accounts where id = ?",
  "deletion asked": "select count(deletes_at) n from accounts where id = ?",
  "live sessions": "select count(*) n from sessions where account_id = ? and ended_at is null",
  "apps for codes": "select count(*) n from authenticators where account_id = ? and confirmed_at is not null",
  "recovery codes": "select count(*) n from recovery_codes where account_id = ?",
  "recovery codes used": "select count(used_at) n from recovery_codes where account_id = ?",
  // The act that made them and its event have one time: codes of a making that is not written down are seen by this.
  "recovery codes of the last making": `select count(*) n from recovery_codes c where account_id = ? and created_at =
    (select max(at) from events e where e.account_id = c.account_id and (kind = 'recovery_codes_made'
     or (kind = 'factor_added' and details like '%authenticator%')))`,
  "app passwords": "select count(*) n from app_passwords where account_id = ?",
  "app passwords used": "select count(last_used_at) n from app_passwords where account_id = ?",
  "trusted browsers": "select count(*) n from trusted_browsers where account_id = ?",
  passkeys: "select count(*) n from passkeys where account_id = ? and ended_at is null",
  "passkeys shut out": "select count(ended_at) n from passkeys where account_id = ?",
  "passkeys used": "select count(last_used_at) n from passkeys where account_id = ?",
  "usernames kept": "select count(*) n from reserved_usernames where account_id = ?",
  "addresses asked for": `select count(*) n from address_requests r join challenges c on c.id = r.challenge_id
    where c.account_id = ?`,
  "addresses left": "select count(*) n from address_changes where account_id = ?",
  "addresses put back": "select count(undone_at) n from address_changes where account_id = ?",
  "links to reset": "select count(*) n from challenges where account_id = ? and purpose = 'reset-password'",
};

/** What a step on the way to an act may leave as well, and notices that come once a day. */
const BESIDE = ["log_in_refused"];
const TEMPLATES = [
  "factor-changed",
  "deletion",
  "change-email",
  "address-changed",
  "address-change-undone",
  "reset-password",
  "password-changed",
];
/** Those whose `about` is a word; that of the others is an id. */
const IN_WORDS = ["factor-changed", "deletion"];

export async function factsOf(world: Pick<World, "env">, account: number): Promise<Facts> {
  const facts: Facts = { ...(await row<Facts>(world, NAMED, account)) };
  for (const [name, query] of Object.entries(COUNTS)) facts[name] = (await row<{ n: number }>(world, query, account)).n;
  type Event = { kind: string; details: string | null };
  for (const { kind, details } of await rows<Event>(
    world,
    "select kind, details from events where account_id = ?",
    account,
  ))
    if (!BESIDE.includes(kind)) add(facts, ["event", kind, factorIn(details)]);
  type Queued = { template: string; about: string | null };
  for (const { template, about } of await rows<Queued>(
    world,
    "select template, about from outbox where account_id = ?",
    account,
  ))
    if (TEMPLATES.includes(template)) add(facts, ["mail", template, (IN_WORDS.includes(template) && about) || ""]);
  return facts;
}

const factorIn = (details: string | null): string => JSON.parse(details ?? "{}").factor ?? "";

function add(facts: Facts, words: string[]): void {
  const name = words.filter(Boolean).join(" ");
  facts[name] = Number(facts[name] ?? 0) + 1;
}

/** What an act does to them: numbers are added, what stands in `now` is how it then is. */
export type Change = { more?: Record<string, number>; now?: Facts };

export function changed(facts: Facts, { more = {}, now = {} }: Change): Facts {
  const sums = Object.entries(more).map(([name, n]) => [name, Number(facts[name] ?? 0) + n]);
  return { ...facts, ...Object.fromEntries(sums), ...now };
}

/** Where the two differ, in words; empty where they do not. A fact that is not there is none. */
export function differences(expected: Facts, found: Facts): string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
  return names
    .filter((name) => (expected[name] ?? 0) !== (found[name] ?? 0))
    .map((name) => `${name}: ${expected[name] ?? 0} expected, ${found[name] ?? 0} found`);
}
