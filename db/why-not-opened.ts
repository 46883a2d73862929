import { troubleOf } from "./trouble.ts";

const SENTENCES: [RegExp, string][] = [
  [/CORRUPT|NOTADB/, "it is damaged or not a database. Restore a backup"],
  [/READONLY/, "the file or its folder cannot be written. Give this user write permission for both"],
  [/CANTOPEN/, "the file or its folder cannot be opened by this user"],
  [/FULL|53100/, "the disk is full"],
  [/BUSY|LOCKED/, "another program has locked it. Stop that program first"],
  [/^28/, "it does not let this user in. Look at the name and the password in DATABASE_URL"],
  [/3D000/, "there is no database of this name. Make it with createdb"],
  [/42501/, "this user may not make tables in it. Make the user its owner"],
  [/25006/, "it takes no writes: it is a copy of another one. Name the primary in DATABASE_URL"],
  [/53300/, "it has no connection left. Raise its max_connections, or lower DATABASE_POOL"],
  [/^(STORE|08|57P)/, "it does not answer. See whether it runs, and is where DATABASE_URL says"],
];

/** Why the database cannot be opened, in words. */
export function whyNotOpened(error: unknown): string {
  const code = troubleOf(error) ?? (error as { code?: unknown }).code;
  return SENTENCES.find(([pattern]) => pattern.test(String(code)))?.[1] ?? (error as Error).message;
}
