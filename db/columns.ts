import * as pg from "drizzle-orm/pg-core";
import * as sqlite from "drizzle-orm/sqlite-core";
import { storeEngine } from "#lib/env.ts";

/**
 * What the schema is made of, in the words of either engine. Which one it is, DATABASE_URL says, and is known as soon as this
 * file is imported. All of it has SQLite's types, so that the queries are written and checked once; this is the one cast.
 */
const postgres = {
  table: pg.pgTable,
  // Compared byte by byte, as SQLite does: the order of a language would move with the system's libraries, and an index with it.
  text: pg.customType<{ data: string; driverData: string }>({
    dataType: () => 'text collate "C"',
    // PostgreSQL refuses a NUL in a text, which SQLite keeps. Nothing that anybody can read has one.
    toDriver: (value) => value.replaceAll("\0", "\uFFFD"),
  }),
  whole: (name: string) => pg.bigint(name, { mode: "number" }),
  // "By default": rows that are brought from elsewhere keep their numbers.
  rowNumber: (name: string) => pg.bigint(name, { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
  index: pg.index,
  uniqueIndex: pg.uniqueIndex,
  primaryKey: pg.primaryKey,
};

const engines = {
  sqlite: {
    table: sqlite.sqliteTable,
    text: (name: string) => sqlite.text(name),
    whole: (name: string) => sqlite.integer(name),
    rowNumber: (name: string) => sqlite.integer(name).primaryKey({ autoIncrement: true }),
    index: sqlite.index,
    uniqueIndex: sqlite.uniqueIndex,
    primaryKey: sqlite.primaryKey,
  },
  get postgres() {
    return postgres as unknown as typeof this.sqlite;
  },
};

export const {
  table,
  text,
  /** A whole number, up to 2^53. */
  whole,
  /** A number that the store gives to each new row, and never twice. */
  rowNumber,
  index,
  uniqueIndex,
  primaryKey,
} = engines[storeEngine()];
