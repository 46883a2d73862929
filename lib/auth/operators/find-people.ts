import { setImmediate as letOthers } from "node:timers/promises";
import { findAccount } from "#db/accounts.ts";
import { listOperators } from "#db/operators.ts";
import {
  type Beginning,
  type FoundPerson,
  idsBeginning,
  lastOf,
  lookThrough,
  type Narrow,
  type PersonKey,
  type Wide,
} from "#db/people.ts";
import type { AccountStatus, Role } from "#db/schema.ts";
import { normalizeEmail } from "#lib/identifiers.ts";

export type { FoundPerson, PersonKey } from "#db/people.ts";

/** What is asked for; times in ms since 1970. */
export type PeopleQuery = {
  /** The beginning of an address, a username or a name; or a `sub`, or a number like `#42`. */
  text?: string | undefined;
  status?: AccountStatus | undefined;
  role?: Role | undefined;
  /** Signed up then or later. */
  since?: number | undefined;
  /** Seen then or later. */
  seenSince?: number | undefined;
};

export type PeoplePage = {
  people: FoundPerson[];
  /** After whom the next page goes on; undefined where there is none. */
  next: PersonKey | undefined;
  /** Not all accounts were looked at: there may be more to find although the page is not full. */
  isCutShort: boolean;
};

const PEOPLE_A_PAGE = 50;
/** So many or fewer are put in order by themselves; for more it is quicker to look for them among all, the newest first. */
const MOST_OF_A_BEGINNING = 1_000;
/** Rows in one go: a few milliseconds in which nobody else is served. */
const ROWS = 2_000;
const PATIENCE_MS = 100;

/** A page of those who fit, the newest first. */
export async function findPeople(query: PeopleQuery, after?: PersonKey): Promise<PeoplePage> {
  const { narrow, wide } = await planned(query);
  const people: FoundPerson[] = [];
  const deadline = performance.now() + PATIENCE_MS;
  for (let from = after; ; ) {
    const most = PEOPLE_A_PAGE + 1 - people.length;
    const rows = isWide(wide) ? ROWS : (narrow.among?.length ?? most);
    people.push(...(await lookThrough(narrow, wide, { after: from, rows: Math.max(rows, 1), most })));
    if (people.length > PEOPLE_A_PAGE)
      return { people: people.slice(0, PEOPLE_A_PAGE), next: people[PEOPLE_A_PAGE - 1], isCutShort: false };
    from = isWide(wide) ? await lastOf(narrow, from, ROWS) : undefined;
    if (!from) return { people, next: undefined, isCutShort: false };
    if (performance.now() > deadline) return { people, next: from, isCutShort: true };
    await letOthers();
  }
}

/** All who fit, some at a time. */
export async function* everybody(query: PeopleQuery): AsyncGenerator<FoundPerson[]> {
  const { narrow, wide } = await planned(query);
  for (let from: PersonKey | undefined; ; ) {
    yield await lookThrough(narrow, wide, { after: from, rows: ROWS, most: ROWS });
    from = await lastOf(narrow, from, ROWS);
    if (!from) return;
  }
}

const isWide = ({ beginnings, seenSince }: Wide): boolean => beginnings !== undefined || seenSince !== undefined;

/** What of the question an index answers, and what each row must be asked. */
async function planned({ text, role, seenSince, ...rest }: PeopleQuery): Promise<{ narrow: Narrow; wide: Wide }> {
  const beginnings = text?.trim() ? await meant(text.trim()) : undefined;
  const few = beginnings && ("ids" in beginnings ? beginnings.ids : await fewOf(beginnings.of));
  const ofRole = role && (await listOperators()).filter((one) => one.role === role).map(({ id }) => id);
  const among = few && ofRole ? few.filter((id) => ofRole.includes(id)) : (few ?? ofRole);
  return {
    narrow: { ...rest, among },
    wide: { seenSince, ...(beginnings && !few && "of" in beginnings && { beginnings: beginnings.of }) },
  };
}

const SUB = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Longer than anything that could begin with it. */
const LONGEST = 300;

async function meant(text: string): Promise<{ ids: number[] } | { of: Beginning[] }> {
  const number = /^#(\d{1,15})$/.exec(text)?.[1];
  if (number) return { ids: [Number(number)] };
  if (SUB.test(text)) {
    const found = await findAccount({ sub: text.toLowerCase() });
    return { ids: found ? [found.id] : [] };
  }
  if (text.length > LONGEST) return { ids: [] };
  // Nobody's name or username has one.
  if (text.includes("@")) return { of: [{ of: "email", text: normalizeEmail(text) }] };
  const names = spellingsOf(text);
  return {
    of: [
      { of: "email", text: text.normalize("NFKC").toLowerCase() },
      { of: "username", text: text.toLowerCase() },
      ...names.map((name) => ({ of: "firstName", text: name }) as const),
      ...names.map((name) => ({ of: "lastName", text: name }) as const),
      ...names.flatMap(asFullName),
    ],
  };
}

/** "Ada Lovelace" may be a first and a last name, of which either may have spaces too. */
const asFullName = (name: string): Beginning[] =>
  [...name.matchAll(/ +/g)].slice(0, 4).map(({ index, 0: space }) => ({
    of: "lastName",
    text: name.slice(index + space.length),
    firstName: name.slice(0, index),
  }));

/**
 * Both engines make small letters of A to Z alone (so they agree, whatever libraries they were built with). A name with others is looked
 * for as it was typed, and as it is mostly written.
 */
function spellingsOf(text: string): string[] {
  const typed = text.normalize("NFC");
  const small = typed.toLowerCase();
  const capital = small.replace(/(?<!\p{L})\p{L}/gu, (letter) => letter.toUpperCase());
  return [...new Set([typed, small, capital, typed.toUpperCase()].map(asStored))];
}

const asStored = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Those who begin so, where an index finds all of them; undefined where they are many. */
async function fewOf(beginnings: readonly Beginning[]): Promise<number[] | undefined> {
  const found = new Set<number>();
  for (const beginning of beginnings) {
    const ids = await idsBeginning(beginning, MOST_OF_A_BEGINNING + 1);
    if (ids.length > MOST_OF_A_BEGINNING) return undefined;
    for (const id of ids) found.add(id);
  }
  return [...found];
}
