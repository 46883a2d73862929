/**
 * One JSON line an event on standard output. Fields are chosen one by one where the event happens: no request bodies, no
 * headers, no query strings, no tokens.
 */
function write(level: Level, event: string, fields: Fields): void {
  waiting += lineOf(level, event, fields);
  flush();
}

type Level = "info" | "warn" | "error";
type Fields = Record<string, unknown>;

const lineOf = (level: Level, event: string, fields: Fields): string =>
  `${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`;

let waiting = "";

function flush(): void {
  if (waiting === "") return;
  process.stdout.write(waiting);
  waiting = "";
}

export const log = {
  info: (event: string, fields: Fields = {}) => write("info", event, fields),
  warn: (event: string, fields: Fields = {}) => write("warn", event, fields),
  error: (event: string, fields: Fields = {}) => write("error", event, fields),
  /** The same at the end of this turn of the event loop, in one go with whatever else waits: for the line of each request. */
  soon: (event: string, fields: Fields) => {
    if (waiting === "") setImmediate(flush);
    waiting += lineOf("info", event, fields);
  },
};

/** Before an exit in the same turn; a process that is killed has written all but the requests of its last moment. */
export const flushLog = flush;

/** What of an unexpected error may be logged: its name, message and stack, never the values it was handed. */
export function describeError(error: unknown): { error: string; stack?: string | undefined } {
  if (!(error instanceof Error)) return { error: typeof error };
  // Drizzle puts a query's values, addresses and hashes among them, into message and stack; what went wrong is in the cause.
  if ("params" in error) return describeError(error.cause);
  return { error: `${error.name}: ${error.message}`, stack: error.stack };
}
