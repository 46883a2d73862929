import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { build } from "../../build.ts";
import { grow, SIZES } from "./grow.ts";
import { plot } from "./plot.ts";
import { measureStore, WORK } from "./work.ts";

/**
 * `npm run growth`: how long things take with a thousand accounts, and with ten million, on both engines. Draws docs/growth.svg.
 * Needs 40 GB on the disk of the temporary folder, and half an hour; `npm run growth sqlite` measures one engine, and keeps the figures
 * of the other; `npm run growth 1000 100000` tries these sizes only and draws nothing.
 */

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

export type Figures = { size: number; times: Record<string, number> };

const MOST = 1.5;
const FIGURES = "docs/growth.json";
const ENGINES = ["sqlite", "postgres"] as const;
const asked = process.argv.slice(2);
const engines = ENGINES.filter((engine) => asked.includes(engine));
const chosen = asked.filter((word) => /^\d+$/.test(word)).map(Number);
const sizes = chosen.length > 0 ? chosen : SIZES;
await build();
console.log(`  load ${loadavg()[0]?.toFixed(1)}`);
const found: Record<string, Figures[]> = existsSync(FIGURES) ? JSON.parse(readFileSync(FIGURES, "utf8")) : {};
for (const engine of engines.length > 0 ? engines : ENGINES) {
  const figures: Figures[] = [];
  found[engine] = figures;
  for (const size of sizes) {
    const store = await grow(engine, size);
    try {
      figures.push({ size, times: await measureStore(store) });
    } finally {
      await store.remove();
    }
    console.log(`  ${engine}, ${size} accounts: ${JSON.stringify(figures.at(-1)?.times)}`);
  }
  print(engine, figures);
}
if (chosen.length === 0) {
  writeFileSync(FIGURES, `${JSON.stringify(found, null, 2)}\n`);
  writeFileSync("docs/growth.svg", plot(found));
}
process.exit(0);

function print(engine: string, figures: Figures[]): void {
  console.log(`\n  ${engine}: ms with ${figures.map(({ size }) => size.toLocaleString("en")).join(", ")} accounts`);
  for (const what of WORK) {
    const times = figures.map(({ times }) => times[what] ?? Number.NaN);
    const ratio = (times.at(-1) ?? 0) / (times[0] ?? 0);
    console.log(
      `  ${what.padEnd(24)} ${times.map((time) => time.toFixed(1).padStart(9)).join("")}   ${ratio.toFixed(2)}${ratio > MOST ? "  NOT MET" : ""}`,
    );
  }
  console.log();
}
