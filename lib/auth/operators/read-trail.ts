import { atomically } from "#db/client.ts";
import { type EntryKey, listEntries, type SeenEntry, type TrailFilter } from "#db/trail-desk.ts";
import { recordAct } from "#lib/auth/record-event.ts";
import { clock } from "#lib/clock.ts";
import { actorOf, authority, type By } from "./authority.ts";
import { csvLine } from "./csv.ts";
import { refuseExport } from "./refuse-export.ts";

export type { EntryKey, SeenEntry, TrailFilter } from "#db/trail-desk.ts";

const ENTRIES_A_PAGE = 50;
/** Rows in one go. */
const CHUNK = 500;

/** A page of the audit trail, the newest first. */
export async function readTrail(
  filter: TrailFilter,
  before?: EntryKey,
): Promise<{ entries: SeenEntry[]; next: EntryKey | undefined }> {
  const found = await listEntries(filter, { before, limit: ENTRIES_A_PAGE + 1 });
  const entries = found.slice(0, ENTRIES_A_PAGE);
  return { entries, next: found.length > ENTRIES_A_PAGE ? entries.at(-1) : undefined };
}

/**
 * All that the filter leaves of it, as a text, some of it at a time; that it was taken is itself in the trail. Of admins alone.
 * Throws `not_allowed`, `confirmation_needed`.
 */
export async function exportTrail({
  by,
  filter,
  format,
}: {
  by: By;
  filter: TrailFilter;
  format: "csv" | "json";
}): Promise<AsyncIterable<string>> {
  const now = clock();
  const asked = JSON.stringify(filter);
  const done = await atomically(() => [
    ...authority(by, "admin", now),
    recordAct(
      "trail_exported",
      { by: actorOf(by), filter: asked, ...(by !== "command" && { client: by.client, session: by.session.id }) },
      now,
    ),
  ]);
  if (!done) await refuseExport(by);
  // What comes while it is written is not in it, and so it has an end.
  const past = { ...filter, to: Math.min(filter.to ?? now, now) };
  return format === "csv" ? asCsv(past) : asJson(past);
}

async function* chunks(filter: TrailFilter): AsyncGenerator<SeenEntry[]> {
  for (let before: EntryKey | undefined; ; ) {
    const entries = await listEntries(filter, { before, limit: CHUNK });
    yield entries;
    before = entries.at(-1);
    if (entries.length < CHUNK) return;
  }
}

const COLUMNS = [
  "place",
  "at",
  "kind",
  "account",
  "sub",
  "address",
  "actor",
  "door",
  "browser",
  "network",
  "request",
  "details",
] as const;

const inWords = ({
  seq,
  at,
  kind,
  accountId,
  sub,
  address,
  actor,
  door,
  browser,
  network,
  requestId,
  details,
}: SeenEntry) => ({
  place: seq,
  at: new Date(at).toISOString(),
  kind,
  account: accountId,
  sub,
  address,
  actor,
  door,
  browser,
  network,
  request: requestId,
  details,
});

async function* asCsv(filter: TrailFilter): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for await (const entries of chunks(filter))
    if (entries.length > 0)
      yield entries
        .map(inWords)
        .map((row) => csvLine(COLUMNS.map((name) => row[name])))
        .join("");
}

async function* asJson(filter: TrailFilter): AsyncGenerator<string> {
  yield "[";
  let isFirst = true;
  for await (const entries of chunks(filter)) {
    const lines = entries
      .map(inWords)
      .map(
        ({ details, ...row }) =>
          `\n${JSON.stringify({ ...row, details: details === null ? null : JSON.parse(details) })}`,
      );
    if (lines.length > 0) yield (isFirst ? "" : ",") + lines.join();
    isFirst &&= lines.length === 0;
  }
  yield "\n]\n";
}
