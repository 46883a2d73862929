import { drizzle } from "drizzle-orm/node-postgres";
import { PgPreparedQuery } from "drizzle-orm/pg-core";
import type pg from "pg";
import { clock, setClock } from "#lib/clock.ts";
import { COPY_MARK, UNFINISHED } from "./copy-mark.ts";
import { type Db, type Done, type Engine, StoreRefused } from "./engine.ts";
import { nudgeOutbox } from "./mail-nudge.ts";
import { openAnnouncements } from "./postgres-announcements.ts";
import { migrateInTurn } from "./postgres-migrations.ts";
import { type Connection, openPool, type Pool } from "./postgres-pool.ts";
import {
  alongside,
  announces,
  isGuarded,
  refuseStrangers,
  returnsRows,
  type Statement,
  worksAfter,
} from "./statements.ts";
import { patiently } from "./trouble.ts";

/** The store in a PostgreSQL database, for any number of processes. */

// Drizzle would wrap what fails in an error whose message holds every value of the query.
Object.assign(PgPreparedQuery.prototype, {
  queryWithCache: (_text: string, _values: unknown[], query: () => Promise<unknown>) => query(),
});

/** Connects, and brings the database up to date; of several that start at once each waits for its turn. */
export async function openPostgres(url: string): Promise<Engine> {
  const pool = await openPool(url);
  try {
    await migrateInTurn(pool);
    await settleCopy(pool);
    await setClock(() => timeOf(pool));
  } catch (error) {
    await pool.end();
    throw error;
  }
  // Until the next time the old difference holds.
  const clockTimer = setInterval(() => setClock(() => timeOf(pool)).catch(() => {}), CLOCK_MS).unref();
  const announcements = openAnnouncements(url, pool, nudgeOutbox);
  const opened: Opened = { pool, pinned: undefined, building: undefined };
  const plain = queriesOver({ query: (query, values) => (opened.pinned ?? pool).query(query, values) });
  return {
    db: () => opened.building ?? plain,
    together: (statements) => together(opened, statements),
    tellOthers: () => announcements.tell(),
    canWrite: () => canWrite(pool),
    takeTurn: (what, every) => takeTurn(pool, what, every),
    takenBack: (work) => takenBack(opened, work),
    async close() {
      clearInterval(clockTimer);
      await announcements.end();
      await pool.end();
    },
  };
}

/** A whole copy becomes a database like any other; half a one is refused. */
async function settleCopy(pool: Pool): Promise<void> {
  const { rows } = await pool.query({ text: `select is_whole from ${COPY_MARK}` }, []).catch((error) => {
    // The table is not there, as a rule.
    if (error.code === "42P01") return { rows: [{ is_whole: 1 }] };
    throw error;
  });
  if (!rows[0]?.is_whole) throw new StoreRefused(UNFINISHED);
  await pool.query({ text: `drop table if exists ${COPY_MARK}` }, []);
}

const CLOCK_MS = 60_000;

async function timeOf(pool: Pool): Promise<number> {
  const text = "select cast(extract(epoch from clock_timestamp()) * 1000 as double precision) as now";
  const { rows } = await pool.query({ text }, []);
  return rows[0].now;
}

type Opened = {
  pool: Pool;
  /** All that the process does goes over this one, while it is to be taken back. */
  pinned: Pinned | undefined;
  /** Whose transaction the statements are for that are being built at this moment. */
  building: Db | undefined;
};
type Pinned = Connection & { last: Promise<unknown> };

/** Drizzle's queries, sent over this. Its types are SQLite's (db/columns.ts), and this the other half of that cast. */
function queriesOver(means: Connection): Db {
  return drizzle({ client: means as unknown as pg.Client }) as unknown as Db;
}

async function together(opened: Opened, statements: () => readonly Statement[]): Promise<Done | null> {
  const { pinned } = opened;
  if (pinned) return inTurn(pinned, () => withinSavepoint(opened, pinned, statements));
  // What was lost to a deadlock is undone whole, and may be built and run anew.
  return patiently(() => opened.pool.transaction((connection) => runList(opened, queriesOver(connection), statements)));
}

/** Resolves with null where a guard held: the transaction is then to be undone. */
async function runList(opened: Opened, db: Db, statements: () => readonly Statement[]): Promise<Done | null> {
  const list = buildFor(opened, db, statements);
  const rows: unknown[][] = [];
  for (const statement of list) {
    const isOfRows = returnsRows(statement);
    const mustTouch = isOfRows && isGuarded(statement);
    const found = await (mustTouch ? orNoneIfTaken(statement) : (statement as PromiseLike<unknown[]>));
    if (mustTouch && found.length === 0) return null;
    for (const other of alongside(statement)) await other;
    rows.push(isOfRows ? found : []);
  }
  return { rows, announced: list.some(announces), afterwards: worksAfter(list) };
}

async function orNoneIfTaken(statement: Statement): Promise<unknown[]> {
  try {
    return (await statement) as unknown[];
  } catch (error) {
    if ((error as { code?: string }).code === UNIQUE_VIOLATION) return [];
    throw error;
  }
}

const UNIQUE_VIOLATION = "23505";

/** Building is one synchronous step, so nobody else's statements get into this transaction. */
function buildFor(opened: Opened, db: Db, statements: () => readonly Statement[]): readonly Statement[] {
  opened.building = db;
  try {
    const list = statements();
    refuseStrangers(list, db);
    return list;
  } finally {
    opened.building = undefined;
  }
}

/** A full disk or a lost primary shows only in a commit. */
const canWrite = (pool: Pool): Promise<boolean> =>
  pool
    .query({ text: "update latchkey_turns set taken_at = taken_at + 1 where name = 'ready'" }, [])
    .then(({ rowCount }) => rowCount === 1)
    .catch(() => false);

/** Of several that ask in the same moment one gets the row. */
async function takeTurn(pool: Pool, what: string, every: number): Promise<boolean> {
  const now = clock();
  const text = "update latchkey_turns set taken_at = $1 where name = $2 and taken_at <= $3";
  return (await pool.query({ text }, [now, what, now - every])).rowCount === 1;
}

async function takenBack(opened: Opened, work: (isOpen: () => boolean) => Promise<void>): Promise<void> {
  await opened.pool.transaction(async (connection) => {
    let isOpen = true;
    const query: Connection["query"] = (...asked) =>
      connection.query(...asked).catch((error) => {
        isOpen = false;
        throw error;
      });
    opened.pinned = { query, last: Promise.resolve() };
    try {
      await work(() => isOpen);
    } finally {
      opened.pinned = undefined;
    }
    return null;
  });
}

/** Several transactions in one connection must not be woven into each other. */
function inTurn<T>(pinned: Pinned, work: () => Promise<T>): Promise<T> {
  const turn = pinned.last.then(work, work);
  pinned.last = turn.catch(() => {});
  return turn;
}

async function withinSavepoint(
  opened: Opened,
  pinned: Pinned,
  statements: () => readonly Statement[],
): Promise<Done | null> {
  await pinned.query({ text: "savepoint within" });
  const done = await runList(opened, queriesOver(pinned), statements);
  await pinned.query({ text: done ? "release savepoint within" : "rollback to savepoint within" });
  return done;
}
