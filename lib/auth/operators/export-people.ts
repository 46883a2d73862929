import { atomically } from "#db/client.ts";
import { recordAct } from "#lib/auth/record-event.ts";
import { clock } from "#lib/clock.ts";
import { actorOf, authority, type By } from "./authority.ts";
import { csvLine } from "./csv.ts";
import { everybody, type FoundPerson, type PeopleQuery } from "./find-people.ts";
import { refuseExport } from "./refuse-export.ts";

const COLUMNS = [
  "number",
  "sub",
  "address",
  "username",
  "firstName",
  "lastName",
  "phoneNumber",
  "status",
  "secondFactor",
  "role",
  "signedUpAt",
  "lastSeenAt",
  "deletesAt",
] as const;

/** By the numbers of the users contract. */
const STATUS = ["unverified", "active", "blocked"] as const;

/**
 * Those who are found, as a text, some of it at a time; that it was taken is in the audit trail. Of admins alone.
 * Throws `not_allowed`, `confirmation_needed`.
 */
export async function exportPeople({
  by,
  query,
  format,
}: {
  by: By;
  query: PeopleQuery;
  format: "csv" | "json";
}): Promise<AsyncIterable<string>> {
  const now = clock();
  // Without the words: they may be somebody's address, which would stay when its account is deleted.
  const filter = JSON.stringify({ ...query, text: query.text && "(some words)" });
  const done = await atomically(() => [
    ...authority(by, "admin", now),
    recordAct(
      "people_exported",
      { by: actorOf(by), filter, ...(by !== "command" && { client: by.client, session: by.session.id }) },
      now,
    ),
  ]);
  if (!done) await refuseExport(by);
  return format === "csv" ? asCsv(query) : asJson(query);
}

const moment = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const inWords = (person: FoundPerson) => ({
  number: person.id,
  sub: person.sub,
  address: person.email,
  username: person.username,
  firstName: person.firstName,
  lastName: person.lastName,
  phoneNumber: person.phoneNumber,
  status: STATUS[person.status],
  secondFactor: person.secondFactor,
  role: person.role,
  signedUpAt: moment(person.createdAt),
  lastSeenAt: moment(person.seenAt),
  deletesAt: moment(person.deletesAt),
});

async function* asCsv(query: PeopleQuery): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for await (const people of everybody(query)) {
    const rows = people.map(inWords);
    if (rows.length > 0) yield rows.map((row) => csvLine(COLUMNS.map((name) => row[name]))).join("");
  }
}

async function* asJson(query: PeopleQuery): AsyncGenerator<string> {
  yield "[";
  let isFirst = true;
  for await (const people of everybody(query)) {
    const lines = people.map((one) => `\n${JSON.stringify(inWords(one))}`);
    if (lines.length > 0) yield (isFirst ? "" : ",") + lines.join();
    isFirst &&= lines.length === 0;
  }
  yield "\n]\n";
}
