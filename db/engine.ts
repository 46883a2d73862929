import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import type { Statement } from "./statements.ts";

/** SQLite's types for either engine, as in db/columns.ts. */
export type Db = BetterSQLite3Database;

/** What an engine does for the store: a file each, db/sqlite.ts and db/postgres.ts. */
export type Engine = {
  /** Where queries are built; within the list of `together`, those of its transaction. */
  db(): Db;
  /** Runs the statements in order in one transaction. Resolves with the rows of each, or null where a guard held. */
  together(statements: () => readonly Statement[]): Promise<Done | null>;
  /** Tells the other processes that share the store of new mail. */
  tellOthers(): void;
  /** Whether a row can be written and is kept afterwards. */
  canWrite(): Promise<boolean>;
  /** Whether it is this process's turn to do what one of them does once in so many ms. */
  takeTurn(what: string, every: number): Promise<boolean>;
  takenBack(work: (isOpen: () => boolean) => Promise<void>): Promise<void>;
  close(): Promise<void>;
};

/** `afterwards`: what its statements have to do once they are committed. */
export type Done = { rows: unknown[][]; announced: boolean; afterwards: (() => void)[] };

/** Why the store cannot be used, as a sentence for whoever starts it. */
export class StoreRefused extends Error {}

export const WRITTEN_BY_NEWER =
  "it was written by a newer version of Latchkey. Start that version, or restore a backup";
