import { isTrouble, StoreUnavailable } from "./trouble.ts";

/**
 * What PostgreSQL and its driver throw, told again without what must not be told: their messages quote values of the query
 * ("Key (email)=(...) already exists"), and those of the network name where the server is.
 */

export type Explained = Error & { code: string };

/** An error of the query's, which is a fault of the code. */
class QueryRefused extends Error {
  readonly code: string;
  constructor(code: string, what: string) {
    super(`PostgreSQL refused a query: ${code}${what && ` ${what}`}`);
    this.name = "QueryRefused";
    this.code = code;
  }
}

export function explain(error: unknown): Explained {
  if (error instanceof StoreUnavailable || error instanceof QueryRefused) return error;
  const { code, message } = error as { code?: string; message?: string };
  if (code !== undefined && NETWORK.test(code)) return new StoreUnavailable(`STORE_${code}`);
  if (code !== undefined && SQLSTATE.test(code)) {
    if (isTrouble(code)) return new StoreUnavailable(code);
    return new QueryRefused(code, namesIn(error as RawError, code));
  }
  if (SILENCE.test(message ?? "")) return new StoreUnavailable("STORE_TIMEOUT");
  if (LOST.test(message ?? "")) return new StoreUnavailable("STORE_LOST");
  return Object.assign(error as Error, { code: code ?? "" });
}

const SQLSTATE = /^[0-9A-Z]{5}$/;
const NETWORK = /^(E[A-Z]{3,}|[A-Z_]*(CERT|TLS|SSL)[A-Z_]*)$/;
const SILENCE = /timeout/i;
const LOST =
  /^(Connection terminated|Client (has encountered|was closed)|Cannot use a pool|The server does not support SSL)/;

type RawError = { message: string; table?: string; column?: string; constraint?: string };

/** Only names of our own. Values are never part of a text of ours, so what is wrong with the text may be said. */
function namesIn({ message, table, column, constraint }: RawError, code: string): string {
  if (code.startsWith("42")) return message;
  return [table, column, constraint].filter(Boolean).join(" ");
}

/** A commit that the server itself says it undid; of any other failed one nobody knows. */
export const isCertainlyUndone = ({ code }: Explained): boolean => /^(40(?!003)|23|53)/.test(code);

/** Whether the connection had better not be used again: broken, to a server that is going away or takes no writes, or with stale plans. */
export const isConnectionSpent = ({ code }: Explained): boolean =>
  !SQLSTATE.test(code) || /^(08|57P|25006|0A000|26000|42P05)/.test(code);

/** A pooler in between that gives each transaction another connection, and knows nothing of prepared statements. */
export const wantsNoNames = ({ code }: Explained): boolean => code === "26000" || code === "42P05";
