/** One fault and one figure: what was to be reached, what came of it. `skipped` says why it could not be tried here. */
export type Row = { fault: string; figure: string; reached: string; isMet: boolean; skipped?: boolean };

export function printRows(rows: Row[]): void {
  const columns = ["fault", "figure", "reached"] as const;
  const widths = columns.map((name) => Math.max(...rows.map((row) => row[name].length), name.length));
  const line = (cells: string[], mark: string) =>
    console.log(`  ${cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join("  ")}  ${mark}`);
  console.log();
  line(["Fault", "To reach", "Reached"], "Mark");
  for (const row of rows)
    line(
      columns.map((name) => row[name]),
      row.skipped ? "skipped" : row.isMet ? "ok" : "MISSED",
    );
  console.log();
}

/** The time at or below which this share of the times lies. */
export function share(times: number[], part: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export const ms = (time: number): string => `${time.toFixed(time < 10 ? 1 : 0)} ms`;
export const seconds = (time: number): string => `${(time / 1000).toFixed(1)} s`;
