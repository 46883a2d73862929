import { createHash } from "node:crypto";
import pg from "pg";
import { env } from "#lib/env.ts";
import { log } from "#lib/log.ts";
import { explain, isCertainlyUndone, isConnectionSpent, wantsNoNames } from "./postgres-errors.ts";
import { patiently, StoreUnavailable } from "./trouble.ts";

/** Connections, so many and no more, each question and each transaction with its time-outs. */

// A count or a time comes as a text otherwise; none here is above 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export type Query = { text: string; name?: string; query_timeout?: number };
export type Connection = { query(query: Query, values?: unknown[]): Promise<pg.QueryResult> };
export type Pool = Connection & {
  /**
   * Runs the work in one transaction, which is kept unless the work resolves with null or fails. A commit of which nobody
   * heard may have happened, and fails without being tried again.
   */
  transaction<T>(work: (connection: Connection) => Promise<T | null>, begin?: string): Promise<T | null>;
  end(): Promise<void>;
};

/** How long a caller waits for a free connection, or for a new one. */
const CONNECT_MS = 2_000;
const LOCK_MS = 1_500;
const STATEMENT_MS = 5_000;
/** After this a server that says nothing at all is taken for gone. */
const SILENCE_MS = 7_000;
/** A process that hangs within a transaction must not keep its locks. */
const IDLE_IN_TRANSACTION_MS = 10_000;
const START_PATIENCE_MS = 15_000;

const WITHIN = { statement_timeout: STATEMENT_MS, lock_timeout: LOCK_MS };

/** Connects once, to see whether it can. */
export async function openPool(url: string): Promise<Pool> {
  const deadline = performance.now() + START_PATIENCE_MS;
  for (let hasTimeouts = true; ; ) {
    const connections = new pg.Pool({
      connectionString: url,
      max: env().DATABASE_POOL,
      connectionTimeoutMillis: CONNECT_MS,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      application_name: "latchkey",
      query_timeout: SILENCE_MS,
      ...(hasTimeouts ? { ...WITHIN, idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS } : {}),
    });
    // A connection that breaks while nobody uses it; the next question opens another. One in use tells who uses it.
    connections.on("error", (error) => log.warn("store_connection_lost", { code: explain(error).code }));
    connections.on("connect", (client) => {
      client.on("error", () => {});
      client.on("notice", ({ routine }) => {
        if (routine === WAIT_FOR_STANDBY) notOnStandby.add(client);
      });
    });
    try {
      (await connections.connect()).release();
      return poolOver(connections, hasTimeouts);
    } catch (error) {
      await connections.end();
      const { code } = explain(error);
      // PgBouncer knows no time-outs of a connection; each transaction then sets them for itself.
      if (code === "08P01" && hasTimeouts) hasTimeouts = false;
      // One that starts at the same time as we do is waited for.
      else if (!/^(STORE|57P03|08)/.test(code) || performance.now() > deadline) throw explain(error);
      else await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

function poolOver(connections: pg.Pool, hasTimeouts: boolean): Pool {
  const naming = { isOn: true };
  const defaultBegin = hasTimeouts ? "begin" : `begin; ${setLocal(WITHIN)}`;
  return {
    query: (query, values) =>
      patiently(async () => {
        const held = await take(connections);
        try {
          return await ask(held, naming, query, values);
        } finally {
          held.giveBack();
        }
      }),
    async transaction(work, begin = defaultBegin) {
      const held = await take(connections);
      const connection: Connection = { query: (query, values) => ask(held, naming, query, values) };
      try {
        await ask(held, naming, { text: begin });
        const result = await work(connection).catch((error) => rollBack(held, error));
        await ask(held, naming, { text: result === null ? "rollback" : "commit" }).catch((error) => {
          held.isSpent = true;
          throw isCertainlyUndone(error) ? error : new StoreUnavailable("STORE_COMMIT_UNKNOWN");
        });
        return result;
      } finally {
        held.giveBack();
      }
    },
    end: () => connections.end(),
  };
}

/**
 * Those whose last commit stopped waiting for the standby, because an operator cancelled it. PostgreSQL answers as if all were
 * well and only warns; but the standby that takes over may not have it, so nobody may be told that it is done.
 */
const notOnStandby = new WeakSet<pg.ClientBase>();
/** Where in PostgreSQL that warning comes from; its words differ by language. */
const WAIT_FOR_STANDBY = "SyncRepWaitForLSN";

/** A connection in somebody's hands. One that is spent is closed and not given to the next. */
type Held = { client: pg.PoolClient; isSpent: boolean; giveBack(): void };

async function take(connections: pg.Pool): Promise<Held> {
  const client = await connections.connect().catch((error) => {
    throw explain(error);
  });
  const held: Held = { client, isSpent: false, giveBack: () => client.release(held.isSpent) };
  return held;
}

async function ask(held: Held, naming: { isOn: boolean }, query: Query, values?: unknown[]): Promise<pg.QueryResult> {
  try {
    // Values make it a prepared statement, which a name keeps; what stands without them may be several statements.
    const result = await held.client.query(values && naming.isOn ? named(query) : query, values);
    if (notOnStandby.delete(held.client)) throw new StoreUnavailable("STORE_COMMIT_UNKNOWN");
    return result;
  } catch (error) {
    const explained = explain(error);
    if (isConnectionSpent(explained)) held.isSpent = true;
    if (wantsNoNames(explained)) naming.isOn = false;
    throw explained;
  }
}

async function rollBack(held: Held, cause: unknown): Promise<never> {
  if (!held.isSpent)
    await held.client.query("rollback").catch(() => {
      held.isSpent = true;
    });
  throw cause;
}

const setLocal = (settings: Record<string, number>): string =>
  Object.entries(settings)
    .map(([name, value]) => `set local ${name} = ${value}`)
    .join("; ");

const names = new Map<string, string>();

function named(query: Query): Query {
  const name = nameOf(query.text);
  return name ? { ...query, name } : query;
}

/** The same text always has the same name, in every process: behind a pooler they may share a connection. */
function nameOf(text: string): string | undefined {
  let name = names.get(text);
  // Lists of values make ever new texts, which no server shall keep for us.
  if (!name && names.size < MOST_NAMES) {
    name = createHash("sha256").update(text).digest("base64url").slice(0, 32);
    names.set(text, name);
  }
  return name;
}

const MOST_NAMES = 1_000;
