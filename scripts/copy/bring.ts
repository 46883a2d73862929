import { createHash } from "node:crypto";
import type { TableShape } from "#db/table-shapes.ts";
import { comparable, type Row, type Side, type Source, type Target } from "./side.ts";

/** Makes the target equal to the source. What is equal already stays, so that a second run has little to do. */

/** Rows that are read, compared and written together. */
const CHUNK = 2_000;

/** How many rows of the source have been gone through since the last call. */
export type Went = (rows: number) => void;

export async function bring(tables: TableShape[], from: Source, to: Target, went: Went): Promise<void> {
  // First whatever is not as it should be goes, those that refer to others before them: then nothing is in the way of a new row,
  // with the address of somebody deleted since for instance.
  for (const table of tables.toReversed())
    await eachChunk(table, from, to, async (wanted, there) => {
      went(wanted.length);
      const right = byKey(table, wanted);
      const stale = there.filter((row) => right.get(keyText(table, row)) !== JSON.stringify(row));
      if (stale.length > 0)
        await to.remove(
          table,
          stale.map((row) => keyOf(table, row)),
        );
    });
  for (const table of tables)
    await eachChunk(table, from, to, async (wanted, there) => {
      went(wanted.length);
      const present = byKey(table, there);
      const missing = wanted.filter((row) => !present.has(keyText(table, row)));
      if (missing.length > 0) await to.insert(table, missing);
    });
  for (const table of tables.filter(({ numbered }) => numbered)) await to.goOnFrom(table, await from.lastNumber(table));
}

/** Goes through both in the order of keys. Each part of the target reaches as far as that of the source, the last to the end. */
async function eachChunk(
  table: TableShape,
  from: Source,
  to: Target,
  work: (wanted: Row[], there: Row[]) => Promise<void>,
): Promise<void> {
  const isEmpty = (await to.read(table, { limit: 1 })).length === 0;
  for (let after: Row | undefined, isLast = false; !isLast; ) {
    const wanted = (await from.read(table, { after, limit: CHUNK })).map(comparable);
    const last = wanted.at(-1);
    isLast = wanted.length < CHUNK;
    const through = isLast || !last ? undefined : keyOf(table, last);
    await work(wanted, isEmpty ? [] : await allOf(table, to, after, through));
    after = through;
  }
}

/** Of the target, which may have any number of rows there, in parts as well. */
async function allOf(table: TableShape, to: Target, after?: Row, through?: Row): Promise<Row[]> {
  const rows: Row[] = [];
  for (let from = after; ; ) {
    const part = await to.read(table, { after: from, through, limit: CHUNK });
    rows.push(...part);
    const last = part.at(-1);
    if (part.length < CHUNK || !last) return rows;
    from = keyOf(table, last);
  }
}

const keyOf = (table: TableShape, row: Row): Row =>
  table.key.map((column) => row[table.columns.indexOf(column)] ?? null);
const keyText = (table: TableShape, row: Row): string => JSON.stringify(keyOf(table, row));
const byKey = (table: TableShape, rows: Row[]) =>
  new Map(rows.map((row) => [keyText(table, row), JSON.stringify(row)] as const));

/** How many rows a table has, and SHA-256 over all of them in the order of their keys. */
export type Fingerprint = { rows: number; sha256: string };

export async function fingerprint(table: TableShape, side: Side, went: Went): Promise<Fingerprint> {
  const hash = createHash("sha256");
  let rows = 0;
  for (let after: Row | undefined; ; ) {
    const part = (await side.read(table, { after, limit: CHUNK })).map(comparable);
    for (const row of part) hash.update(`${JSON.stringify(row)}\n`);
    rows += part.length;
    went(part.length);
    const last = part.at(-1);
    if (part.length < CHUNK || !last) return { rows, sha256: hash.digest("hex") };
    after = keyOf(table, last);
  }
}
