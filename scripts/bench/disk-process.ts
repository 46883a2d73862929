import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { databaseFile } from "#db/place.ts";

/** What the disk does by itself: commits of one row a second, each on disk before the next begins, as in db/sqlite.ts. */
const file = join(dirname(databaseFile()), "disk-alone.db");
const database = new Database(file);
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL");
database.exec("create table rows (id text primary key, generation integer not null, at integer not null)");
database.prepare("insert into rows values (?, 0, 0)").run("one");
const advance = database.prepare("update rows set generation = generation + 1, at = ? where id = ?");

const began = performance.now();
let done = 0;
while (performance.now() < began + 4_000) {
  advance.run(Date.now(), "one");
  done += 1;
}
const perSecond = done / ((performance.now() - began) / 1000);
database.close();
rmSync(file);
process.send?.(perSecond, () => process.exit(0));
