import Database from "better-sqlite3";
import { refuseNewer } from "#db/sqlite.ts";

/** What a backup consists of, by name. */
export const DATABASE = "latchkey.db";
export const SECRET = "auth-secret";

export type Found = { accounts: number; integrity: string };

/** Opens a copied database and reads all of it. Throws a sentence where it could not be used. */
export function inspect(file: string): Found {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true });
    const integrity = db.pragma("integrity_check(1)", { simple: true });
    if (integrity !== "ok") throw new Error(String(integrity));
    const orphans = (db.pragma("foreign_key_check") as unknown[]).length;
    if (orphans > 0) throw new Error(`${orphans} rows belong to none`);
    refuseNewer(db);
    return { accounts: db.prepare("select count(*) from accounts").pluck().get() as number, integrity };
  } catch (error) {
    throw new Error(`${file} cannot be used: ${(error as Error).message}`, { cause: error });
  } finally {
    db?.close();
  }
}
