import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";

/**
 * One server a database. Who has it holds a lock on a small file beside it for as long as it lives; the operating system
 * releases it with the process, however that ends, so nothing stale is left and no process id is guessed at.
 */

let held: Database.Database | undefined;

/** Claims the database for this process. Throws a sentence that names the first server, where there is one. */
export function claimStore(file: string, port: number): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const claim = new Database(`${file}-server`, { timeout: 500 });
  try {
    claim.exec("create table if not exists server (pid integer, port integer)");
    claim.transaction(() => {
      claim.exec("delete from server");
      claim.prepare("insert into server values (?, ?)").run(process.pid, port);
    })();
    // Reserved, not exclusive: whoever comes second can still read who was first.
    claim.exec("begin immediate");
  } catch (error) {
    if (!/^SQLITE_BUSY/.test((error as { code?: string }).code ?? "")) throw error;
    const first = claim.prepare("select pid, port from server").get() as { pid: number; port: number } | undefined;
    const named = first ? ` (process ${first.pid}, port ${first.port})` : "";
    throw new Error(`another server${named} is already using it. Stop that one first, or set another DATABASE_URL`);
  }
  held = claim;
}

/** Gives it back, for the next server. */
export function releaseStore(): void {
  held?.close();
  held = undefined;
}
