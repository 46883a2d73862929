import type Database from "better-sqlite3";

/** Texts are few, but for lists of values, which make ever new ones. */
const MOST_KEPT = 300;

/**
 * The driver, which keeps what it has prepared for the next time the same text is asked: planning a query takes longer than
 * finding its row. Drizzle prepares each query anew, and runs it at once, so nobody has a statement while another uses it.
 */
export function keepingStatements(raw: Database.Database): Database.Database {
  const kept = new Map<string, Database.Statement>();
  const prepare = raw.prepare.bind(raw);
  raw.prepare = ((text: string) => {
    const statement = kept.get(text);
    if (!statement) return keep(text, prepare(text));
    // As a new one would be: its last user may have asked for rows as arrays.
    return statement.reader ? statement.raw(false) : statement;
  }) as typeof raw.prepare;

  function keep(text: string, statement: Database.Statement): Database.Statement {
    const [oldest] = kept.keys();
    if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    kept.set(text, statement);
    return statement;
  }

  return raw;
}
