import type { TableShape } from "#db/table-shapes.ts";

/** What a database must be able to do to be copied from, or to. One file an engine. */

export type Value = string | number | null;
/** The values of a row, in the order of its table's columns; or those of its key. */
export type Row = Value[];
/** Rows in the order of their keys: after this one, up to and with that one, so many at most. */
export type Range = { after?: Row | undefined; through?: Row | undefined; limit?: number };

export type Side = {
  /** As people may be told of it: without a password. */
  name: string;
  read(table: TableShape, range: Range): Promise<Row[]>;
  count(table: TableShape): Promise<number>;
  /** The highest number that it has ever given to a row of this table. */
  lastNumber(table: TableShape): Promise<number>;
  close(): Promise<void>;
};

export type Source = Side & {
  /** Shows the state of one moment from now on. Nobody else is kept from anything. */
  look(): Promise<void>;
  /** The same, and nobody else can write until it is closed. Everybody can read. */
  hold(): Promise<void>;
};

export type Target = Side & {
  /** Removes rows by their keys, and with each what hangs on it. */
  remove(table: TableShape, keys: Row[]): Promise<void>;
  insert(table: TableShape, rows: Row[]): Promise<void>;
  /** Has the next new row of this table get a number above this one. */
  goOnFrom(table: TableShape, number: number): Promise<void>;
  /** Says in the database itself that the copy is now whole. */
  finish(): Promise<void>;
};

/** PostgreSQL keeps no NUL in a text (db/columns.ts). */
export const comparable = (row: Row): Row =>
  row.map((value) => (typeof value === "string" ? value.replaceAll("\0", "\uFFFD") : value));

/** `where` and what follows it, for a range; `place` gives the placeholder of each value. */
export function rangeSql(table: TableShape, { after, through, limit }: Range, place: (value: Value) => string): string {
  const key = `(${table.key.map(quoted).join(", ")})`;
  const bound = (is: string, row: Row | undefined) => (row ? [`${key} ${is} (${row.map(place).join(", ")})`] : []);
  const bounds = [...bound(">", after), ...bound("<=", through)];
  const where = bounds.length > 0 ? ` where ${bounds.join(" and ")}` : "";
  return `${where} order by ${table.key.map(quoted).join(", ")}${limit ? ` limit ${limit}` : ""}`;
}

export const quoted = (name: string): string => `"${name}"`;
export const columnList = (table: TableShape): string => table.columns.map(quoted).join(", ");
