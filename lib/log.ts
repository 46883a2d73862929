/**
 * One JSON line an event on standard output. Fields are chosen one by one where the event happens: no request bodies, no
 * headers, no query strings, no tokens.
 */
function write(level: "info" | "warn" | "error", event: string, fields: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
}

export const log = {
  info: (event: string, fields: Record<string, unknown> = {}) => write("info", event, fields),
  warn: (event: string, fields: Record<string, unknown> = {}) => write("warn", event, fields),
  error: (event: string, fields: Record<string, unknown> = {}) => write("error", event, fields),
};

/** What of an unexpected error may be logged: its name, message and stack, never the values it was handed. */
export function describeError(error: unknown): { error: string; stack?: string | undefined } {
  if (!(error instanceof Error)) return { error: typeof error };
  // Drizzle puts a query's values, addresses and hashes among them, into message and stack; what went wrong is in the cause.
  if ("params" in error) return describeError(error.cause);
  return { error: `${error.name}: ${error.message}`, stack: error.stack };
}
