import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileOf } from "#db/place.ts";
import { type TableShape, tableShapes } from "#db/table-shapes.ts";
import { env, storeEngine } from "#lib/env.ts";
import { runAsCommand, sentence } from "../command.ts";
import { bring, type Fingerprint, fingerprint, type Went } from "./bring.ts";
import { postgresSource, postgresTarget } from "./postgres-side.ts";
import { progress } from "./progress.ts";
import type { Source, Target } from "./side.ts";
import { sqliteSource, sqliteTarget } from "./sqlite-side.ts";

/**
 * `npm run db:copy -- --from file:data/latchkey.db --to postgres://...`, and the other way: all that a database holds, into an
 * empty one. Most of it is brought while the server goes on; then writing is held for as long as it takes to bring what has
 * changed since and to compare both, row by row. Stopped at any moment, the same command goes on where it was.
 */

await runAsCommand({ from: { type: "string" }, to: { type: "string" }, hold: { type: "boolean" } }, async (line) => {
  const { from, to, hold } = line;
  if (!from || !to) throw sentence("Name both: npm run db:copy -- --from file:data/latchkey.db --to postgres://...");
  if (isSame(from, to)) throw sentence("--from and --to are the same database");
  const tables = tableShapes();
  await using ends = new AsyncDisposableStack();
  const source = ends.adopt(await openSource(from, tables), (side) => side.close());
  const target = ends.adopt(await openTarget(to), (side) => side.close());
  await source.look();
  const bar = progress(6 * (await countAll(tables, source)));
  await bring(tables, source, target, bar.went);
  await source.hold();
  await bring(tables, source, target, bar.went);
  const prints = await compare(tables, source, target, bar.went);
  await target.finish();
  bar.end();
  report(prints, { from, source, target });
  if (hold) await untilEnter();
});

function isSame(from: string, to: string): boolean {
  const isFile = (url: string) => engineOf(url) === "sqlite";
  if (isFile(from) && isFile(to)) return fileOf(from) === fileOf(to);
  if (isFile(from) || isFile(to)) return false;
  const [one, other] = [new URL(from), new URL(to)];
  return one.host === other.host && one.pathname === other.pathname;
}

function engineOf(url: string): "sqlite" | "postgres" {
  const engine = storeEngine(url);
  if (engine === "sqlite" && !url.startsWith("file:"))
    throw sentence("A database is named like file:data/latchkey.db, or like postgres://user@host/name");
  if (engine === "postgres" && !URL.canParse(url)) throw sentence("That is no postgres:// URL");
  return engine;
}

async function openSource(url: string, tables: TableShape[]): Promise<Source> {
  return engineOf(url) === "sqlite" ? sqliteSource(url) : postgresSource(url, tables);
}

async function openTarget(url: string): Promise<Target> {
  return engineOf(url) === "sqlite" ? sqliteTarget(url) : postgresTarget(url);
}

async function countAll(tables: TableShape[], side: Source): Promise<number> {
  let sum = 0;
  for (const table of tables) sum += await side.count(table);
  return sum;
}

type Prints = { table: string; print: Fingerprint }[];

async function compare(tables: TableShape[], source: Source, target: Target, went: Went): Promise<Prints> {
  const prints: Prints = [];
  for (const table of tables) {
    const wanted = await fingerprint(table, source, went);
    const there = await fingerprint(table, target, went);
    if (wanted.rows !== there.rows || wanted.sha256 !== there.sha256)
      throw sentence(`The copy of ${table.name} differs: does anybody else write to ${target.name}? Run it again`);
    prints.push({ table: table.name, print: wanted });
  }
  return prints;
}

function report(prints: Prints, { from, source, target }: { from: string; source: Source; target: Target }): void {
  const lines = prints.map(
    ({ table, print }) => `  ${table.padEnd(18)}${String(print.rows).padStart(9)}   ${print.sha256.slice(0, 16)}`,
  );
  console.log(`
  ${source.name}
  is whole in ${target.name}: as many rows in each table, and the same SHA-256 over them.

${lines.join("\n")}

  ${secretAdvice(from)}
`);
}

/** Whoever is signed in stays so only with the secret that their tokens were made with. */
function secretAdvice(from: string): string {
  const made = storeEngine(from) === "sqlite" && join(env().DATA_DIR ?? dirname(fileOf(from)), "auth-secret");
  if (!env().AUTH_SECRET && made && existsSync(made))
    return `Give the new server the secret too, or everybody is signed out: AUTH_SECRET="$(cat ${made})"`;
  return "Give the new server the same AUTH_SECRET, or everybody is signed out.";
}

async function untilEnter(): Promise<void> {
  console.log(
    "  Nobody can write to the old database now. Start the new server, stop the old one, then press Enter.\n",
  );
  const lines = createInterface({ input: process.stdin });
  await new Promise((resolve) => lines.once("line", resolve).once("close", resolve));
  lines.close();
}
